import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { backend, eventsOf, id, person, post, priceChanged, productCreated } from "./shop.ts";

const staff = await person("staff");

Deno.test("the same event with the same key is stored once and answered alike", async () => {
  const pump = id("idempotency: same");
  const event = productCreated(pump, { idempotency_key: "same" });
  const first = await post(event, staff);
  assertEquals([first.status, first.headers.get("idempotency-replayed")], [201, null]);
  const again = await post(event, staff);
  assertEquals([again.status, again.headers.get("idempotency-replayed")], [200, "true"]);
  assertEquals(again.body.id, first.body.id);
  assertEquals(again.headers.get("location"), first.headers.get("location"));
  assertEquals(await eventsOf(pump), 1);
});

Deno.test("the key may come in the header as well as in the body", async () => {
  const pump = id("idempotency: header");
  const inHeader = await post(productCreated(pump), staff, { "Idempotency-Key": "header" });
  assertEquals([inHeader.status, inHeader.body.idempotency_key], [201, "header"]);
  const inBody = await post(productCreated(pump, { idempotency_key: "header" }), staff);
  assertEquals([inBody.status, inBody.body.id], [200, inHeader.body.id]);
  const inBoth = await post(productCreated(pump, { idempotency_key: "header" }), staff, {
    "Idempotency-Key": "header",
  });
  assertEquals(inBoth.status, 200);
  const disagreeing = await post(productCreated(pump, { idempotency_key: "one" }), staff, {
    "Idempotency-Key": "other",
  });
  assertEquals([disagreeing.status, disagreeing.body.code], [400, "invalid_parameter"]);
  assertEquals(await eventsOf(pump), 1);
});

Deno.test("the same key with other content is 409", async () => {
  const pump = id("idempotency: other content");
  await post(productCreated(pump, { idempotency_key: "other content" }), staff);
  const data = { sku: "P-9", name: "Pump", base_price: 1 };
  const answer = await post(
    productCreated(pump, { idempotency_key: "other content", data }),
    staff,
  );
  assertEquals([answer.status, answer.body.code], [409, "idempotency_conflict"]);
  assertEquals(await eventsOf(pump), 1);
});

Deno.test("keys of different authors do not meet", async () => {
  const event = (name: string) => productCreated(id(name), { idempotency_key: "shared" });
  assertEquals((await post(event("idempotency: by staff"), staff)).status, 201);
  assertEquals((await post(event("idempotency: by system"), backend())).status, 201);
});

Deno.test("twenty requests at once with one key store one event", async () => {
  const pump = id("idempotency: race");
  const event = productCreated(pump, { idempotency_key: "race" });
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(event, staff)));
  assertEquals(new Set(answers.map((answer) => answer.body.id)).size, 1);
  assertEquals(answers.filter((answer) => answer.status === 201).length, 1);
  assertEquals(answers.filter((answer) => answer.status === 200).length, 19);
  assertEquals(await eventsOf(pump), 1);
});

Deno.test("a batch key numbers its events, and replays the batch as a whole", async () => {
  const pump = id("idempotency: batch");
  const events = [
    productCreated(pump),
    priceChanged(pump),
    priceChanged(pump, { idempotency_key: "own" }),
  ];
  const call = { body: { events }, token: staff.token, headers: { "Idempotency-Key": "batch" } };
  const first = await callFunction("events/batch", call);
  assertEquals(first.status, 201);
  const keys = first.body.events.map((event: { idempotency_key: string }) => event.idempotency_key);
  assertEquals(keys, ["batch#0", "batch#1", "own"]);
  const again = await callFunction("events/batch", call);
  assertEquals([again.status, again.headers.get("idempotency-replayed")], [200, "true"]);
  assertEquals(again.body, { events: again.body.events });
  assertEquals(
    again.body.events.map((event: { id: string }) => event.id),
    first.body.events.map((event: { id: string }) => event.id),
  );
  assertEquals(await eventsOf(pump), 3);
});
