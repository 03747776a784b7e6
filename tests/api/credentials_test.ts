import { assert, assertEquals } from "@std/assert";
import { generateKeyPair, SignJWT } from "jose";
import { signingKey, signToken } from "../../supabase/local/keys.ts";
import { callFunction } from "../support/call_function.ts";
import { runningStack } from "../support/stack.ts";
import { backend, categoryAgent, eventsOf, id, person, post, productCreated } from "./shop.ts";

const customer = await person("customer");
const pump = id("credentials");
const soon = Math.floor(Date.now() / 1000) + 3600;

function claims(change: Record<string, unknown> = {}) {
  return {
    sub: customer.userId,
    role: "authenticated",
    aud: "authenticated",
    exp: soon,
    ...change,
  };
}

async function ownToken(change: Record<string, unknown>): Promise<string> {
  const key = await signingKey(`${runningStack().dataDir}/signing_key.json`);
  return await signToken(key, claims(change));
}

/** Signed by somebody else's key, which claims to be the project's. */
async function foreignToken(): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256");
  const kid = String(runningStack().jwks.keys[0]?.kid);
  return await new SignJWT(claims()).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
}

function forgedToken(): string {
  const [head, payload, signature] = customer.token.split(".");
  const forged = JSON.parse(atob(String(payload).replaceAll("-", "+").replaceAll("_", "/")));
  const body = btoa(JSON.stringify({ ...forged, sub: "5eed0000-0000-4000-8000-000000000001" }));
  return [head, body.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""), signature]
    .join(".");
}

Deno.test("no credential, or a publishable key only, is 401 with a challenge", async () => {
  for (const key of [undefined, runningStack().keys.publishable]) {
    const answer = await post(productCreated(pump), { key });
    assertEquals([answer.status, answer.body.code], [401, "unauthenticated"]);
    assert(answer.headers.get("www-authenticate")?.startsWith("Bearer"));
  }
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("a forged, expired or foreign token is 401, even beside a secret key", async () => {
  const tokens = {
    forged: forgedToken(),
    expired: await ownToken({ exp: soon - 7200 }),
    foreign: await foreignToken(),
    "without expiry": await ownToken({ exp: undefined }),
    "for another audience": await ownToken({ aud: "elsewhere" }),
    "of nobody": await ownToken({ sub: undefined }),
    garbage: "garbage",
  };
  for (const [kind, token] of Object.entries(tokens)) {
    for (const key of [undefined, runningStack().keys.secret]) {
      const answer = await post(productCreated(pump), { token, key });
      assertEquals([answer.status, answer.body.code], [401, "unauthenticated"], kind);
    }
  }
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("a customer may not post a type for staff, an agent none that is not its own: 403", async () => {
  for (const credential of [customer, categoryAgent()]) {
    const answer = await post(productCreated(pump), credential);
    assertEquals([answer.status, answer.body.code], [403, "event_type_forbidden"]);
  }
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("the automations key posts and reads nothing: 403", async () => {
  const key = runningStack().keys.automations;
  assertEquals((await post(productCreated(pump), { key })).status, 403);
  assertEquals((await callFunction("events", { key })).status, 403);
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("each endpoint lets in whom the contract names", async () => {
  const staff = await person("staff");
  const who = { nobody: {}, customer, staff, agent: categoryAgent(), service: backend() };
  const expected: Record<string, Record<keyof typeof who, number>> = {
    "events?limit=1": { nobody: 401, customer: 200, staff: 200, agent: 200, service: 200 },
    "events/types": { nobody: 401, customer: 200, staff: 200, agent: 200, service: 200 },
    "events/stats": { nobody: 401, customer: 403, staff: 200, agent: 403, service: 200 },
    "events/unprocessed": { nobody: 401, customer: 403, staff: 200, agent: 403, service: 200 },
    status: { nobody: 200, customer: 200, staff: 200, agent: 200, service: 200 },
  };
  for (const [path, statuses] of Object.entries(expected)) {
    for (const [name, credential] of Object.entries(who)) {
      const { status } = await callFunction(path, credential);
      assertEquals(status, statuses[name as keyof typeof who], `${name} ${path}`); // keys of who
    }
  }
  for (const credential of [{}, customer, categoryAgent(), backend()]) {
    const { status } = await callFunction("events/types", { body: {}, ...credential });
    assert(status === 401 || status === 403);
  }
});
