/** The webhook wakes the Database Manager; whatever becomes of it, the sweep does. */
import { assert, assertEquals } from "@std/assert";
import postgres from "postgres";
import { eventually } from "../../support/eventually.ts";
import { assertSettled } from "../../support/oracle.ts";
import { unreliable } from "../../support/webhook_faults.ts";
import { created, many, moved, post } from "./events.ts";
import { drainHere, managerStack } from "./manager_stack.ts";

const manager = managerStack();

const unprocessed = async () => {
  const [row] = await manager.sql<{ n: number }[]>`
    select count(*)::int as n from public.events where not processed`;
  return row?.n;
};
const atRest = () => eventually(async () => assertEquals(await unprocessed(), 0), 30);

/** A product and two events of it, each in an append of its own. */
async function postApart(products: number): Promise<void> {
  await Promise.all(many(products, async () => {
    const id = crypto.randomUUID();
    for (const event of [created(id), moved(id), moved(id, -1)]) await post(manager, event);
  }));
}

async function webhooks(up: boolean): Promise<void> {
  if (up) manager.stack.pgNet.resume();
  else {
    await manager.stack.pgNet.pause();
    await eventually(everyCallIsServed);
  }
}

/** Each call is answered at once; its work behind the answer ends with a line of its own. */
function everyCallIsServed(): boolean {
  const { functionLogs } = manager.stack;
  const calls = functionLogs.filter((line) => line.includes('"path":"/database-manager"'));
  const ends = functionLogs.filter((line) => line.includes('"task":"database-manager"'));
  return calls.length === ends.length;
}

async function sweepEverySecond(on: boolean): Promise<void> {
  await manager.sql`
    select cron.alter_job(jobid, schedule => '1 second') from cron.job
    where jobname = 'database-manager-sweep'`;
  if (on) manager.stack.cron.resume();
  else await manager.stack.cron.pause();
}

async function doorbell() {
  const [bell] = await manager.sql`
    select sweep_seen_at, webhook_seen_at, sweep_catches::int from private.doorbell`;
  return bell;
}

Deno.test("the webhook alone brings an event to its state in well under a second", async () => {
  const sweptBefore = (await doorbell())?.sweep_seen_at;
  await webhooks(true);
  const lags: number[] = [];
  for (let round = 0; round < 5; round++) {
    const id = crypto.randomUUID();
    const start = performance.now();
    await post(manager, created(id));
    await eventually(async () => {
      const rows = await manager.sql`select 1 from public.products where id = ${id}`;
      return rows.length === 1;
    });
    lags.push(performance.now() - start);
  }
  await webhooks(false);
  // The best of five: the machine may be busy, a sweep there is none.
  assert(Math.min(...lags) < 900, `lags of ${lags.map(Math.round)} ms`);
  const bell = await doorbell();
  assertEquals(bell?.sweep_seen_at, sweptBefore);
  assert(bell?.webhook_seen_at);
  await assertSettled(manager.sql);
});

Deno.test("webhooks delivered three times and in any order change nothing", async () => {
  const { pgNet } = manager.stack;
  await postApart(10);
  const [queued] = await manager.sql`select count(*)::int as n from net.http_request_queue`;
  assert(queued?.n > 0 && queued?.n <= 30); // nobody drained meanwhile; a crowd rings one at a time
  const shuffled = unreliable(7, { shuffled: true });
  pgNet.reroute((batch) => shuffled([...batch, ...batch, ...batch]));
  await webhooks(true);
  await atRest();
  await webhooks(false);
  pgNet.reroute();
  await assertSettled(manager.sql);
});

Deno.test("with every webhook of an append dropped, the sweep finds the events", async () => {
  const { pgNet } = manager.stack;
  pgNet.reroute((batch) => batch.filter(({ body }) => !sourceIs("insert", body)));
  await webhooks(true);
  await postApart(10);
  assertEquals(await unprocessed(), 30);
  await sweepEverySecond(true);
  await atRest();
  await sweepEverySecond(false);
  await webhooks(false);
  pgNet.reroute();
  await assertSettled(manager.sql);
  assert((await doorbell())?.sweep_catches > 0);
});

Deno.test("requests lost with the webhook worker are made up for by the sweep after it is back", async () => {
  await postApart(10);
  await manager.sql`truncate net.http_request_queue`; // as a crash of Postgres does: it is unlogged
  await webhooks(true);
  await sweepEverySecond(true);
  await atRest();
  await sweepEverySecond(false);
  await webhooks(false);
  await assertSettled(manager.sql);
});

Deno.test("an append goes through when its webhook cannot be queued", async () => {
  const admin = postgres(manager.stack.adminUrl, { max: 1 });
  const id = crypto.randomUUID();
  await admin`alter table net.http_request_queue rename to gone`;
  try {
    await post(manager, created(id));
  } finally {
    await admin`alter table net.gone rename to http_request_queue`;
    await admin.end();
  }
  await drainHere(manager);
  await assertSettled(manager.sql);
  assertEquals((await manager.sql`select 1 from public.products where id = ${id}`).length, 1);
});

function sourceIs(source: string, body: Uint8Array | null): boolean {
  return body !== null && JSON.parse(new TextDecoder().decode(body)).source === source;
}
