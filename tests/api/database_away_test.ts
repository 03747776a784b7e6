/** What clients are told while the database is away. A stack of its own, since it is broken here. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { signIn } from "../support/people.ts";
import { withStack } from "../support/stack.ts";
import { id, productCreated } from "./shop.ts";

Deno.test("while Postgres is away requests are 503 with Retry-After, and then all is well", async () => {
  await withStack(async (stack) => {
    const staff = await signIn("staff", stack);
    await eventually(async () => {
      const { body } = await callFunction("status", {}, stack);
      assertEquals(body.features.events, "active");
    }, 30);

    await stack.postgres.stop();
    const event = productCreated(id("away"), { idempotency_key: "away" });
    const calls = [
      callFunction("events", { body: event, token: staff.token }, stack),
      callFunction("events", { token: staff.token }, stack),
      callFunction("events/stats", { token: staff.token }, stack),
      callFunction("events/unprocessed", { key: stack.keys.secret }, stack),
      callFunction("events", {
        body: { ...event, event_type: "product.exploded" },
        token: staff.token,
      }, stack),
    ];
    for (const answer of await Promise.all(calls)) {
      assertEquals([answer.status, answer.body.code], [503, "database_unavailable"]);
      assert(Number(answer.headers.get("retry-after")) > 0);
      assert(!/postgres|connect|econn/i.test(JSON.stringify(answer.body)));
    }
    await eventually(async () => {
      const { status, body } = await callFunction("status", {}, stack);
      assertEquals([status, body.features.database, body.features.events], [
        200,
        "degraded",
        "degraded",
      ]);
    });

    await stack.postgres.start();
    await eventually(async () => {
      const answer = await callFunction("events", { body: event, token: staff.token }, stack);
      assert(answer.status === 201 || answer.status === 200, JSON.stringify(answer.body));
    }, 20);
  });
});
