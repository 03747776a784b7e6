import { z } from "@hono/zod-openapi";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createApp } from "../../../shared/http/app.ts";
import { body, endpoint, json } from "../../../shared/http/endpoint.ts";
import { BODY_LIMIT } from "../../../shared/http/json_body.ts";
import { useTestProject } from "./keys.ts";

await useTestProject();

const Thing = z.strictObject({ name: z.string().min(1), tags: z.array(z.string()).optional() });
const note = z.json().openapi("Json");

const app = createApp("things", [
  endpoint(
    {
      method: "get",
      path: "/{id}",
      who: "anyone",
      request: {
        params: z.object({ id: z.uuid() }),
        query: z.strictObject({ limit: z.coerce.number().int().max(10).optional() }),
      },
      responses: { 200: json(Thing, "The thing") },
    },
    (c) => c.json({ name: c.req.valid("param").id }, 200),
  ),
  endpoint(
    {
      method: "post",
      path: "/",
      who: "anyone",
      request: { body: body(Thing) },
      responses: { 201: json(Thing, "The thing, made") },
    },
    (c) => c.json(c.req.valid("json"), 201),
  ),
  endpoint(
    {
      method: "put",
      path: "/notes",
      who: "anyone",
      request: { body: body(note) },
      responses: { 200: json(note, "The note") },
    },
    (c) => c.json(c.req.valid("json"), 200),
  ),
  endpoint(
    { method: "get", path: "/", who: "anyone", responses: { 200: json(Thing, "never") } },
    () => {
      throw new Error("select secret from vault");
    },
  ),
]);

const JSON_TYPE = { "Content-Type": "application/json" };

function post(body: BodyInit, headers: Record<string, string> = JSON_TYPE) {
  return app.request("/things", { method: "POST", headers, body });
}

async function problemOf(response: Response) {
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  const problem = await response.json();
  assertEquals(problem.status, response.status);
  assertEquals(problem.type, `urn:problem:${problem.code}`);
  assertEquals(problem.request_id, response.headers.get("x-request-id"));
  return problem;
}

Deno.test("createApp() answers below its slug, with or without a trailing slash", async () => {
  for (const path of ["/things", "/things/"]) {
    const response = await app.request(path, {
      method: "POST",
      headers: JSON_TYPE,
      body: `{"name":"pump"}`,
    });
    assertEquals(response.status, 201);
    assertEquals(await response.json(), { name: "pump" });
  }
  assertEquals((await app.request("/")).status, 404);
});

Deno.test("a body of the wrong shape is 422 with a pointer to each wrong place", async () => {
  const response = await post(`{"name":"","tags":["a",1],"a/b":true}`);
  const problem = await problemOf(response);
  assertEquals([problem.status, problem.code], [422, "validation_failed"]);
  assertEquals(problem.errors.map((e: { pointer: string }) => e.pointer), [
    "/name",
    "/tags/1",
    "/a~1b",
  ]);
});

Deno.test("a wrong parameter is 400 and says whether it was path or query", async () => {
  const path = await problemOf(await app.request("/things/seven"));
  assertEquals([path.status, path.code, path.errors[0].pointer], [
    400,
    "invalid_parameter",
    "/path/id",
  ]);
  const id = "5f0f3a0e-27a0-4b36-9b5c-0c6b3a9f2a11";
  const query = await problemOf(await app.request(`/things/${id}?limit=11`));
  assertEquals([query.status, query.errors[0].pointer], [400, "/query/limit"]);
  const unknown = await problemOf(await app.request(`/things/${id}?limti=1`));
  assertEquals([unknown.status, unknown.errors[0].pointer], [400, "/query/limti"]);
});

Deno.test("malformed JSON is 400, whatever is broken in it", async () => {
  const halfOfAnE = new Uint8Array([0x22, 0xc3, 0x22]);
  for (const body of ["{", `{"name":NaN}`, `{"name":Infinity}`, "", halfOfAnE]) {
    const problem = await problemOf(await post(body));
    assertEquals([problem.status, problem.code], [400, "invalid_json"]);
  }
});

Deno.test("no body at all is 400 and told so, whatever its type would be", async () => {
  for (const headers of [JSON_TYPE, {}]) {
    const response = await app.request("/things", { method: "POST", headers });
    const problem = await problemOf(response);
    assertEquals([problem.status, problem.code, problem.detail], [
      400,
      "invalid_json",
      "Send a JSON body: this request has none.",
    ]);
  }
});

Deno.test("a body nested too deep is 400, at any depth, without a crash", async () => {
  for (const depth of [33, 200_000]) {
    const problem = await problemOf(await post("[".repeat(depth) + "]".repeat(depth)));
    assertEquals([problem.status, problem.code], [400, "invalid_json"]);
  }
});

Deno.test("values that the log could not keep are 422 with a pointer", async () => {
  const body = `{"a":1e400,"b":[9007199254740993],"c":"\\u0000","d":"\\ud800","e\\u0000":1}`;
  const response = await app.request("/things/notes", { method: "PUT", headers: JSON_TYPE, body });
  const problem = await problemOf(response);
  assertEquals(problem.code, "validation_failed");
  assertEquals(problem.errors.map((e: { pointer: string }) => e.pointer), [
    "/a",
    "/b/0",
    "/c",
    "/d",
    "/e\0",
  ]);
});

Deno.test("duplicate keys and __proto__ keys do no harm", async () => {
  const twice = await post(`{"name":"first","name":"last"}`);
  assertEquals(await twice.json(), { name: "last" });
  const problem = await problemOf(await post(`{"name":"x","__proto__":{"polluted":true}}`));
  assertEquals(problem.status, 422);
  assert(!("polluted" in {}));
});

Deno.test("a body that is not declared as JSON in UTF-8 is 415", async () => {
  const types: Record<string, string>[] = [
    {},
    { "Content-Type": "text/plain" },
    { "Content-Type": "application/json; charset=latin1" },
    { "Content-Type": "application/x-www-form-urlencoded" },
  ];
  for (const headers of types) {
    const problem = await problemOf(await post(new TextEncoder().encode("{}"), headers));
    assertEquals([problem.status, problem.code], [415, "unsupported_media_type"]);
  }
  const withCharset = { "Content-Type": "application/json; charset=utf-8" };
  assertEquals((await post(`{"name":"x"}`, withCharset)).status, 201);
});

Deno.test("a body over the limit is 413 by its declared length, before it is read", async () => {
  const headers = { ...JSON_TYPE, "Content-Length": String(BODY_LIMIT + 1) };
  const problem = await problemOf(await post("{}", headers));
  assertEquals([problem.status, problem.code], [413, "payload_too_large"]);
});

Deno.test("a stream over the limit is 413 as soon as it has passed it", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1 << 20;
      controller.enqueue(new Uint8Array(1 << 20));
    },
  });
  const problem = await problemOf(await post(endless));
  assertEquals([problem.status, problem.code], [413, "payload_too_large"]);
  assert(sent <= BODY_LIMIT + (3 << 20), `it read ${sent} bytes`);
});

Deno.test("an unknown path is 404, a method not offered 405 with Allow", async () => {
  assertEquals((await problemOf(await app.request("/things/a/b"))).code, "not_found");
  const response = await app.request("/things", { method: "DELETE" });
  assertEquals(response.headers.get("allow"), "GET, POST, OPTIONS");
  assertEquals((await problemOf(response)).code, "method_not_allowed");
});

Deno.test("an unexpected error is 500 and tells nothing", async () => {
  const response = await app.request("/things");
  const text = await response.clone().text();
  assertEquals((await problemOf(response)).code, "internal_error");
  assert(!text.includes("vault") && !text.includes("app_test"));
});

Deno.test("a well-formed X-Request-Id is kept, any other is replaced", async () => {
  const kept = await app.request("/things/x", { headers: { "X-Request-Id": "abc-123" } });
  assertEquals(kept.headers.get("x-request-id"), "abc-123");
  const replaced = await app.request("/things/x", { headers: { "X-Request-Id": `"}evil` } });
  assertMatch(replaced.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

Deno.test("browsers of any origin may call, and problems are readable to them", async () => {
  const origin = { Origin: "https://shop.example" };
  const preflight = await app.request("/things", {
    method: "OPTIONS",
    headers: {
      ...origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,idempotency-key",
    },
  });
  assertEquals(preflight.status, 204);
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "authorization,idempotency-key",
  );
  const problem = await app.request("/things/seven", { headers: origin });
  assertEquals(problem.headers.get("access-control-allow-origin"), "*");
});

Deno.test("the OpenAPI document can be generated and names slug, body and problem", () => {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Things", version: "1" },
  });
  assertEquals(Object.keys(document.paths ?? {}).sort(), [
    "/things",
    "/things/notes",
    "/things/{id}",
  ]);
  assert(document.components?.schemas?.Problem);
});
