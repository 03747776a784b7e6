/** Who may subscribe, what is refused, and what of the secret is ever seen. */
import { assert, assertEquals, assertMatch, assertNotMatch, assertThrows } from "@std/assert";
import { Webhook } from "standardwebhooks";
import { eventually } from "../../support/eventually.ts";
import { signIn, signUp } from "../../support/people.ts";
import { runningStack } from "../../support/stack.ts";
import {
  agent,
  append,
  backend,
  happened,
  openLog,
  ownType,
  subscribe,
  subscription,
  subscriptions,
} from "./subscribed.ts";
import { Subscriber } from "./subscriber.ts";

Deno.test("customers and strangers may not subscribe: 403, 401; staff may", async () => {
  const customer = await signIn("customer");
  const none = { key: undefined };
  for (const [path, method, body] of calls()) {
    const answer = await subscriptions(path, { method, body, ...none, token: customer.token });
    assertEquals([answer.status, answer.body.code], [403, "forbidden"], `${method} ${path}`);
    const stranger = await subscriptions(path, { method, body, ...none });
    assertEquals(stranger.status, 401, `${method} ${path}`);
  }
  const staff = await signIn("staff");
  await using _ = await subscribe({ name: "of-staff" }, { token: staff.token });
  const { body } = await subscriptions("/of-staff", { ...none, token: staff.token });
  assertEquals(body.created_by, `user:${staff.userId}`);
});

function calls(): [path: string, method: string, body?: unknown][] {
  return [
    ["", "GET"],
    ["", "POST", { name: "mine" }],
    ["/any", "GET"],
    ["/any", "DELETE"],
    ["/any/events", "GET"],
    ["/any/ack", "POST", { event_number: 1 }],
    ["/any/replay", "POST", {}],
  ];
}

Deno.test("an agent sees and touches its own only; the backend sees all", async () => {
  await using _ = await subscribe({ name: "of-backend" });
  await using own = await subscribe({ name: "of-agent" }, agent);
  assertEquals(own.created_by, "agent:category");
  const names = async (credential: { key: string }) => {
    const { body } = await subscriptions("", credential);
    return body.subscriptions.map(({ name }: { name: string }) => name);
  };
  const ours = (await names(agent)).filter((name: string) => name !== "category-agent"); // the agent's, once it ran
  assertEquals(ours, ["of-agent"]);
  const seen = await names(backend);
  assert(seen.includes("of-agent") && seen.includes("of-backend"));
  for (const [path, method, body] of calls().slice(2)) {
    const answer = await subscriptions(path.replace("any", "of-backend"), {
      method,
      body,
      ...agent,
    });
    assertEquals([answer.status, answer.body.code], [404, "subscription_not_found"], path);
  }
});

Deno.test("what a member of staff subscribed to is paused once they are demoted, and says why", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "demoted");
  const { userId, token } = await signUp(`demoted-${crypto.randomUUID()}@example.com`);
  await sql`insert into public.user_roles (user_id, role) values (${userId}, 'staff')`;
  await using subscriber = new Subscriber();
  await using _ = await subscribe(
    { name: "of-demoted", url: subscriber.url, event_types: [type] },
    { token },
  );
  await append(sql, happened(type, 1, 1));
  await eventually(() => subscriber.took.length === 1);
  await sql`delete from public.user_roles where user_id = ${userId}`;
  const [missed] = await append(sql, happened(type, 1, 1));
  await eventually(async () => {
    assertMatch((await subscription("of-demoted")).pause_reason ?? "", /^Its creator may not/);
  });
  assertEquals(subscriber.calls.length, 1);
  await sql`insert into public.user_roles (user_id, role) values (${userId}, 'staff')`;
  const { body } = await subscriptions("/of-demoted/replay", { body: {} });
  assertEquals([body.paused_at, body.pause_reason], [null, null]);
  await eventually(() => subscriber.took.some(({ id }) => id === missed?.id));
});

Deno.test("rights that end in the middle of a turn end it", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "halfway");
  const { userId, token } = await signUp(`halfway-${crypto.randomUUID()}@example.com`);
  await sql`insert into public.user_roles (user_id, role) values (${userId}, 'staff')`;
  await using subscriber = new Subscriber();
  subscriber.slowness = 30;
  await using _ = await subscribe(
    { name: "of-halfway", url: subscriber.url, event_types: [type] },
    { token },
  );
  await append(sql, happened(type, 200, 1));
  await eventually(() => subscriber.calls.length > 2);
  await sql`delete from public.user_roles where user_id = ${userId}`;
  await eventually(async () => (await subscription("of-halfway")).pause_reason !== null);
  assert(subscriber.calls.length < 40, `${subscriber.calls.length} of a turn of 40`);
});

Deno.test("a name that is taken is 409, also for one of two that take it at once", async () => {
  await using _ = await subscribe({ name: "taken", url: "http://127.0.0.1:1/" });
  for (const credential of [backend, agent]) {
    const again = await subscriptions("", { body: { name: "taken" }, ...credential });
    assertEquals([again.status, again.body.code], [409, "subscription_exists"]);
  }
  const body = { name: "contended", url: "http://127.0.0.1:1/" };
  const answers = await Promise.all(Array.from({ length: 8 }, () => subscriptions("", { body })));
  assertEquals(
    answers.map(({ status }) => status).sort(),
    [201, 409, 409, 409, 409, 409, 409, 409],
  );
  await subscriptions("/contended", { method: "DELETE" });
});

Deno.test("the name of the pricing agent's own subscription is kept for it", async () => {
  const body = { name: "category-agent" };
  const refused = await subscriptions("", { body, ...backend });
  assertEquals([refused.status, refused.body.code], [400, "invalid_parameter"]);
});

Deno.test("what is no subscription is 422 and says where", async () => {
  const wrong: [body: Record<string, unknown>, pointer: string][] = [
    [{ name: "x", url: "not an address" }, "/url"],
    [{ name: "x", url: "ftp://example.com/" }, "/url"],
    [{ name: "x", url: "javascript:alert(1)" }, "/url"],
    [{ name: "x", url: "https://user:password@example.com/" }, "/url"],
    [{ name: "x", url: `https://example.com/${"x".repeat(2000)}` }, "/url"],
    [{ name: "Not A Name" }, "/name"],
    [{ name: "x", event_types: ["nonsense"] }, "/event_types/0"],
    [{ name: "x", event_types: [] }, "/event_types"],
    [{ name: "x", after: -1 }, "/after"],
    [{ name: "x", max_attempts: 0 }, "/max_attempts"],
    [{ name: "x", secret: "whsec_mine" }, "/secret"],
  ];
  for (const [body, pointer] of wrong) {
    const answer = await subscriptions("", { body });
    assertEquals([answer.status, answer.body.code], [422, "validation_failed"], pointer);
    assertEquals(answer.body.errors[0].pointer, pointer, JSON.stringify(answer.body));
  }
  const beyond = await subscriptions("", { body: { name: "beyond", after: 1e12 } });
  assertEquals([beyond.status, beyond.body.code], [400, "invalid_parameter"]);
});

Deno.test("every push is signed as Standard Webhooks says, with the same id at each attempt", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "signed");
  await using subscriber = new Subscriber((_, call) => call === 1 ? 500 : 200);
  await using created = await subscribe({
    name: "signed",
    url: subscriber.url,
    event_types: [type],
  });
  const [event] = await append(
    sql,
    happened(type, 1, 1).map((posting) => ({ ...posting, data: { text: "héllo ☃" } })),
  );
  await eventually(async () => {
    await sql`update private.failed_deliveries set next_attempt_at = now()`;
    await sql`select private.call_database_manager('deliver')`;
    return subscriber.calls.length === 2;
  });
  const webhook = new Webhook(created.secret);
  for (const { body, headers } of subscriber.calls) {
    const verified = webhook.verify(body, headers) as { subscription: string; event: unknown };
    assertEquals(verified.subscription, "signed");
    assertEquals(headers["webhook-id"], event?.id);
    assertThrows(() => webhook.verify(body.replace("héllo", "hello"), headers));
    assertThrows(() => webhook.verify(body, { ...headers, "webhook-id": "another" }));
  }
});

Deno.test("the secret is shown once, is nobody else's, and stands in no log", async () => {
  await using created = await subscribe({ name: "secretive", url: "http://127.0.0.1:1/" });
  assertMatch(created.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await using other = await subscribe({ name: "secretive-too", url: "http://127.0.0.1:1/" });
  assert(created.secret !== other.secret);
  await using sql = openLog();
  const type = await ownType(sql, "secretive");
  await append(sql, happened(type, 1, 1));
  await eventually(async () => {
    const { body } = await subscriptions("/secretive");
    return body.failed.length > 0; // it was used: nobody listens on that port
  });
  const seen = [
    (await subscriptions("/secretive")).body,
    (await subscriptions()).body,
    (await subscriptions("/secretive/replay", { body: {} })).body,
    (await subscriptions("/secretive/events")).body,
  ];
  for (const text of [...seen.map((body) => JSON.stringify(body)), ...await logs()]) {
    assert(!text.includes(created.secret));
    assertNotMatch(text, /whsec_/);
  }
});

async function logs(): Promise<string[]> {
  const { dataDir } = runningStack();
  const texts: string[] = [];
  for await (const { name, isFile } of Deno.readDir(`${dataDir}/logs`)) {
    if (isFile) texts.push(await Deno.readTextFile(`${dataDir}/logs/${name}`));
  }
  assert(texts.length > 0, "no log to look into");
  return texts;
}

Deno.test("a webhook inside the network is refused when it is registered, and when it is called", async () => {
  const refused = await subscriptions("", {
    body: { name: "inside", url: "http://169.254.169.254/latest/meta-data/" },
  });
  assertEquals([refused.status, refused.body.code], [400, "invalid_parameter"]);

  await using sql = openLog();
  const type = await ownType(sql, "inside");
  await using _ = await subscribe({
    name: "inside",
    url: "https://inside.invalid/",
    event_types: [type],
  });
  // What the name stands for may change after it was registered.
  await sql`update private.subscriptions set url = 'http://[::1]:9/' where name = 'inside'`;
  await append(sql, happened(type, 1, 1));
  await sql`select private.call_database_manager('deliver')`;
  await eventually(async () => {
    const { body } = await subscriptions("/inside");
    assertEquals(body.failed[0]?.error, 'Not called: "::1" is inside a network');
  });
});
