import type { Sql } from "postgres";
import { drain, type Drained, drainLimits } from "../../../shared/database_manager/drain.ts";
import { databaseStore, type Store } from "../../../shared/database_manager/store.ts";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import { serviceClient } from "../../support/traffic/transports.ts";
import type { SupabaseClient } from "@supabase/supabase-js";

/** A stack whose webhook worker and sweep stand still until a test starts them. */
export interface ManagerStack {
  readonly stack: Stack;
  /** As postgres, several sessions. */
  readonly sql: Sql;
  /** supabase-js with the service key. */
  readonly client: SupabaseClient;
}

/** Starts one for all tests of a file, before the first, and removes it after the last. */
export function managerStack(): ManagerStack {
  const started = Promise.withResolvers<ManagerStack>();
  const over = Promise.withResolvers<void>();
  const current: { it?: ManagerStack } = {};
  let gone = Promise.resolve();
  Deno.test.beforeAll(async () => {
    gone = withStack(async (stack) => {
      await Promise.all([stack.pgNet.pause(), stack.cron.pause()]);
      await using sql = openSql(stack, 8);
      started.resolve({ stack, sql, client: serviceClient(stack) });
      await over.promise;
    });
    gone.catch(started.reject);
    current.it = await started.promise;
  });
  Deno.test.afterAll(async () => {
    over.resolve();
    await gone;
  });
  const running = () => {
    if (!current.it) throw new Error("The stack runs only while a test does");
    return current.it;
  };
  return {
    get stack() {
      return running().stack;
    },
    get sql() {
      return running().sql;
    },
    get client() {
      return running().client;
    },
  };
}

export const surroundings = {
  now: () => performance.now(),
  pause: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

/** What one worker of the Database Manager sees of the database. */
export function storeOf({ client }: ManagerStack, worker: string = crypto.randomUUID()): Store {
  return databaseStore(client, worker);
}

/** One worker's run, in the test's own process. */
export function drainHere(
  stack: ManagerStack,
  limits: Partial<typeof drainLimits> = {},
  store: Store = storeOf(stack),
): Promise<Drained> {
  return drain(store, surroundings, { ...drainLimits, ...limits });
}

/** Makes all backoffs end now. */
export async function makeRetriesDue({ sql }: ManagerStack): Promise<void> {
  await sql`
    update private.blocked_aggregates set next_attempt_at = clock_timestamp()
    where next_attempt_at is not null`;
}

/** Makes all leases end now, as if their holders had slept too long. */
export async function expireLeases({ sql }: ManagerStack): Promise<void> {
  await sql`
    update private.partitions set leased_until = clock_timestamp() - interval '1 millisecond'
    where holder is not null`;
}

/** Drains until every event is done or parked: three attempts for each that fails. */
export async function drainToRest(stack: ManagerStack): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    await drainHere(stack);
    await makeRetriesDue(stack);
  }
}
