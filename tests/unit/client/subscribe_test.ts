/** Following: over any interruption, each event once, in order. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createEventClient, EventApiError } from "../../../shared/client/mod.ts";
import { serverSentEvents } from "../../../shared/client/server_sent_events.ts";
import { answers, type Next, problem } from "./answers.ts";

const url = "http://api.test";
const key = "sb_secret_test";

/** A stream of these pieces; then it ends, breaks, or stays open. */
function stream(pieces: string[], then: "ends" | "breaks" | "hangs" = "ends") {
  return (request?: Request): Response => {
    const list = [...pieces];
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          const { signal } = request ?? {};
          signal?.addEventListener("abort", () => controller.error(signal.reason));
        },
        pull(controller) {
          const piece = list.shift();
          if (piece !== undefined) return controller.enqueue(new TextEncoder().encode(piece));
          if (then === "ends") controller.close();
          if (then === "breaks") controller.error(new TypeError("connection reset"));
          if (then === "hangs") return new Promise<void>(() => {});
        },
      }),
      { headers: { "Content-Type": "text/event-stream" } },
    );
  };
}

const event = (number: number) => `id: ${number}\ndata: {"event_number":${number}}\n\n`;

async function follow(count: number, ...list: Next[]) {
  const { fetch, asked } = answers(...list);
  const abort = new AbortController();
  const { signal } = abort;
  const seen: number[] = [];
  const events = createEventClient({ url, key, fetch, attempts: 2 }).subscribe({
    after: 0,
    signal,
  });
  for await (const { event_number } of events) {
    seen.push(event_number);
    if (seen.length === count) abort.abort();
  }
  const afters = asked.map(({ url }) => new URL(url).searchParams.get("after"));
  return { seen, afters };
}

Deno.test("a stream that ends or breaks is resumed after the last event, repeats are dropped", async () => {
  const { seen, afters } = await follow(
    6,
    stream(["retry: 500\n\n", event(1) + event(2)]),
    stream([event(2), event(3)], "breaks"),
    stream([": heartbeat\n\n", "id: 9\n\n"]), // all that was dropped by a filter
    stream([event(9) + event(10) + event(11) + event(12)]),
  );
  assertEquals(seen, [1, 2, 3, 10, 11, 12]);
  assertEquals(afters, ["0", "2", "3", "9"]);
});

Deno.test("an outage longer than all attempts of a request does not end it", async () => {
  const away = new TypeError("connection refused");
  const { seen } = await follow(2, stream([event(1)]), away, away, away, stream([event(2)]));
  assertEquals(seen, [1, 2]);
});

Deno.test("a refusal ends it with the reason", async () => {
  const { fetch } = answers(problem(403, "forbidden"));
  const events = createEventClient({ url, key, fetch }).subscribe({ after: 0 });
  const error = await assertRejects(() => events.next(), EventApiError);
  assertEquals(error.code, "forbidden");
});

Deno.test("an abort ends it at once, also while nothing comes", async () => {
  const { fetch } = answers(stream([event(1)], "hangs"));
  const abort = new AbortController();
  const events = createEventClient({ url, key, fetch })
    .subscribe({ after: 0, signal: abort.signal });
  assertEquals((await events.next()).value?.event_number, 1);
  const next = events.next();
  abort.abort();
  const ended = await Promise.race([
    next,
    new Promise<"late">((resolve) => setTimeout(() => resolve("late"), 1_000)),
  ]);
  assert(ended !== "late" && ended.done);
});

Deno.test("a connection that falls silent is given up", async () => {
  const blocks = serverSentEvents(stream([event(1)], "hangs")(), 50);
  const seen: string[] = [];
  for await (const { id } of blocks) seen.push(id);
  assertEquals(seen, ["1"]);
});

Deno.test("blocks are read however they are cut, ended and commented", async () => {
  const text =
    ": hello\n\nid: 1\r\ndata: a\r\ndata: b\r\n\r\nid:2\ndata:é☃\n\ndata: no id\n\nevent: x\n\n";
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, 1000]) {
    const parts = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, i) => bytes.slice(i * size, (i + 1) * size),
    );
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        else controller.close();
      },
    });
    const blocks = await Array.fromAsync(serverSentEvents(new Response(body)));
    assertEquals(blocks, [
      { id: "1", data: "a\nb" },
      { id: "2", data: "é☃" },
      { id: "2", data: "no id" },
    ], `cut into ${size}`);
  }
});
