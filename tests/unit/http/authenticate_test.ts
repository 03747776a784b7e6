import { z } from "@hono/zod-openapi";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createApp } from "../../../shared/http/app.ts";
import { endpoint, json } from "../../../shared/http/endpoint.ts";
import { AGENT_KEY, AUTOMATION_KEY, SERVICE_KEY, USER, userToken, useTestProject } from "./keys.ts";

await useTestProject();

const Anything = z.record(z.string(), z.unknown());
const responses = { 200: json(Anything, "The principal") };
const app = createApp("who", [
  endpoint(
    { method: "get", path: "/any", who: ["user", "agent", "service", "automation"], responses },
    (c) => c.json({ ...c.var.principal }, 200),
  ),
  endpoint(
    { method: "get", path: "/users", who: ["user"], responses },
    (c) => c.json({ ...c.var.principal }, 200),
  ),
  endpoint(
    { method: "get", path: "/staff", who: ["staff"], responses },
    (c) => c.json({ ...c.var.principal }, 200),
  ),
]);

function as(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

async function refused(headers: Record<string, string>, path = "/any") {
  const response = await app.request(`/who${path}`, { headers });
  const { code, detail } = await response.json();
  return { status: response.status, code, detail, headers: response.headers };
}

Deno.test("a user token is the user of its sub", async () => {
  const response = await app.request("/who/any", { headers: as(await userToken()) });
  assertEquals(await response.json(), { kind: "user", userId: USER, createdBy: `user:${USER}` });
});

Deno.test("a secret key is what its name says", async () => {
  const principals = {
    [SERVICE_KEY]: { kind: "service", createdBy: "system" },
    [AGENT_KEY]: { kind: "agent", name: "category", createdBy: "agent:category" },
    [AUTOMATION_KEY]: { kind: "automation" },
  };
  for (const [apikey, principal] of Object.entries(principals)) {
    const response = await app.request("/who/any", { headers: { apikey } });
    assertEquals(await response.json(), principal);
  }
});

Deno.test("a user token wins over a secret key sent with it", async () => {
  const headers = { ...as(await userToken()), apikey: SERVICE_KEY };
  const response = await app.request("/who/any", { headers });
  assertEquals((await response.json()).kind, "user");
});

Deno.test("no credential is 401 with a challenge", async () => {
  const { status, code, headers } = await refused({});
  assertEquals([status, code], [401, "unauthenticated"]);
  assertEquals(headers.get("www-authenticate"), `Bearer realm="events"`);
});

Deno.test("a forged, expired, foreign or unreadable token is 401", async () => {
  const [head, , signature] = (await userToken()).split(".");
  const forged = btoa(JSON.stringify({ sub: USER, aud: "authenticated", exp: 9999999999 }));
  const tokens = [
    `${head}.${forged.replace(/=+$/, "")}.${signature}`,
    await userToken({ expires: -1 }),
    await userToken({ foreign: true }),
    await userToken({ audience: "another project" }),
    await userToken({ sub: "not-a-user-id" }),
    `${btoa(`{"alg":"none","kid":"here"}`)}.${forged}.`,
    "nonsense",
  ];
  for (const token of tokens) {
    const { status, code, headers } = await refused(as(token));
    assertEquals([status, code], [401, "unauthenticated"]);
    assertStringIncludes(headers.get("www-authenticate") ?? "", "invalid_token");
  }
});

Deno.test("a bad token is 401 even beside a good secret key", async () => {
  const { status } = await refused({
    ...as(await userToken({ expires: -1 })),
    apikey: SERVICE_KEY,
  });
  assertEquals(status, 401);
});

Deno.test("a token that was believed is not believed past its expiry", async () => {
  const headers = as(await userToken({ expires: 1 }));
  assertEquals((await app.request("/who/any", { headers })).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assertEquals((await app.request("/who/any", { headers })).status, 401);
});

Deno.test("an unknown, publishable or nameless key is 401, also in Authorization", async () => {
  for (const key of ["sb_secret_wrong", "sb_publishable_x", "sb_secret_other"]) {
    assertEquals((await refused({ apikey: key })).status, 401);
  }
  assertEquals((await refused(as(SERVICE_KEY))).status, 401);
});

Deno.test("a good credential of the wrong kind is 403", async () => {
  for (const apikey of [SERVICE_KEY, AGENT_KEY, AUTOMATION_KEY]) {
    for (const path of ["/users", "/staff"]) {
      const { status, code } = await refused({ apikey }, path);
      assertEquals([status, code], [403, "forbidden"]);
    }
  }
});

Deno.test("staff is asked of the database: while that is away nobody gets in, 503", async () => {
  const { status, code, headers } = await refused(as(await userToken()), "/staff");
  assertEquals([status, code, headers.get("retry-after")], [503, "database_unavailable", "2"]);
});
