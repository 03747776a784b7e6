/** Tickets: good for opening the feed by its URL for a while, and for nothing else. */
import { assert, assertEquals } from "@std/assert";
import type { Principal } from "../../shared/http/principal.ts";
import { issueTicket } from "../../shared/http/ticket.ts";
import { publishableKeys, secretKeys } from "../../supabase/local/keys.ts";
import { callFunction } from "../support/call_function.ts";
import { signUp } from "../support/people.ts";
import { openSql, runningStack } from "../support/stack.ts";
import { backend, categoryAgent, person } from "./shop.ts";

const service: Principal = { kind: "service", createdBy: "system" };
const staff = await person("staff");
const customer = await person("customer");
const { url, keys, jwks } = runningStack();

async function ticketOf(credential: { token?: string; key?: string }): Promise<string> {
  const answer = await callFunction("events/feed/tickets", { method: "POST", ...credential });
  assertEquals(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.ticket;
}

async function opens(ticket: string): Promise<[number, string | undefined]> {
  const { status, body } = await callFunction(`events/feed?limit=1&ticket=${ticket}`);
  return [status, body.code];
}

/** Signs tickets as the functions of the running stack do. */
function takeKeysOfStack(): void {
  Deno.env.set("SUPABASE_URL", url);
  Deno.env.set("SUPABASE_PUBLISHABLE_KEYS", JSON.stringify(publishableKeys));
  Deno.env.set("SUPABASE_SECRET_KEYS", JSON.stringify(secretKeys));
  Deno.env.set("SUPABASE_JWKS", JSON.stringify(jwks));
}

Deno.test("who may follow the feed gets a ticket that opens it without a header; others get none", async () => {
  for (const credential of [staff, categoryAgent(), backend()]) {
    assertEquals(await opens(await ticketOf(credential)), [200, undefined]);
  }
  const refused = [[customer, 403], [{ key: keys.automations }, 403], [{}, 401]] as const;
  for (const [credential, status] of refused) {
    const answer = await callFunction("events/feed/tickets", { method: "POST", ...credential });
    assertEquals(answer.status, status);
  }
});

Deno.test("a ticket lasts ten minutes and carries no credential", async () => {
  const { body } = await callFunction("events/feed/tickets", { method: "POST", ...staff });
  const left = new Date(body.expires_at).getTime() - Date.now();
  assert(left > 0 && left <= 600_000, `${left} ms left`);
  const claims = atob(body.ticket.split(".")[0].replaceAll("-", "+").replaceAll("_", "/"));
  for (const secret of [staff.token, ...Object.values(keys)]) {
    assert(!claims.includes(secret) && !body.ticket.includes(secret));
  }
  takeKeysOfStack();
  const { ticket: young } = await issueTicket("feed", service, Date.now() - 500_000);
  assertEquals(await opens(young), [200, undefined]);
  const { ticket: old } = await issueTicket("feed", service, Date.now() - 601_000);
  assertEquals(await opens(old), [401, "unauthenticated"]);
});

Deno.test("a ticket for another purpose, a forged and a broken one open nothing", async () => {
  takeKeysOfStack();
  const { ticket: other } = await issueTicket("portal", service, Date.now());
  const [body = "", signature = ""] = (await ticketOf(categoryAgent())).split(".");
  const claims = btoa(
    JSON.stringify({ purpose: "feed", principal: service, exp: 9e9 }),
  );
  for (const ticket of [other, `${claims}.${signature}`, body, `${body}.`, ".", "nonsense", ""]) {
    assertEquals(await opens(ticket), [401, "unauthenticated"], ticket);
  }
});

Deno.test("a ticket is no token: it opens no other route, and gets no further ticket", async () => {
  const ticket = await ticketOf(staff);
  for (const path of ["events", "events/stats", "events/types", "database-manager/status"]) {
    const asked = [
      await callFunction(`${path}?ticket=${ticket}`),
      await callFunction(path, { token: ticket }),
      await callFunction(path, { key: ticket }),
    ];
    assertEquals(asked.map(({ status }) => status), [401, 401, 401], path);
  }
  const more = await callFunction(`events/feed/tickets?ticket=${ticket}`, { method: "POST" });
  assertEquals(more.status, 401);
});

Deno.test("a ticket of staff is worth nothing once the right is gone", async () => {
  const person = await signUp(`feed-ticket-${crypto.randomUUID()}@example.com`);
  await using sql = openSql();
  await sql`insert into public.user_roles (user_id, role) values (${person.userId}, 'staff')`;
  const ticket = await ticketOf(person);
  assertEquals(await opens(ticket), [200, undefined]);
  await sql`delete from public.user_roles where user_id = ${person.userId}`;
  assertEquals(await opens(ticket), [403, "forbidden"]);
});

Deno.test("a stream that a ticket opened ends when its owner is no longer staff", async () => {
  await using sql = openSql(runningStack(), 1);
  const { userId, token } = await signUp(`leaver-${crypto.randomUUID()}@example.com`);
  await sql`insert into public.user_roles (user_id, role) values (${userId}, 'staff')`;
  const ticket = await ticketOf({ token });
  const response = await fetch(`${url}/functions/v1/events/feed?after=now&ticket=${ticket}`, {
    headers: { accept: "text/event-stream" },
    signal: AbortSignal.timeout(60_000), // far sooner than a stream ends by itself
  });
  assertEquals(response.status, 200);
  await sql`delete from public.user_roles where user_id = ${userId}`;
  await response.text();
  assertEquals(await opens(ticket), [403, "forbidden"]);
});
