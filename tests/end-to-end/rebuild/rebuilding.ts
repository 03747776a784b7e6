import {
  type RebuildLimits,
  rebuildLimits,
  workOnRebuild,
} from "../../../shared/database_manager/rebuild/work.ts";
import {
  type RebuildJob,
  type RebuildStore,
  rebuildStore,
} from "../../../shared/database_manager/rebuild/store.ts";
import { aggregates, generations } from "../../../shared/domain/aggregates.ts";
import type { Row } from "../../../shared/domain/aggregate.ts";
import { stateTables } from "../../support/oracle/compare.ts";
import { takeImage } from "../../support/oracle/image.ts";
import { receiptsMakeTheState, stateIsFreshFold } from "../../support/oracle/state_rules.ts";
import type { ManagerStack } from "../database_manager/manager_stack.ts";
import { assertEquals } from "@std/assert";

/** A rebuild as `get_rebuild` reports it. */
export interface Report {
  id: string;
  kind: string;
  status: string;
  events_done: number;
  events_total: number;
  differing_rows: number;
  kept_rows: number;
  differences: ReportedDifference[];
  findings: Finding[];
  attempts: number;
  error: string | null;
  percent: number;
  seconds_left: number | null;
  started_at: string;
}

export interface ReportedDifference {
  table_name: string;
  row_id: string;
  operation: string;
  before: Row | null;
  after: Row | null;
  version: number;
  fields: string[];
  last_changed_by: Record<string, { event_id: string; event_number: number } | null>;
}

export interface Finding {
  kind: string;
  event_number: number | null;
  aggregate_id: string | null;
  detail: string;
  resolved_at: string | null;
}

interface Wish {
  types?: readonly string[];
  byHand?: boolean;
  generations?: Readonly<Record<string, number>>;
}

/** Starts one and gives its id; nobody works on it until told to. */
export async function start(
  { client }: ManagerStack,
  kind: "rebuild" | "verify",
  wish: Wish = {},
): Promise<string> {
  const { data, error } = await client.rpc("start_rebuild", {
    p_kind: kind,
    p_aggregate_types: wish.types ?? aggregates.map(({ type }) => type),
    p_generations: wish.generations ?? generations,
    p_switch_by_hand: wish.byHand ?? false,
    p_actor: "system",
  });
  if (error) throw new Error(`start_rebuild: ${error.code} ${error.message}`);
  return data.id;
}

/** What one worker of a rebuild sees of the database. */
export function rebuildStoreOf(
  { client }: ManagerStack,
  worker: string = crypto.randomUUID(),
): RebuildStore {
  return rebuildStore(client, worker);
}

/** One invocation of a worker, in the test's own process. */
export function work(
  manager: ManagerStack,
  limits: Partial<RebuildLimits> = {},
  store: RebuildStore = rebuildStoreOf(manager),
): Promise<RebuildJob | null> {
  return workOnRebuild(store, () => performance.now(), { ...rebuildLimits, ...limits });
}

export async function report({ client }: ManagerStack, id: string): Promise<Report> {
  const { data, error } = await client.rpc("get_rebuild", { p_id: id });
  if (error) throw new Error(error.message);
  return data;
}

/** A whole rebuild or verification, in as many invocations as it takes. */
export async function run(
  manager: ManagerStack,
  kind: "rebuild" | "verify",
  wish: Wish & { limits?: Partial<RebuildLimits> } = {},
): Promise<Report> {
  const id = await start(manager, kind, wish);
  while (await work(manager, wish.limits));
  return await report(manager, id);
}

/** Goes back to the rows from before a rebuild. */
export async function rollBack(manager: ManagerStack, id: string): Promise<Report> {
  const { data, error } = await manager.client.rpc("roll_back_rebuild", {
    p_id: id,
    p_actor: "system",
  });
  if (error) throw new Error(`roll_back_rebuild: ${error.code} ${error.message}`);
  await work(manager);
  return await report(manager, data.id);
}

/** Makes the lease of whoever works on the rebuild end now, as if they had slept too long. */
export async function expireRebuildLease({ sql }: ManagerStack): Promise<void> {
  await sql`
    update private.rebuilds set leased_until = clock_timestamp() - interval '1 millisecond'
    where finished_at is null`;
}

/** Every state table equals a fresh fold, and the receipts explain it. */
export async function assertRebuilt({ sql }: ManagerStack): Promise<void> {
  const image = await takeImage(sql);
  assertEquals([...stateIsFreshFold(image), ...receiptsMakeTheState(image)], []);
}

/** Where every row of the state tables lies and which transaction wrote it. */
export async function rowsInPlace({ sql }: ManagerStack): Promise<Record<string, string[]>> {
  const places: Record<string, string[]> = {};
  for (const table of stateTables.keys()) {
    const rows = await sql`select ctid::text || ' ' || xmin::text as place from ${sql(table)}`;
    places[table] = rows.map(({ place }) => String(place)).sort();
  }
  return places;
}

/** What the log keeps of a rebuild, besides that it was started. */
export async function actsOn({ sql }: ManagerStack, id: string): Promise<string[]> {
  const rows = await sql`
    select event_type from events where aggregate_id = ${id} order by event_number offset 1`;
  return rows.map(({ event_type }) => String(event_type));
}

/** The status that staff see. */
// deno-lint-ignore no-explicit-any -- a test asserts what it reads
export async function statusOf({ client }: ManagerStack): Promise<any> {
  const { data, error } = await client.rpc("database_manager_status", {
    p_generations: generations,
  });
  if (error) throw new Error(error.message);
  return data;
}
