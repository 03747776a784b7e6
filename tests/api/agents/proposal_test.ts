/** What the route of proposals takes, beside what a proposal means. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { runningStack } from "../../support/stack.ts";
import { backend, categoryAgent, person } from "../shop.ts";
import { newProduct, newType, proposal, propose, setPolicy, told } from "./agency.ts";

Deno.test("the key of a proposal may come in the header, in the body, or the same in both", async () => {
  const type = newType();
  await setPolicy(type);
  const body = proposal(type, await newProduct());
  const key = `header-${type}`;
  const send = (headers: Record<string, string>, more: object = {}) =>
    callFunction("agents/decisions", { body: { ...body, ...more }, headers, ...categoryAgent() });
  const first = await send({ "Idempotency-Key": key });
  assertEquals([first.status, first.body.event.idempotency_key], [201, key]);
  const ways: [Record<string, string>, object][] = [
    [{ "Idempotency-Key": key }, {}],
    [{}, { idempotency_key: key }],
    [{ "Idempotency-Key": key }, { idempotency_key: key }],
  ];
  for (const [headers, more] of ways) {
    const again = await send(headers, more);
    assertEquals([again.status, again.body.decision_id], [200, first.body.decision_id]);
    assertEquals(again.headers.get("idempotency-replayed"), "true");
  }
  const two = await send({ "Idempotency-Key": key }, { idempotency_key: `other-${type}` });
  assertEquals(told(two), [400, "invalid_parameter"]);
  assertEquals(two.body.errors[0].pointer, "/header/idempotency-key");
  const long = await send({ "Idempotency-Key": "k".repeat(256) });
  assertEquals(told(long), [400, "invalid_parameter"]);
  const other = await send({ "Idempotency-Key": key }, { confidence: 0.1 });
  assertEquals(told(other), [409, "idempotency_conflict"]);
});

Deno.test("a blank rationale is refused by name, and so is one with control characters", async () => {
  const body = proposal(newType(), await newProduct());
  for (const rationale of ["", "  \n\t "]) {
    const refused = await propose({ ...body, rationale });
    assertEquals(told(refused), [422, "validation_failed"]);
    assertEquals(refused.body.errors, [
      { pointer: "/rationale", message: "Expected text that is not blank" },
    ]);
  }
  const control = await propose({ ...body, rationale: "Cheaper\u0007" });
  assertEquals(control.body.errors, [
    { pointer: "/rationale", message: "Expected text without control characters" },
  ]);
});

Deno.test("a stop without a body, or without a reason, is refused with what is missing", async () => {
  const { token } = await person("staff");
  const url = `${runningStack().url}/functions/v1/agents/nobody/stop`;
  const types: Record<string, string>[] = [{}, { "content-type": "application/json" }];
  for (const headers of types) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${token}` },
    });
    const { status, code, detail } = await answer.json();
    assertEquals([status, code], [400, "invalid_json"]);
    assertEquals(detail, "Send a JSON body: this request has none.");
  }
  const reasonless = await callFunction("agents/nobody/stop", { body: {}, token });
  assertEquals(told(reasonless), [422, "validation_failed"]);
  assertEquals(reasonless.body.errors[0].pointer, "/reason");
  const keyed = await callFunction("agents/nobody/stop", { body: {}, ...backend() });
  assertEquals(keyed.status, 403);
});
