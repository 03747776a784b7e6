/** Sixteen writers that post, wait, roll back, repeat keys and race for versions, the same way for the same seed. */
import { setTimeout as delay } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { random } from "../unit/domain/random.ts";
import { id, post, type Posting, service, stockUpdated, type Stored } from "./posting.ts";

export interface Workload {
  name: string;
  seed: number;
  aggregates: number;
  /** Appends each writer tries. */
  appends: number;
  /** Keys that all writers share. */
  keys: number;
}

/** What the writers know afterwards. */
export interface Ledger {
  /** Events of which a writer was told that they are stored, once for each writer told. */
  acknowledged: { event: Stored; replayed: boolean }[];
  rolledBack: number;
  /** Appends refused because their expected version was not met. */
  conflicts: { expected_version: number; current_version: number; missed: Stored[] }[];
  /** Appends that were told to try again: somebody stored the same key meanwhile. */
  retries: number;
}

class RolledBack extends Error {}

const milliseconds = [0, 0, 1, 3];

/** Runs all writers to their end. Any error but the expected conflicts and retries is thrown. */
export async function runWriters(writers: readonly Sql[], workload: Workload): Promise<Ledger> {
  const ledger: Ledger = { acknowledged: [], rolledBack: 0, conflicts: [], retries: 0 };
  await Promise.all(writers.map((sql, number) => write(sql, number, workload, ledger)));
  return ledger;
}

async function write(sql: Sql, number: number, workload: Workload, ledger: Ledger) {
  const { integer } = random(workload.seed * 1000 + number);
  const aggregate = () => id(workload.name, integer(1, workload.aggregates));
  const single = () => [stockUpdated(aggregate())];
  const batch = () => Array.from({ length: integer(2, 20) }, () => stockUpdated(aggregate()));
  const keyed = () => [keyedEvent(workload, integer(1, workload.keys))];
  const versioned = async () => [await expecting(sql, aggregate())];
  const kinds = [single, single, batch, keyed, keyed, versioned];
  for (let i = 0; i < workload.appends; i++) {
    const kind = kinds[integer(0, kinds.length - 1)] ?? single;
    const wait = milliseconds[integer(0, milliseconds.length - 1)];
    const rollBack = integer(1, 100) <= 15;
    await append(sql, await kind(), { wait, rollBack }, ledger);
  }
}

/** The content is the key's, whoever posts it. */
function keyedEvent({ name, aggregates }: Workload, key: number): Posting {
  const aggregate = id(name, 1 + (key * 31) % aggregates);
  return stockUpdated(aggregate, { idempotency_key: `${name} ${key}`, data: { key } });
}

async function expecting(sql: Sql, aggregate: string): Promise<Posting> {
  const [row] = await sql<{ version: string | null }[]>`
    select max(aggregate_version) as version from public.events
    where aggregate_type = 'product' and aggregate_id = ${aggregate}`;
  return stockUpdated(aggregate, { expected_version: Number(row?.version ?? 0) });
}

async function append(
  sql: Sql,
  events: readonly Posting[],
  { wait, rollBack }: { wait?: number; rollBack: boolean },
  ledger: Ledger,
): Promise<void> {
  try {
    const appended = await sql.begin(async (transaction) => {
      const appended = await post(transaction, events, service);
      if (wait) await delay(wait);
      if (rollBack) throw new RolledBack();
      return appended;
    });
    const { replayed } = appended;
    ledger.acknowledged.push(...appended.events.map((event) => ({ event, replayed })));
  } catch (error) {
    if (error instanceof RolledBack) ledger.rolledBack++;
    else if (!(error instanceof postgres.PostgresError)) throw error;
    else if (error.code === "ES007") ledger.conflicts.push(JSON.parse(error.detail ?? ""));
    else if (error.code === "40001") {
      ledger.retries++;
      await append(sql, events, { wait, rollBack }, ledger);
    } else throw error;
  }
}
