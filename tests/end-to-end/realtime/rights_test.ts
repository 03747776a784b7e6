/** Row level security decides who follows the log, at joining and with each new token; nobody broadcasts on it. */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { signIn, signUp } from "../../support/people.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { foreignToken, projectToken } from "../../support/tokens.ts";
import { append } from "./append.ts";
import { about, listen, type ListenOptions } from "./listener.ts";

const now = () => Math.floor(Date.now() / 1000);

async function refused(topic: string, options: ListenOptions): Promise<string> {
  await using listener = await listen(topic, options);
  assertEquals(listener.states, ["CHANNEL_ERROR"]);
  return listener.said.join();
}

Deno.test("a customer is refused on every topic of the log", async () => {
  const { token } = await signIn("customer");
  for (const topic of ["events", "events:product", "events:order"]) {
    const reason = `You do not have permissions to read from this Channel topic: ${topic}`;
    assertEquals(await refused(topic, { token }), `Unauthorized: ${reason}`);
  }
});

Deno.test("the publishable key alone is refused", async () => {
  assert((await refused("events", {})).startsWith("Unauthorized"));
  assert((await refused("events:product", {})).startsWith("Unauthorized"));
});

Deno.test("staff are refused on any other private topic", async () => {
  const { token } = await signIn("staff");
  for (const topic of ["orders", "eventsx", "xevents", "public:events"]) {
    assert((await refused(topic, { token })).startsWith("Unauthorized"), topic);
  }
});

Deno.test("a secret key follows the log, as service_role does on hosted", async () => {
  await using backend = await listen("events", { key: runningStack().keys.secret });
  assertEquals(backend.states, ["SUBSCRIBED"]);
});

Deno.test("a forged, a malformed and an expired token, and a role that is not the API's, are refused", async () => {
  const { userId: sub } = await signIn("staff");
  const claims = { sub, role: "authenticated", exp: now() + 60 };
  const reasons = [
    await refused("events", { token: await foreignToken(claims) }),
    await refused("events", { token: "nonsense" }),
    await refused("events", { token: await projectToken({ ...claims, exp: now() - 60 }) }),
    await refused("events", { token: await projectToken({ sub, role: "authenticated" }) }),
    await refused("events", { token: await projectToken({ ...claims, role: "supabase_admin" }) }),
  ];
  assertEquals(reasons.map((reason) => reason.split(":")[0]), [
    "JwtSignatureError",
    "MalformedJWT",
    "InvalidJWTToken",
    "InvalidJWTToken",
    "Unauthorized",
  ]);
});

Deno.test("the websocket wants an API key of this project", async () => {
  const { url } = runningStack();
  for (const query of ["", "?apikey=sb_publishable_unknown"]) {
    const response = await fetch(`${url}/realtime/v1/websocket${query}`);
    await response.body?.cancel();
    assertEquals(response.status, 401);
  }
});

Deno.test("a public channel named as the log hears nothing of it", async () => {
  const { token } = await signIn("staff");
  await using spy = await listen("events", { isPublic: true });
  await using staff = await listen("events", { token });
  await using sql = openSql();
  const { event_number } = await append(sql);
  await staff.hears(about("processed", event_number));
  assertEquals([spy.states, spy.heard], [["SUBSCRIBED"], []]);
});

Deno.test("a channel is closed when its token ends, and lives on when another came in time", async () => {
  const { userId: sub } = await signIn("staff");
  const claims = { sub, role: "authenticated" };
  const token = await projectToken({ ...claims, exp: now() + 2 });
  await using idle = await listen("events", { token });
  await using renewed = await listen("events", { token });
  await renewed.renew(await projectToken({ ...claims, exp: now() + 60 }));
  await eventually(() => assertEquals(idle.states, ["SUBSCRIBED", "CLOSED"]));
  assert(idle.said.at(-1)?.startsWith("Token has expired"));
  await using sql = openSql();
  const { event_number } = await append(sql);
  await renewed.hears(about("processed", event_number));
  assertEquals(renewed.states, ["SUBSCRIBED"]);
  assertEquals(idle.heard.filter(about("processed", event_number)), []);
});

Deno.test("with a new token the rights are looked at again", async () => {
  const person = await signUp("realtime-once-staff@example.com");
  await using sql = openSql();
  await sql`insert into public.user_roles (user_id, role) values (${person.userId}, 'staff')`;
  const claims = { sub: person.userId, role: "authenticated", exp: now() + 60 };
  await using once = await listen("events", { token: await projectToken(claims) });
  assertEquals(once.states, ["SUBSCRIBED"]);
  await sql`delete from public.user_roles where user_id = ${person.userId}`;
  await once.renew(await projectToken({ ...claims, exp: now() + 61 }));
  await eventually(() => assertEquals(once.states, ["SUBSCRIBED", "CLOSED"]));
});

Deno.test("staff cannot broadcast on the log's topics", async () => {
  const { token } = await signIn("staff");
  await using speaker = await listen("events", { token });
  await using other = await listen("events", { token });
  await speaker.channel.send({ type: "broadcast", event: "inserted", payload: { first: 0 } });
  await using sql = openSql();
  const { event_number } = await append(sql);
  await other.hears(about("processed", event_number));
  assertEquals(other.heard.filter(({ payload }) => payload.first === 0), []);
});
