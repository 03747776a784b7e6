/** The steps of the setup guide as they are written there; only the URL prefix is Supabase's. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { signIn } from "../support/people.ts";
import { openSql, runningStack } from "../support/stack.ts";

const PUMP = "123e4567-e89b-12d3-a456-426614174000";
const STEP_3 = `{
    "event_type": "product.created",
    "aggregate_type": "product",
    "aggregate_id": "123e4567-e89b-12d3-a456-426614174000",
    "data": {
      "sku": "SUBM-05HP-DOM-SS-50LPM-20M",
      "name": "0.5HP Submersible Pump",
      "base_price": 5999.00
    },
    "created_by": "user:test"
  }`;

Deno.test("Step 2: the status shows events as active, without a token", async () => {
  await eventually(async () => {
    const response = await fetch(`${runningStack().url}/functions/v1/status`);
    assertEquals(response.status, 200);
    const { features } = await response.json();
    assertEquals(features, {
      auth: "active",
      database: "active",
      events: "active",
      agents: "active",
    });
  }, 30);
});

Deno.test("Step 3: the event is posted with the two headers, and soon it is state", async () => {
  const staff = await signIn("staff");
  const response = await fetch(`${runningStack().url}/functions/v1/events`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${staff.token}`, "Content-Type": "application/json" },
    body: STEP_3,
  });
  const event = await response.json();
  assertEquals(response.status, 201, JSON.stringify(event));
  assertEquals(event.created_by, `user:${staff.userId}`);
  assertEquals(event.metadata, { claimed_created_by: "user:test" });
  assertEquals(event.aggregate_version, 1);
  assertEquals(response.headers.get("location"), `/functions/v1/events/${event.id}`);

  await using sql = openSql();
  await eventually(async () => {
    const [product] = await sql`select sku, base_price::float from products where id = ${PUMP}`;
    assertEquals(product, { sku: "SUBM-05HP-DOM-SS-50LPM-20M", base_price: 5999 });
  }, 5);
  const [stored] = await sql`select processed from events where id = ${event.id}`;
  assertEquals(stored?.processed, true);
  const changes =
    await sql`select table_name, operation from state_changes where event_id = ${event.id}`;
  assert(changes.some((one) => one.table_name === "products" && one.operation === "insert"));

  const history = await callFunction(`events/aggregate/product/${PUMP}/history`, {
    token: staff.token,
  });
  assertEquals(history.status, 200);
  assertEquals(history.body.events.map((one: { id: string }) => one.id), [event.id]);
});
