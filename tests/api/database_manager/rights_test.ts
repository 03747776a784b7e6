import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { runningStack } from "../../support/stack.ts";
import { foreignToken } from "../../support/tokens.ts";
import { backend, categoryAgent, id, person } from "../shop.ts";
import { staff } from "./manager.ts";

const customer = await person("customer");
const some = id("rights: nobody's id");

/** Every endpoint, with a body that changes nothing. */
const endpoints: readonly [method: string, path: string, body?: unknown][] = [
  ["GET", "status"],
  ["POST", "process", { event_ids: [some] }],
  ["POST", `events/${some}/retry`, {}],
  ["POST", `events/${some}/skip`, { reason: "test" }],
  ["POST", "retry", { error_code: "no_such_code" }],
  ["POST", "pause", { aggregate_type: "customer" }],
  ["POST", "resume", { aggregate_type: "customer" }],
  ["GET", `events/${some}/changes`],
  ["GET", `rows/products/${some}/blame`],
  ["POST", "rebuild", { aggregate_types: ["nonsense"] }],
  ["POST", "verify", { aggregate_types: ["nonsense"] }],
  ["GET", `rebuilds/${some}`],
  ["POST", `rebuilds/${some}/switch`],
  ["POST", `rebuilds/${some}/cancel`],
  ["POST", `rebuilds/${some}/rollback`, {}],
  ["GET", "state/product"],
];

async function codeOf(method: string, path: string, body: unknown, credential: object) {
  const answer = await callFunction(`database-manager/${path}`, { method, body, ...credential });
  return [answer.status, answer.body.code];
}

Deno.test("without a credential, or with a false one, every endpoint is 401", async () => {
  const forged = await foreignToken({ sub: staff.userId, role: "authenticated", exp: 4e9 });
  const strangers = [
    {},
    { token: forged },
    { key: "sb_secret_invented" },
    { key: runningStack().keys.publishable },
  ];
  for (const [method, path, body] of endpoints) {
    for (const credential of strangers) {
      const found = await codeOf(method, path, body, credential);
      assertEquals(
        found,
        [401, "unauthenticated"],
        `${method} ${path} ${JSON.stringify(credential)}`,
      );
    }
  }
});

Deno.test("for customers, agents and the webhook's key every endpoint of staff is 403", async () => {
  const outsiders = {
    customer,
    agent: categoryAgent(),
    webhook: { key: runningStack().keys.automations },
  };
  for (const [method, path, body] of endpoints) {
    for (const [who, credential] of Object.entries(outsiders)) {
      const found = await codeOf(method, path, body, credential);
      assertEquals(found, [403, "forbidden"], `${method} ${path} as ${who}`);
    }
  }
});

Deno.test("staff and the backend get past the door of every endpoint", async () => {
  for (const [method, path, body] of endpoints) {
    for (const credential of [staff, backend()]) {
      const [status] = await codeOf(method, path, body, credential);
      const refused = status === 401 || status === 403;
      assertEquals(refused, false, `${method} ${path}: ${status}`);
    }
  }
});

Deno.test("the webhook's door opens to its own key alone", async () => {
  const ring = (credential: object, body: unknown = { source: "insert" }) =>
    callFunction("database-manager", { body, ...credential });
  const { automations } = runningStack().keys;
  assertEquals((await ring({ key: automations })).status, 202);
  assertEquals((await ring({ key: automations }, { source: "x".repeat(21) })).status, 422);
  assertEquals((await ring({})).status, 401);
  for (const credential of [staff, customer, backend(), categoryAgent()]) {
    assertEquals((await ring(credential)).status, 403);
  }
});

Deno.test("a payload of the webhook is never believed", async () => {
  const { automations } = runningStack().keys;
  const record = { event_type: "product.created", aggregate_id: some, processed: false };
  const body = { type: "INSERT", table: "events", source: "insert", record };
  assertEquals((await callFunction("database-manager", { body, key: automations })).status, 202);
  const { status } = await callFunction(`events/aggregate/product/${some}/history`, staff);
  assertEquals(status, 404);
});
