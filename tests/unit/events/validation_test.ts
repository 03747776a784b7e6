import { assertEquals, assertRejects } from "@std/assert";
import { createClient } from "@supabase/supabase-js";
import { ApplicationError } from "../../../shared/errors.ts";
import { validateEvent } from "../../../shared/events/validation.ts";

// Types defined in code are validated without a question to the database: nothing listens here.
const nowhere = createClient("http://127.0.0.1:1", "key", {
  accessToken: () => Promise.resolve("key"),
  db: { retry: false },
});

const pump = {
  event_type: "product.created",
  aggregate_type: "product",
  data: { sku: "SUBM-05HP-DOM-SS-50LPM-20M", name: "0.5HP Submersible Pump", base_price: 5999 },
};

async function refusal(event: Partial<typeof pump> | Record<string, unknown>, pointer = "") {
  const error: ApplicationError = await assertRejects(
    () => validateEvent(nowhere, { ...pump, ...event }, pointer),
    ApplicationError,
  );
  return [error.status, error.code, ...error.errors?.map((one) => one.pointer) ?? []];
}

Deno.test("validateEvent() gives back data and the version of the schema it was held against", async () => {
  assertEquals(await validateEvent(nowhere, pump), { data: pump.data, schemaVersion: 1 });
});

Deno.test("validateEvent() points at each wrong place of the data", async () => {
  const data = { sku: "", base_price: -1, colour: "red" };
  const [status, code, ...pointers] = await refusal({ data }, "/events/2");
  assertEquals([status, code], [422, "invalid_event_data"]);
  assertEquals(
    new Set(pointers),
    new Set(["sku", "name", "base_price", "colour"].map((name) => `/events/2/data/${name}`)),
  );
});

Deno.test("validateEvent() refuses a type under a foreign aggregate type", async () => {
  assertEquals(await refusal({ aggregate_type: "order" }), [
    422,
    "aggregate_type_mismatch",
    "/aggregate_type",
  ]);
});

Deno.test("validateEvent() cannot tell whether a type exists while the database is away", async () => {
  assertEquals(await refusal({ event_type: "product.exploded" }), [503, "database_unavailable"]);
});
