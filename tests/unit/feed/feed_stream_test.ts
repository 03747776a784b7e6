/** The feed as a stream of Server-Sent Events: what is sent, when it ends, what it costs. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { streamFeed } from "../../../functions/events/feed_stream.ts";
import { ApplicationError } from "../../../shared/errors.ts";
import { dispatched, fast, Log, pause, readText } from "./log.ts";

const always = () => Promise.resolve(true);
const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

Deno.test("a stream says when to come back, sends what there was and what comes, and ends well", async () => {
  const log = new Log();
  log.append("product.created", 25);
  const started = performance.now();
  const response = await streamFeed(0, {}, always, log, fast);
  setTimeout(() => log.append("product.created", 5), 100);
  const text = await readText(response);
  assert(performance.now() - started >= fast.lifetime - 50);
  assert(text.startsWith("retry: 500\n\n"));
  assertEquals(dispatched(text), numbers(1, 30));
});

Deno.test("events the filter drops move the id without data, at a heartbeat", async () => {
  const log = new Log();
  log.append("product.created", 15);
  log.append("product.discontinued", 1);
  log.append("product.created", 4);
  const filter = { event_types: ["product.discontinued"] };
  const text = await readText(await streamFeed(0, filter, always, log, fast), "id: 20\n\n");
  assertEquals(dispatched(text), [16]);
  const beatless = { ...fast, heartbeat: 60_000, lifetime: 200 };
  const silent = await readText(
    await streamFeed(0, { event_types: ["none"] }, always, log, beatless),
  );
  assertEquals(silent, "retry: 500\n\nid: 20\n\n: heartbeat\n\n"); // its last words
});

Deno.test("a silent stream sends a comment now and then, and reads nothing for it", async () => {
  const log = new Log();
  const text = await readText(await streamFeed(0, {}, always, log, { ...fast, lifetime: 400 }));
  const beats = text.match(/^: heartbeat$/gm)?.length ?? 0;
  assert(beats >= 2 && beats <= 20, `${beats} heartbeats`);
});

Deno.test("from now on: the place is told at once, the past is not", async () => {
  const log = new Log();
  log.append("product.created", 7);
  const response = await streamFeed("now", {}, always, log, fast);
  log.append();
  const text = await readText(response, "id: 8\n");
  assertStringIncludes(text, "id: 7\n\n");
  assertEquals(dispatched(text), [8]);
});

Deno.test("while the database is away the stream stays, and goes on afterwards without a gap", async () => {
  const log = new Log();
  log.append("product.created", 12);
  log.trouble = new ApplicationError("database_unavailable", "away");
  const response = await streamFeed(3, {}, always, log, fast);
  setTimeout(() => log.trouble = null, 60);
  setTimeout(() => log.trouble = new Error("again"), 120);
  setTimeout(() => {
    log.append();
    log.trouble = null;
  }, 180);
  assertEquals(dispatched(await readText(response, "id: 13\n")), numbers(4, 13));
});

Deno.test("a place that does not exist is refused, not waited at", async () => {
  const log = new Log();
  await assertRejects(
    () => streamFeed(5, {}, always, log, fast),
    ApplicationError,
    "no such event",
  );
});

Deno.test("a stream nobody reads costs a page or two, not the log", async () => {
  const log = new Log(100);
  log.append("product.created", 10_000);
  const response = await streamFeed(0, {}, always, log, { ...fast, lifetime: 60_000 });
  await pause(100);
  assert(log.reads <= 4, `${log.reads} reads`);
  assertEquals(dispatched(await readText(response, "id: 1000\n")).slice(0, 1000), numbers(1, 1000));
});

Deno.test("a client that leaves ends the work for it", async () => {
  const log = new Log();
  const response = await streamFeed(0, {}, always, log, { ...fast, lifetime: 60_000 });
  await readText(response, "retry");
  await pause(150);
  const { reads } = log;
  await pause(150);
  assertEquals(log.reads, reads);
});

Deno.test("a stream ends when its reader may not stay, however much comes", async () => {
  const log = new Log();
  let staff = true;
  const mayStay = () => Promise.resolve(staff);
  const response = await streamFeed(0, {}, mayStay, log, { ...fast, lifetime: 60_000 });
  setTimeout(() => staff = false, 150);
  const busy = setInterval(() => log.append(), 10);
  const text = await readText(response);
  clearInterval(busy);
  assertStringIncludes(text, ": heartbeat");
});
