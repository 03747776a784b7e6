import { setTimeout as delay } from "node:timers/promises";
import { drain, drainLimits } from "../../../shared/database_manager/drain.ts";
import { databaseStore, StoreError } from "../../../shared/database_manager/store.ts";
import { openSql, type Stack } from "../../support/stack.ts";
import type { Told } from "../../support/traffic/clients.ts";
import { type Dice, dice } from "../../support/traffic/dice.ts";
import { serviceClient } from "../../support/traffic/transports.ts";
import { unreliable } from "../../support/webhook_faults.ts";
import { type Load, lookNow, surviveLoad } from "./load.ts";

/** What went wrong on purpose, and how often. */
export type Mischief = Record<string, number>;

/**
 * Everything at once: webhooks dropped, doubled and reordered, a second manager that dies in mid-batch, leases that end
 * early, processes killed, poison. Ends with the database held against its log.
 */
export async function chaos(stack: Stack, load: Load): Promise<Told & { mischief: Mischief }> {
  const mischief: Mischief = {};
  const count = (name: string) => mischief[name] = (mischief[name] ?? 0) + 1;
  const roll = dice(load.seed);
  stack.pgNet.reroute(
    unreliable(load.seed, { dropped: 0.3, duplicated: 0.3, shuffled: true }),
  );
  const told = await surviveLoad(stack, load, async (over) => {
    await Promise.all([
      secondManager(stack, roll, count, over),
      trouble(stack, roll, count, over),
    ]);
  });
  stack.pgNet.reroute();
  return { ...told, mischief };
}

/** A manager in this process that now and then dies between taking a batch and committing it. */
async function secondManager(
  stack: Stack,
  roll: Dice,
  count: (name: string) => void,
  over: AbortSignal,
): Promise<void> {
  const client = serviceClient(stack);
  const surroundings = { now: () => performance.now(), pause: (ms: number) => delay(ms) };
  let deaths = 0;
  while (!over.aborted) {
    const store = databaseStore(client, roll.uuid());
    // On a quick machine the load is over soon: the first batch is a deadly one.
    const dying = deaths === 0 || roll.chance(20);
    const mortal = {
      ...store,
      async commit(...batch: Parameters<typeof store.commit>) {
        if (dying) {
          deaths += 1;
          throw new Error("killed");
        }
        await store.commit(...batch);
      },
    };
    const limits = { ...drainLimits, batch: roll.integer(1, 200), partitions: roll.integer(1, 8) };
    await drain(dying ? { ...mortal, release: () => Promise.resolve() } : mortal, surroundings, {
      ...limits,
      milliseconds: 2000,
    }).then(
      () => count("drained by the second manager"),
      (error) => count(error instanceof StoreError ? `refused: ${error.code}` : "manager killed"),
    );
    await delay(roll.integer(0, 50));
  }
}

async function trouble(
  stack: Stack,
  roll: Dice,
  count: (name: string) => void,
  over: AbortSignal,
): Promise<void> {
  const deeds: [string, () => Promise<unknown>][] = [
    ["Postgres killed", () => stack.postgres.crash()],
    ["PostgREST killed", () => stack.postgrest.crash()],
    ["functions killed", () => stack.functions.crash()],
    ["functions killed", () => stack.functions.crash()],
    ["webhook worker stopped", () => webhookPause(stack)],
    ["all leases ended", () => endLeases(stack)],
    ["all leases ended", () => endLeases(stack)],
    ["checked in motion", () => lookNow(stack)],
  ];
  const todo = new Set(deeds);
  while (!over.aborted || todo.size > 0) {
    await delay(roll.integer(100, 600));
    const deed = over.aborted ? [...todo][0] : roll.pick(deeds);
    if (!deed) return;
    await deed[1]();
    todo.delete(deed);
    count(deed[0]);
  }
}

async function webhookPause(stack: Stack): Promise<void> {
  await stack.pgNet.pause();
  await delay(300);
  stack.pgNet.resume();
}

/** As if every worker had slept past its lease. */
async function endLeases(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  await sql`update private.partitions set leased_until = '-infinity' where holder is not null`;
}
