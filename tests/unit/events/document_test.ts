import { assert, assertEquals } from "@std/assert";
import { app as events } from "../../../functions/events/app.ts";
import { app as status } from "../../../functions/status/app.ts";

const info = { openapi: "3.1.0", info: { title: "Events", version: "1" } };

/** The endpoints that the setup guide and the contract name. */
const PROMISED = [
  "GET /events",
  "GET /events/aggregate/{type}/{id}/history",
  "GET /events/aggregate/{type}/{id}/state",
  "GET /events/feed",
  "GET /events/stats",
  "GET /events/types",
  "GET /events/types/{type}",
  "GET /events/unprocessed",
  "GET /events/{id}",
  "GET /events/{id}/trace",
  "POST /events",
  "POST /events/batch",
  "POST /events/types",
  "PUT /events/{id}/processing",
];

Deno.test("the document of the events function names every endpoint and its answers", () => {
  const document = events.getOpenAPI31Document(info);
  const documented = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const served = events.routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  assertEquals(new Set(documented), new Set(served));
  for (const operation of PROMISED) assert(documented.includes(operation), operation);
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item)) {
      const text = JSON.stringify(operation.responses);
      assert(text.includes("application/problem+json"), `${operation.summary}: no problem`);
      assert(operation.security.length > 0, `${operation.summary} documents no credential`);
    }
  }
  for (const name of ["PostedEvent", "Event", "EventPage", "EventType", "Problem", "Batch"]) {
    assert(document.components?.schemas?.[name], name);
  }
  assertEquals(Object.keys(document.components?.securitySchemes ?? {}).sort(), ["key", "user"]);
});

Deno.test("the document of the status function says that it needs no token", () => {
  const document = status.getOpenAPI31Document(info);
  assertEquals(document.paths?.["/status"]?.get?.security, []);
});
