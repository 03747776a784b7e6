/** The websocket speaks the protocol of Phoenix channels frame by frame, for clients other than supabase-js. */
import { assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { listen } from "./listener.ts";

type Frame = [string | null, string | null, string, string, unknown];

interface RawSocket extends AsyncDisposable {
  frames: Frame[];
  closed: { code?: number };
  send: (frame: Frame | string) => void;
  /** Sends and resolves to the answer with the same ref. */
  ask: (frame: Frame) => Promise<Frame>;
}

async function openSocket(): Promise<RawSocket> {
  const { url, keys } = runningStack();
  const address = `${url.replace("http", "ws")}/realtime/v1/websocket`;
  const socket = new WebSocket(`${address}?apikey=${keys.publishable}&vsn=2.0.0`);
  const frames: Frame[] = [];
  const closed: { code?: number } = {};
  const end = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => typeof data === "string" && frames.push(JSON.parse(data));
  socket.onclose = ({ code }) => {
    closed.code = code;
    end.resolve();
  };
  await new Promise((resolve) => socket.onopen = resolve);
  const send = (frame: Frame | string) =>
    socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  return {
    frames,
    closed,
    send,
    ask: (frame) => {
      send(frame);
      return eventually(() => frames.find(([, ref]) => ref === frame[1]) ?? false);
    },
    [Symbol.asyncDispose]: () => {
      socket.close();
      return end.promise;
    },
  };
}

const topic = "realtime:events";

async function joining(ref: string): Promise<Frame> {
  const { token } = await signIn("staff");
  return [ref, ref, topic, "phx_join", { config: { private: true }, access_token: token }];
}

const ok = (response = {}) => ({ status: "ok", response });

Deno.test("a heartbeat is answered", async () => {
  await using socket = await openSocket();
  const beat: Frame = [null, "7", "phoenix", "heartbeat", {}];
  assertEquals(await socket.ask(beat), [null, "7", "phoenix", "phx_reply", ok()]);
});

Deno.test("joining and leaving are answered, and the end is told", async () => {
  await using socket = await openSocket();
  const joined = await socket.ask(await joining("1"));
  assertEquals(joined, ["1", "1", topic, "phx_reply", ok({ postgres_changes: [] })]);
  const left = await socket.ask(["1", "2", topic, "phx_leave", {}]);
  assertEquals(left, ["1", "2", topic, "phx_reply", ok()]);
  await eventually(() => assertEquals(socket.frames.at(-1), ["1", "1", topic, "phx_close", {}]));
});

Deno.test("joining a topic again ends the first joining", async () => {
  await using socket = await openSocket();
  await socket.ask(await joining("1"));
  await socket.ask(await joining("2"));
  assertEquals(socket.frames.map(([joinRef, , , event]) => `${event} ${joinRef}`), [
    "phx_reply 1",
    "phx_close 1",
    "phx_reply 2",
  ]);
});

Deno.test("changes of tables, presence and nameless topics are refused in words", async () => {
  await using socket = await openSocket();
  const changes = { config: { postgres_changes: [{ event: "*", schema: "public" }] } };
  const answers = [
    await socket.ask(["1", "1", "realtime:a", "phx_join", changes]),
    await socket.ask(["2", "2", "realtime:", "phx_join", {}]),
    await socket.ask(["3", "3", topic, "presence", {}]),
  ];
  assertEquals(answers.map(([, , , , payload]) => Object(payload).status), Array(3).fill("error"));
});

Deno.test("what is no frame closes the socket", async () => {
  await using socket = await openSocket();
  socket.send("no frame");
  await eventually(() => assertEquals(socket.closed.code, 1003));
});

for (const version of ["1.0.0", "2.0.0"] as const) {
  Deno.test(`where a policy lets staff send, all others hear it, with protocol ${version}`, async () => {
    const { token } = await signIn("staff");
    await using sql = openSql();
    await sql`create policy by_the_test on realtime.messages for insert to authenticated with check (true)`;
    try {
      await using speaker = await listen("events", { token, version });
      await using other = await listen("events", { token });
      const payload = { first: 1, last: 1, event_types: ["é"], aggregate_types: [] };
      await speaker.channel.send({ type: "broadcast", event: "said", payload });
      assertEquals((await other.hears(({ event }) => event === "said")).payload, payload);
      assertEquals(speaker.heard.filter(({ event }) => event === "said"), []);
    } finally {
      await sql`drop policy by_the_test on realtime.messages`;
    }
  });
}

Deno.test("members of a public channel hear each other", async () => {
  await using speaker = await listen("chat", { isPublic: true });
  await using other = await listen("chat", { isPublic: true });
  await speaker.channel.send({ type: "broadcast", event: "said", payload: { first: 7 } });
  assertEquals((await other.hears(({ event }) => event === "said")).payload.first, 7);
});
