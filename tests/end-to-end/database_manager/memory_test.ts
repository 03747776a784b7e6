/** The functions process stays small, however much waits and however large the events are. */
import { assert, assertEquals } from "@std/assert";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../../support/eventually.ts";
import { assertSettled } from "../../support/oracle.ts";
import { registerTypes, traffic } from "../../support/traffic.ts";
import { tellStories } from "../../support/traffic/clients.ts";
import { throughDatabase, throughFunction } from "../../support/traffic/transports.ts";
import { created, many, moved, post } from "./events.ts";
import { expireLeases, managerStack, storeOf } from "./manager_stack.ts";

const manager = managerStack();
const megabyte = 1024 * 1024;
const limit = 400 * megabyte;

/** The largest resident size of the functions process while `work` is under way, in bytes. */
async function peakDuring(work: () => Promise<void>): Promise<number> {
  let peak = 0;
  let done = false;
  const watch = (async () => {
    while (!done) {
      peak = Math.max(peak, await residentBytes(manager.stack.functions.pid));
      await delay(50);
    }
  })();
  try {
    await work();
  } finally {
    done = true;
    await watch;
  }
  return peak;
}

async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]) * 1024;
}

async function allProcessed(): Promise<void> {
  await eventually(async () => {
    const [row] = await manager.sql`select count(*)::int as n from private.unprocessed_events`;
    assertEquals(row?.n, 0);
  }, 60);
}

Deno.test("posting and projecting with 8 clients stays under 400 MB", async () => {
  await registerTypes(manager.sql);
  manager.stack.pgNet.resume();
  const ways = [await throughFunction(manager.stack), await throughDatabase(manager.stack)];
  const clients = many(4, () => ways).flat();
  const peak = await peakDuring(async () => {
    await tellStories(traffic(400, 600), clients);
    await allProcessed();
  });
  assert(peak < limit, `${Math.round(peak / megabyte)} MB`);
});

Deno.test("a backlog of 4,000 small events is projected under 400 MB", async () => {
  await manager.stack.pgNet.pause();
  const ids = many<string>(100, () => crypto.randomUUID());
  await post(manager, ...ids.flatMap((id) => [created(id), ...many(39, () => moved(id))]));
  const peak = await peakDuring(async () => {
    manager.stack.pgNet.resume();
    await allProcessed();
  });
  assert(peak < limit, `${Math.round(peak / megabyte)} MB`);
});

Deno.test("a backlog of events as large as they may be is projected, under 400 MB", async () => {
  await manager.stack.pgNet.pause();
  for (let decision = 0; decision < 105; decision++) await storeLargeDecision();
  const batch = await storeOf(manager).take({ batch: 500, partitions: 16, leaseSeconds: 30 });
  const size = JSON.stringify(batch).length;
  assert(size < 16 * megabyte, `a batch of ${Math.round(size / megabyte)} MB`);
  await expireLeases(manager);
  const peak = await peakDuring(async () => {
    manager.stack.pgNet.resume();
    await allProcessed();
  });
  assert(peak < limit, `${Math.round(peak / megabyte)} MB`);
  await manager.stack.pgNet.pause();
  await assertSettled(manager.sql);
});

/** Stores a valid proposal of about 240 kB past the function that would ask for a policy. */
async function storeLargeDecision(): Promise<void> {
  const description = "x".repeat(4800);
  const data = {
    agent: "category",
    decision_type: "description",
    targets: [{ aggregate_type: "product", aggregate_id: crypto.randomUUID(), version: 1 }],
    proposed_events: many(48, () => ({
      event_type: "product.updated",
      aggregate_type: "product",
      aggregate_id: crypto.randomUUID(),
      data: { description },
      schema_version: 1,
    })),
    evidence: [],
    confidence: 0.5,
    rationale: "Better texts.",
    expires_at: "2999-01-01T00:00:00Z",
    magnitude: null,
    level: 1,
    policy_version: 1,
    approvals: 1,
  };
  await manager.sql`
    select private.append_events(array[row('agent.decision_proposed', 'agent_decision', gen_random_uuid(), 1, ${
    manager.sql.json(data)
  }::jsonb,
      null, 'agent:category', null, null, null, null, null, null, null)::private.new_event])`;
}
