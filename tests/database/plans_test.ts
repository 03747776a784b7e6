/** Nothing that people or workers do reads the log from end to end, however long it is. */
import { assert, assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { callFunction } from "../support/call_function.ts";
import { signIn } from "../support/people.ts";
import { openSql, sqlAs, type Stack } from "../support/stack.ts";
import { CUSTOMER, FLOW, PRODUCT, writeLongLog } from "./long_log.ts";
import { type Explained, explainEverything, plansOf, rowsRead, sequentialScans } from "./plans.ts";
import { post, service, stockUpdated, user } from "./posting.ts";
import { withQuietStack } from "./quiet_stack.ts";
import { commit, take } from "./working.ts";

/** Far less than the log, far more than any page. */
const MOST_READ = 5_000;

function checkPlans(plans: readonly Explained[]): void {
  assertEquals(sequentialScans(plans), []);
  const read = rowsRead(plans);
  assert(read >= 0, "no statement about events was seen");
  assert(read <= MOST_READ, `${read} events were read`);
}

/** Requests of the events function, by staff unless said otherwise. */
const requests: Record<string, { path: string; as?: "customer" }> = {
  "the newest events": { path: "events" },
  "the oldest events": { path: "events?order=asc" },
  "a page far back": { path: "events?cursor=25000&limit=1000" },
  "events of a common type": { path: "events?event_type=product.stock_updated" },
  "events of a rare type": { path: "events?event_type=dealer.approved" },
  "events of types with a rare prefix": { path: "events?event_type=dealer.*" },
  "events of a rare kind of aggregate": { path: "events?aggregate_type=dealer" },
  "events of one aggregate": { path: `events?aggregate_type=product&aggregate_id=${PRODUCT}` },
  "events of one aggregate id": { path: `events?aggregate_id=${PRODUCT}` },
  "events of one flow": { path: `events?correlation_id=${FLOW}` },
  "events with one cause": { path: `events?causation_id=${FLOW}` },
  "events of one creator": { path: `events?created_by=user:${CUSTOMER}` },
  "events of one user": { path: `events?user_id=${CUSTOMER}` },
  "failed events": { path: "events?failed=true" },
  "events that wait": { path: "events?processed=false" },
  "events of the future": { path: "events?since=2999-01-01T00:00:00Z" },
  "events of the past": { path: "events?until=1999-01-01T00:00:00Z" },
  "unprocessed events": { path: "events/unprocessed" },
  "the statistics": { path: "events/stats" },
  "the history of an aggregate": { path: `events/aggregate/product/${PRODUCT}/history` },
  "a customer's own events": { path: "events", as: "customer" },
  "a customer's events of one type": {
    path: "events?event_type=order.created",
    as: "customer",
  },
  "a customer's events of one flow": { path: `events?correlation_id=${FLOW}`, as: "customer" },
  "a customer's events that wait": { path: "events?processed=false", as: "customer" },
};

type Call = (sql: TransactionSql) => Promise<unknown>;

/** What runs in SQL alone, as service_role. */
const calls: Record<string, Call> = {
  "appending one event": (sql) => post(sql, [stockUpdated(PRODUCT)]),
  "appending to a customer's own aggregate": (sql) =>
    post(sql, [{
      ...stockUpdated("a0000000-7e57-4000-8000-00000000000b"),
      aggregate_type: "order",
      event_type: "order.item_added",
    }], user(CUSTOMER)),
  "appending with a key, a cause and a version": async (sql) => {
    const { events: [cause] } = await post(sql, [stockUpdated(PRODUCT)]);
    const expected_version = cause?.aggregate_version;
    const more = { idempotency_key: "new", causation_id: cause?.id, expected_version };
    await post(sql, [stockUpdated(PRODUCT, more)]);
  },
  "appending a thousand events with keys": (sql) => {
    const event = (i: number) => stockUpdated(PRODUCT, { idempotency_key: `new ${i}` });
    return post(sql, Array.from({ length: 1000 }, (_, i) => event(i)), service);
  },
  "taking and committing a batch": async (sql) => {
    const taken = await take(sql);
    const numbers = taken.events.map((event) => event.event_number);
    await commit(sql, taken, { processed: numbers.slice(1), parked: numbers.slice(0, 1) });
  },
  "a page of the feed": (sql) => sql`select public.read_feed(25000, 1000)`,
  "tracing an event": (sql) =>
    sql`select public.trace_event(e.id) from public.events e where e.event_number = 25000`,
  "the status of the Database Manager": (sql) => sql`select public.database_manager_status('{}')`,
};

/** The guide's troubleshooting section, as written. */
const troubleshooting = [
  "SELECT COUNT(*) FROM events;",
  "SELECT * FROM events\nWHERE processed = false\nAND processing_error IS NOT NULL;",
  "SELECT indexname FROM pg_indexes\nWHERE tablename = 'events';",
];

Deno.test("with fifty thousand events in the log", async (test) => {
  await withQuietStack(async (stack) => {
    await writeLongLog(stack);
    await test.step("the guide's troubleshooting lines run as written", async () => {
      await checkTroubleshooting(stack);
    });
    await explainEverything(stack);
    const tokens = {
      staff: (await signIn("staff", stack)).token,
      customer: await tokenOf(stack, CUSTOMER),
    };
    for (const [name, { path, as = "staff" }] of Object.entries(requests)) {
      await test.step(`${name} come without reading the log`, async () => {
        const token = tokens[as];
        const plans = await plansOf(stack, async () => {
          const { status, body } = await callFunction(path, { token }, stack);
          assertEquals(status, 200, JSON.stringify(body));
        });
        checkPlans(plans);
      });
    }
    for (const mode of ["force_custom_plan", "force_generic_plan"]) {
      for (const [name, call] of Object.entries(calls)) {
        await test.step(`${name} reads no log, with ${mode}`, async () => {
          checkPlans(await plansOf(stack, () => undoneAsService(stack, mode, call)));
        });
      }
    }
  });
});

class Undone extends Error {}

async function undoneAsService(stack: Stack, mode: string, call: Call): Promise<void> {
  await sqlAs("service_role", {}, async (sql) => {
    await sql`select set_config('plan_cache_mode', ${mode}, true)`;
    await call(sql);
    throw new Undone();
  }, stack).catch((error) => {
    if (!(error instanceof Undone)) throw error;
  });
}

async function tokenOf(stack: Stack, userId: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return await stack.sign({
    iss: `${stack.url}/auth/v1`,
    aud: "authenticated",
    role: "authenticated",
    sub: userId,
    iat: now,
    exp: now + 3600,
  });
}

async function checkTroubleshooting(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  const [count, failed, indexes] = await Promise.all(
    troubleshooting.map((line) => sql.unsafe(line)),
  );
  assertEquals(count?.[0]?.count, "50000");
  assertEquals(failed?.length, 20);
  assert(indexes?.some(({ indexname }) => indexname === "events_event_type_idx"));
}
