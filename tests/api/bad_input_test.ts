/** Each row of "bad input" of the contract: its status, its code, and that nothing is stored. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { runningStack } from "../support/stack.ts";
import { eventsOf, id, person, post, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");

interface Refusal {
  status: number;
  code: string;
  pointers?: string[];
}

async function refuses(aggregateId: string, body: unknown, { status, code, pointers }: Refusal) {
  const answer = await post(body, staff);
  assertEquals([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
  assertEquals(answer.headers.get("content-type"), "application/problem+json");
  assertEquals(answer.body.status, status);
  for (const member of ["type", "title", "detail", "request_id"]) {
    assert(answer.body[member], member);
  }
  if (pointers) {
    const found = answer.body.errors.map((error: { pointer: string }) => error.pointer);
    assertEquals(new Set(found), new Set(pointers));
  }
  assertEquals(await eventsOf(aggregateId), 0);
}

Deno.test("malformed JSON is 400", async () => {
  const pump = id("bad: malformed");
  const whole = JSON.stringify(productCreated(pump));
  for (
    const body of [whole.slice(0, -1), `${whole},`, "", "{'a':1}", whole.replace("100", "NaN")]
  ) {
    await refuses(pump, body, { status: 400, code: "invalid_json" });
  }
});

Deno.test("a body without end in depth is 400", async () => {
  const pump = id("bad: deep");
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const body = JSON.stringify(productCreated(pump)).replace("100", deep);
  await refuses(pump, body, { status: 400, code: "invalid_json" });
});

Deno.test("another content type is 415", async () => {
  const pump = id("bad: content type");
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
    const answer = await post(productCreated(pump), staff, { "content-type": type });
    assertEquals([answer.status, answer.body.code], [415, "unsupported_media_type"]);
  }
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("an unknown event type is 422", async () => {
  const pump = id("bad: unknown type");
  await refuses(pump, productCreated(pump, { event_type: "product.exploded" }), {
    status: 422,
    code: "unknown_event_type",
    pointers: ["/event_type"],
  });
});

Deno.test("an unknown aggregate type is 422", async () => {
  const pump = id("bad: aggregate type");
  await refuses(pump, productCreated(pump, { aggregate_type: "spaceship" }), {
    status: 422,
    code: "aggregate_type_mismatch",
    pointers: ["/aggregate_type"],
  });
});

Deno.test("data against its schema are 422 with a pointer to each wrong place", async () => {
  const pump = id("bad: data");
  const data = { sku: "", base_price: "cheap", colour: "red" };
  await refuses(pump, productCreated(pump, { data }), {
    status: 422,
    code: "invalid_event_data",
    pointers: ["/data/sku", "/data/name", "/data/base_price", "/data/colour"],
  });
});

Deno.test("negative, NaN-like and inexact numbers are 422", async () => {
  const pump = id("bad: numbers");
  const body = JSON.stringify(productCreated(pump));
  for (const number of ["-1", `"NaN"`, `"Infinity"`, "null", "0.001", "true"]) {
    await refuses(pump, body.replace("100", number), {
      status: 422,
      code: "invalid_event_data",
      pointers: ["/data/base_price"],
    });
  }
  for (const number of ["1e400", "-1e400", "9007199254740993"]) {
    await refuses(pump, body.replace("100", number), {
      status: 422,
      code: "validation_failed",
      pointers: ["/data/base_price"],
    });
  }
});

Deno.test("characters that PostgreSQL cannot keep are 422", async () => {
  const pump = id("bad: characters");
  for (const name of ["a\u0000b", "a\ud800b"]) {
    await refuses(pump, productCreated(pump, { metadata: { name } }), {
      status: 422,
      code: "validation_failed",
      pointers: ["/metadata/name"],
    });
  }
});

Deno.test("an event of the wrong shape is 422 with a pointer to each wrong field", async () => {
  const pump = id("bad: envelope");
  const body = { ...productCreated(pump), aggregate_id: "17", data: [], event_number: 1 };
  await refuses(pump, body, {
    status: 422,
    code: "validation_failed",
    pointers: ["/aggregate_id", "/data", "/event_number"],
  });
  for (const body of ["[]", "null", `"event"`, "7"]) {
    await refuses(pump, body, { status: 422, code: "validation_failed" });
  }
});

Deno.test("an event of 300 KiB is 413, one just below 256 KiB is not", async () => {
  const pump = id("bad: large event");
  const note = "x".repeat(300 * 1024);
  await refuses(pump, productCreated(pump, { metadata: { note } }), {
    status: 413,
    code: "event_too_large",
  });
  const fits = "x".repeat(255 * 1024);
  await stored(productCreated(id("bad: fits"), { metadata: { note: fits } }), staff);
});

Deno.test("a body of 5 MiB is 413", async () => {
  const pump = id("bad: large body");
  const note = "x".repeat(5 * 1024 * 1024);
  await refuses(pump, productCreated(pump, { metadata: { note } }), {
    status: 413,
    code: "payload_too_large",
  });
});

Deno.test("a batch of 1001 events, or of none, is 422", async () => {
  const pump = id("bad: large batch");
  for (const count of [1001, 0]) {
    const events = Array.from({ length: count }, () => priceChanged(pump));
    const answer = await callFunction("events/batch", { body: { events }, token: staff.token });
    assertEquals([answer.status, answer.body.code], [422, "validation_failed"]);
    assertEquals(answer.body.errors[0].pointer, "/events");
  }
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("a causation_id that is no event is 422", async () => {
  const pump = id("bad: causation");
  await refuses(pump, productCreated(pump, { causation_id: id("no event") }), {
    status: 422,
    code: "unknown_causation",
  });
});

Deno.test("duplicate and __proto__ keys do no harm", async () => {
  const pump = id("bad: proto");
  const body = JSON.stringify(productCreated(pump))
    .replace(`"name":"Pump"`, `"name":"First","name":"Pump","__proto__":{"staff":true}`);
  await refuses(pump, body, { status: 422, code: "invalid_event_data" });
  const event = await stored(
    `{"metadata":{"__proto__":{"staff":true}},${JSON.stringify(productCreated(pump)).slice(1)}`,
    staff,
  );
  assertEquals(event.data.name, "Pump");
  assertEquals((await callFunction("events/stats", await person("customer"))).status, 403);
});

Deno.test("wrong parameters are 400 and say which", async () => {
  const cases = {
    "events?cursor=abc": "/query/cursor",
    "events?cursor=-1": "/query/cursor",
    "events?limit=0": "/query/limit",
    "events?limit=1001": "/query/limit",
    "events?order=newest": "/query/order",
    "events?since=yesterday": "/query/since",
    "events?data={": "/query/data",
    "events?processed=maybe": "/query/processed",
    "events?event_typ=order.created": "/query/event_typ",
    "events/not-an-id": "/path/id",
    "events/aggregate/product/17/history": "/path/id",
    "events/aggregate/Product/17/state": "/path/type",
    [`events/aggregate/product/${id("x")}/state?at_version=0`]: "/query/at_version",
    "events/types/%20": "/path/type",
  };
  for (const [path, pointer] of Object.entries(cases)) {
    const answer = await callFunction(path, staff);
    assertEquals([answer.status, answer.body.code], [400, "invalid_parameter"], path);
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
    assert(pointers.includes(pointer), `${path}: ${pointers}`);
  }
});

Deno.test("an unknown event, aggregate, type or path is 404", async () => {
  const cases = {
    [`events/${id("unknown")}`]: "event_not_found",
    [`events/aggregate/product/${id("unknown")}/history`]: "aggregate_not_found",
    [`events/aggregate/spaceship/${id("unknown")}/state`]: "aggregate_not_found",
    "events/types/product.exploded": "event_type_not_found",
    "events/types/product.created/schema": "not_found",
  };
  for (const [path, code] of Object.entries(cases)) {
    const answer = await callFunction(path, staff);
    assertEquals([answer.status, answer.body.code], [404, code], path);
  }
});

Deno.test("a method that is not offered is 405 with Allow", async () => {
  const answer = await callFunction(`events/${id("unknown")}`, { method: "DELETE", ...staff });
  assertEquals([answer.status, answer.body.code], [405, "method_not_allowed"]);
  assertEquals(answer.headers.get("allow"), "GET, OPTIONS");
});

Deno.test("no problem shows a stack trace, SQL or a key", async () => {
  const answers = [
    await post(productCreated(id("bad: leak"), { event_type: "product.exploded" }), staff),
    await callFunction(`events?data=${encodeURIComponent(`{"a":"\\u0000"}`)}`, staff),
    await callFunction("events?created_by=%00", staff),
  ];
  for (const { status, body } of answers) {
    const text = JSON.stringify(body);
    assert(status >= 400 && status < 500, text);
    for (const leak of ["    at ", "select ", "PGRST", "sb_secret", runningStack().keys.secret]) {
      assert(!text.includes(leak), text);
    }
  }
});
