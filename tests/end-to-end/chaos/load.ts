import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../../support/eventually.ts";
import {
  assertAcknowledged,
  assertNothingLostNorDoubled,
  assertSettled,
} from "../../support/oracle.ts";
import { openSql, type Stack } from "../../support/stack.ts";
import { registerTypes, traffic } from "../../support/traffic.ts";
import { tellStories, type Told } from "../../support/traffic/clients.ts";
import { throughDatabase, throughFunction } from "../../support/traffic/transports.ts";

export interface Load {
  seed: number;
  /** Events posted by clients; effects come on top. */
  events: number;
  /** An even number. */
  clients: number;
  poisonPercent?: number;
}

/**
 * Posts traffic, half of the clients through the function, while `meanwhile` does its worst, then waits until all is at
 * rest and holds the database against its log.
 */
export async function surviveLoad(
  stack: Stack,
  { seed, events, clients, poisonPercent = 0 }: Load,
  meanwhile: (over: AbortSignal) => Promise<void>,
): Promise<Told> {
  {
    await using sql = openSql(stack);
    await registerTypes(sql);
    await sweepEverySecond(sql);
  }
  const ways = [await throughDatabase(stack), await throughFunction(stack)];
  const transports = Array.from({ length: clients / 2 }, () => ways).flat();
  const over = new AbortController();
  const trouble = meanwhile(over.signal);
  trouble.catch(() => {}); // awaited below
  const told = await tellStories(traffic(seed, events, poisonPercent), transports);
  over.abort();
  await trouble;
  await comeToRest(stack);
  await using sql = openSql(stack);
  assertAcknowledged(await assertSettled(sql), told.acknowledged);
  return told;
}

/** The sweep of every ten seconds, sooner: a test has less time. */
async function sweepEverySecond(sql: ReturnType<typeof openSql>): Promise<void> {
  await sql`
    select cron.alter_job(jobid, schedule => '1 second') from cron.job
    where jobname = 'database-manager-sweep'`;
}

/** Lets leases of the dead and backoffs pass until nothing is due. The Database Manager does the work. */
export async function comeToRest(stack: Stack, seconds = 60): Promise<void> {
  await eventually(async () => {
    await using sql = openSql(stack);
    await sql`
      update private.blocked_aggregates set next_attempt_at = clock_timestamp()
      where next_attempt_at is not null`;
    await sql`
      update private.partitions set leased_until = '-infinity', holder = null, token = token + 1
      where heartbeat_at < clock_timestamp() - interval '5 seconds' and holder is not null`;
    const [row] = await sql`
      select (select count(*) from private.unprocessed_events where not blocked)
        + (select count(*) from private.blocked_aggregates where parked_at is null) as n`;
    if (Number(row?.n) === 0) return true;
    await delay(500);
    return false;
  }, seconds).catch((error) => {
    const told = stack.functionLogs.filter((line) => line.includes('"task":"database-manager"'));
    throw new Error(`Not at rest; its last words:\n${told.slice(-5).join("\n")}`, {
      cause: error,
    });
  });
}

/** Looks at the database while everything is in motion: its rules hold at every moment. */
export async function lookNow(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  await assertNothingLostNorDoubled(sql);
}
