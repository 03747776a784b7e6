import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { signUp } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { backend, categoryAgent, eventsOf, person, priceChanged, stored } from "../shop.ts";
import {
  answer,
  approve,
  decision,
  newProduct,
  newType,
  priceTo,
  proposal,
  propose,
  proposed,
  setPolicy,
  told,
  waiting,
} from "./agency.ts";

const staff = await person("staff");
const approver = await person("approver");
const customer = await person("customer");
/** Nobody in this file answers it, or asks for what is due; the last test looks. */
const forgotten = await waiting({ time_to_live_seconds: 1 });

Deno.test("an approved decision posts its events, caused by the approval, and the product follows", async () => {
  const { id, product } = await waiting();
  const { status, body } = await answer(id, "approve", { version: 1, note: "Checked" }, staff);
  assertEquals([status, body.status, body.answer.data.note], [200, "executed", "Checked"]);
  const [event] = body.events;
  assertEquals([event.created_by, event.causation_id], ["agent:category", body.answer.id]);
  assertEquals(event.metadata, { decision_id: id, approved_by: `user:${staff.userId}` });
  assertEquals(event.correlation_id, body.answer.correlation_id);
  await using sql = openSql();
  await eventually(async () => {
    const [row] = await sql`
      select p.base_price::float as price, d.status, d.decided_by, d.approved_by
      from public.products p, public.agent_decisions d where p.id = ${product} and d.id = ${id}`;
    assertEquals({ ...row }, {
      price: 95,
      status: "executed",
      decided_by: `user:${staff.userId}`,
      approved_by: [`user:${staff.userId}`],
    });
  }, 30);
  const stands = await decision(id);
  assertEquals([stands.status, stands.version], ["executed", 3]);
});

Deno.test("without a policy an agent may do nothing", async () => {
  const answer = await propose(proposal(newType(), await newProduct()), categoryAgent());
  assertEquals(told(answer), [403, "agent_not_allowed"]);
});

Deno.test("no key and no customer approves, rejects or sets a policy", async () => {
  const { id, type } = await waiting();
  for (const credential of [backend(), categoryAgent(), customer, {}]) {
    const refusals = await Promise.all([
      approve(id, credential),
      answer(id, "reject", { reason_code: "no" }, credential),
      callFunction(`agents/category/policies/${type}`, {
        method: "PUT",
        body: { level: 4 },
        ...credential,
      }),
      callFunction("agents/category/stop", { body: { reason: "no" }, ...credential }),
      callFunction("agents/stop", { body: { reason: "no" }, ...credential }),
      callFunction(`agents/category/policies/${type}/promotion/sign`, {
        body: {},
        method: "POST",
        ...credential,
      }),
    ]);
    for (const { status } of refusals) assert(status === 401 || status === 403, `${status}`);
  }
  assertEquals((await decision(id)).status, "proposed");
});

Deno.test("nobody posts the events of a decision or a policy", async () => {
  const { id } = await waiting();
  for (const credential of [backend(), categoryAgent(), customer, staff]) {
    for (
      const [event_type, aggregate_type, data] of [
        ["agent.decision_approved", "agent_decision", {
          version: 1,
          by: "person",
          approvals: 1,
          level: 1,
          policy_version: 1,
        }],
        ["agent.decision_rejected", "agent_decision", { reason_code: "no" }],
        ["agent.resumed", "agent", { agent: "category", reason: "no" }],
      ]
    ) {
      const event = { event_type, aggregate_type, aggregate_id: id, data };
      const refused = await callFunction("events", { body: event, ...credential });
      assertEquals(told(refused), [403, "event_type_forbidden"], String(event_type));
    }
  }
  const price = priceChanged(await newProduct());
  const own = await callFunction("events", { body: price, ...categoryAgent() });
  assertEquals(told(own), [403, "event_type_forbidden"]);
});

Deno.test("who proposed cannot approve: staff need another member of staff", async () => {
  const type = newType();
  await setPolicy(type);
  const id = await proposed(proposal(type, await newProduct()), staff);
  assertEquals(told(await approve(id, staff)), [403, "own_decision"]);
  assertEquals((await approve(id, approver)).body.status, "executed");
});

Deno.test("a decision that needs two people needs two different ones", async () => {
  const { id, product } = await waiting({ approvals: 2 });
  const first = await approve(id, staff);
  assertEquals([first.body.status, first.body.approvals, first.body.required], ["proposed", 1, 2]);
  assertEquals(told(await approve(id, staff, 2)), [409, "approved_already"]);
  assertEquals(await eventsOf(product), 1);
  // Who opened it before the first yes has seen the very same.
  assertEquals((await approve(id, approver, 1)).body.status, "executed");
  assertEquals(await eventsOf(product), 2);
});

Deno.test("approved twice at the same instant, it is executed once", async () => {
  const { id, product } = await waiting();
  const answers = await Promise.all(
    [staff, approver, staff, approver].map((one) => approve(id, one)),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  assertEquals(await eventsOf(product), 2);
});

Deno.test("the yes of somebody who is staff no more does not count", async () => {
  const { id, product } = await waiting({ approvals: 2 });
  const gone = await signUp(`gone-${id}@example.com`);
  await using sql = openSql();
  await sql`insert into public.user_roles (user_id, role) values (${gone.userId}, 'staff')`;
  assertEquals((await approve(id, gone)).body.approvals, 1);
  await sql`delete from public.user_roles where user_id = ${gone.userId}`;
  const second = await approve(id, staff, 2);
  assertEquals([second.body.status, second.body.approvals], ["proposed", 1]);
  assertEquals((await decision(id)).standing.approvals, 1);
  assertEquals(await eventsOf(product), 1);
  assertEquals((await approve(id, approver, 3)).body.status, "executed");
});

Deno.test("a decision whose target moved goes back to its agent", async () => {
  const { id, product } = await waiting();
  assertEquals((await decision(id)).standing.targets[0].current_version, 1);
  await stored(priceChanged(product), backend());
  const refused = await approve(id, staff);
  assertEquals(told(refused), [409, "target_moved"]);
  assertEquals(refused.body.targets[0].current_version, 2);
  assertEquals((await decision(id)).status, "returned");
  assertEquals(told(await approve(id, staff, 2)), [409, "decision_settled"]);
});

Deno.test("a decision that expired cannot be approved, whoever comes first", async () => {
  const { id, product } = await waiting({ time_to_live_seconds: 1 });
  await eventually(async () => Date.parse((await decision(id)).expires_at) < Date.now(), 30);
  const refused = await approve(id, staff);
  assert(["decision_expired", "decision_settled"].includes(refused.body.code), refused.body.code);
  assertEquals((await decision(id)).status, "expired");
  assertEquals(await eventsOf(product), 1);
});

Deno.test("a newer proposal for the same target takes the place of the older one", async () => {
  const { id, type, product } = await waiting();
  const newer = await propose(proposal(type, product, {}, 90));
  assertEquals(newer.body.superseded, [id]);
  assertEquals((await decision(id)).status, "superseded");
  assertEquals(told(await approve(id, staff, 2)), [409, "decision_settled"]);
  const other = await propose(proposal(type, await newProduct()));
  assertEquals(other.body.superseded, []);
});

Deno.test("a rejection has a reason code, and is the end", async () => {
  const { id } = await waiting();
  const no = await answer(id, "reject", { reason_code: "too_risky", note: "Not now" }, staff);
  assertEquals([no.body.status, no.body.answer.data.reason_code], ["rejected", "too_risky"]);
  assertEquals(told(await approve(id, approver, 2)), [409, "decision_settled"]);
});

Deno.test("only who proposed takes it back", async () => {
  const { id } = await waiting();
  const reason = { reason: "The competitor raised its price again" };
  assertEquals((await answer(id, "withdraw", reason, staff)).status, 403);
  assertEquals((await answer(id, "withdraw", reason, categoryAgent())).status, 200);
  assertEquals((await decision(id)).status, "withdrawn");
});

Deno.test("an agent's key proposes and reads for that agent alone", async () => {
  const type = newType();
  await setPolicy(type, {}, "rival");
  const body = proposal(type, await newProduct(), { agent: "rival" });
  assertEquals(told(await propose(body, categoryAgent())), [403, "forbidden"]);
  const id = await proposed(body);
  const seen = await callFunction(`agents/decisions/${id}`, categoryAgent());
  assertEquals(told(seen), [404, "decision_not_found"]);
  const taken = await answer(id, "withdraw", { reason: "mine now" }, categoryAgent());
  assertEquals(taken.status, 403);
  const record = await callFunction("agents/rival/record", categoryAgent());
  assertEquals(record.status, 403);
});

Deno.test("a proposal is refused for what could not be executed", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const refuse = async (change: Record<string, unknown>) =>
    told(await propose(proposal(type, product, change)));
  const at = (version: number, aggregate_id = product) => [
    { aggregate_type: "product", aggregate_id, version },
  ];
  assertEquals(await refuse({ targets: at(2) }), [409, "target_moved"]);
  assertEquals(await refuse({ targets: at(1, crypto.randomUUID()) }), [422, "invalid_proposal"]);
  assertEquals(await refuse({ evidence: [crypto.randomUUID()] }), [422, "unknown_causation"]);
  assertEquals(await refuse({ expires_at: "2020-01-01T00:00:00Z" }), [409, "decision_expired"]);
  assertEquals(await refuse({ proposed_events: [priceTo(product, -1)] }), [
    422,
    "invalid_event_data",
  ]);
  const again = {
    ...priceTo(product, 1),
    event_type: "product.created",
    data: { sku: "X-1", name: "X", base_price: 1 },
  };
  assertEquals(await refuse({ proposed_events: [again] }), [422, "invalid_event_data"]);
  const stop = {
    event_type: "agent.resumed",
    aggregate_type: "agent",
    aggregate_id: product,
    data: { agent: "category", reason: "I want to" },
  };
  const targets = [{ aggregate_type: "agent", aggregate_id: product, version: 0 }];
  assertEquals(await refuse({ targets, proposed_events: [stop] }), [403, "event_type_forbidden"]);
});

Deno.test("the same proposal with the same key is one decision", async () => {
  const type = newType();
  await setPolicy(type);
  const body = proposal(type, await newProduct(), { idempotency_key: `k-${type}` });
  const first = await propose(body);
  const again = await propose(body);
  assertEquals([first.status, again.status, again.body.replayed], [201, 200, true]);
  assertEquals(again.body.decision_id, first.body.decision_id);
  assertEquals(told(await propose({ ...body, confidence: 0.1 })), [409, "idempotency_conflict"]);
});

Deno.test("decisions are listed newest first, an agent's own to itself", async () => {
  const { id, type, product } = await waiting();
  const second = await proposed(proposal(type, product));
  const path = `agents/decisions?decision_type=${type}&limit=1`;
  await eventually(async () => {
    const page = await callFunction(path, staff);
    assertEquals(page.body.decisions.map((one: { id: string }) => one.id), [second]);
    const rest = await callFunction(`${path}&cursor=${page.body.next}`, categoryAgent());
    assertEquals(rest.body.decisions.map((one: { status: string }) => one.status), ["superseded"]);
    assertEquals(rest.body.decisions[0].id, id);
  }, 30);
  assertEquals((await callFunction(path, customer)).status, 403);
});

Deno.test("by itself, on the database's schedule, what nobody answered expires", async () => {
  await using sql = openSql();
  await eventually(async () => {
    assertEquals((await decision(forgotten.id)).status, "expired");
    const runs = await sql`
      select from cron.job_run_details d join cron.job j using (jobid)
      where j.jobname = 'agents-tick' and j.schedule = '10 seconds' and d.status = 'succeeded'`;
    return runs.length > 0;
  }, 60);
  assertEquals(await eventsOf(forgotten.product), 1);
});
