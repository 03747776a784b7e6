import { assertEquals } from "@std/assert";
import { eventsOf, id, person, post, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");

Deno.test("expected_version lets an event pass exactly at that version", async () => {
  const pump = id("version: exact");
  assertEquals((await post(productCreated(pump, { expected_version: 0 }), staff)).status, 201);
  const second = await post(priceChanged(pump, { expected_version: 1 }), staff);
  assertEquals([second.status, second.body.aggregate_version], [201, 2]);
});

Deno.test("a conflict says the version it met and returns the events that were missed", async () => {
  const pump = id("version: conflict");
  await stored(productCreated(pump), staff);
  const missed = await stored(priceChanged(pump), staff);
  const answer = await post(priceChanged(pump, { expected_version: 1 }), staff);
  assertEquals([answer.status, answer.body.code], [409, "version_conflict"]);
  const { aggregate_type, aggregate_id, expected_version, current_version } = answer.body;
  assertEquals({ aggregate_type, aggregate_id, expected_version, current_version }, {
    aggregate_type: "product",
    aggregate_id: pump,
    expected_version: 1,
    current_version: 2,
  });
  assertEquals(answer.body.missed.map((event: { id: string }) => event.id), [missed.id]);
  assertEquals(await eventsOf(pump), 2);
});

Deno.test("expected_version 0 means that there must be nothing yet", async () => {
  const pump = id("version: nothing yet");
  await stored(productCreated(pump), staff);
  const answer = await post(productCreated(pump, { expected_version: 0 }), staff);
  assertEquals([answer.status, answer.body.current_version], [409, 1]);
});

Deno.test("of ten writers who expect the same version one wins", async () => {
  const pump = id("version: race");
  await stored(productCreated(pump), staff);
  const event = priceChanged(pump, { expected_version: 1 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(event, staff)));
  const statuses = answers.map((answer) => answer.status).sort();
  assertEquals(statuses, [201, ...Array(9).fill(409)]);
});
