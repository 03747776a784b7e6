/** One turn of a subscription: what is pushed, what is kept for later, how far the cursor moves. */
import { assertEquals } from "@std/assert";
import { deliver } from "../../../shared/subscriptions/deliver.ts";
import { events, subscriber, taken, waiting } from "./taken.ts";

const forever = () => false;

Deno.test("fresh events are pushed in order, and the cursor passes them", async () => {
  const { push, took } = subscriber();
  const done = await deliver(taken(events("A1 A2 A3")), push, forever);
  assertEquals(took, ["A1", "A2", "A3"]);
  assertEquals(done, { cursor: 3, delivered: 3, released: [], failures: [] });
});

Deno.test("behind an event that fails its aggregate waits, the others go on", async () => {
  const { push, took } = subscriber(["A2"]);
  const done = await deliver(taken(events("A1 A2 B1 A3 B2")), push, forever);
  assertEquals(took.sort(), ["A1", "B1", "B2"]);
  assertEquals([done.cursor, done.delivered, done.failures.length], [5, 3, 1]);
  const [failure] = done.failures;
  assertEquals(
    [failure?.event_number, failure?.attempts, failure?.retry_seconds, failure?.error],
    [2, 1, 1, "The subscriber answered 500"],
  );
});

Deno.test("the last attempt parks", async () => {
  const { push } = subscriber(["A1"]);
  const [a1] = events("A1");
  if (!a1) throw new Error("no event");
  const done = await deliver(taken([], [waiting([a1], { attempts: 2 })]), push, forever);
  assertEquals(done.failures.map((failure) => failure.retry_seconds), [null]);
});

Deno.test("an aggregate that is released takes its fresh events of the same turn along", async () => {
  const [a1, a2, a3] = events("A1 A2 A3");
  if (!a1 || !a2 || !a3) throw new Error("no events");
  const { push, took } = subscriber();
  const done = await deliver(taken([a2, a3], [waiting([a1])], "A"), push, forever);
  // The cursor moves past A2 and A3: what is not delivered now would never be.
  assertEquals(took, ["A1", "A2", "A3"]);
  assertEquals([done.cursor, done.released.length, done.failures], [3, 1, []]);
});

Deno.test("when such a fresh event fails, its aggregate waits at it", async () => {
  const [a1, a2, a3] = events("A1 A2 A3");
  if (!a1 || !a2 || !a3) throw new Error("no events");
  const { push, took } = subscriber(["A2"]);
  const done = await deliver(taken([a2, a3], [waiting([a1])], "A"), push, forever);
  assertEquals(took, ["A1"]);
  assertEquals(done.released, []);
  assertEquals(done.failures.map((f) => [f.event_number, f.attempts]), [[2, 1]]);
});

Deno.test("fresh events of an aggregate that waits and is not due are left to it", async () => {
  const { push, took } = subscriber();
  const done = await deliver(taken(events("A1 B1"), [], "A"), push, forever);
  assertEquals(took, ["B1"]);
  assertEquals([done.cursor, done.failures, done.released], [2, [], []]);
});

Deno.test("more that waits than one turn takes goes on with the first that was not taken", async () => {
  const [a1, a2, , a4] = events("A1 A2 A3 A4");
  if (!a1 || !a2 || !a4) throw new Error("no events");
  const { push, took } = subscriber();
  const done = await deliver(taken([a4], [waiting([a1, a2], { rest: 3 })], "A"), push, forever);
  assertEquals(took, ["A1", "A2"]);
  assertEquals(done.released, []);
  assertEquals(
    done.failures.map((f) => [f.event_number, f.attempts, f.retry_seconds]),
    [[3, 0, 0]],
  );
});

Deno.test("when time is up nothing more is pushed, and nothing is forgotten", async () => {
  const [a1, a2, a3, b1, b2] = events("A1 A2 A3 B1 B2");
  if (!a1 || !a2 || !a3 || !b1 || !b2) throw new Error("no events");
  const { push, took } = subscriber();
  const isLate = () => took.length >= 1;
  const done = await deliver(taken([a2, a3, b1, b2], [waiting([a1])], "A"), push, isLate);
  assertEquals(took, ["A1"]);
  assertEquals([done.cursor, done.delivered, done.released], [5, 1, []]);
  assertEquals(
    done.failures.map((f) => [f.event_number, f.attempts, f.retry_seconds]).sort(),
    [[2, 0, 0], [4, 0, 0]],
  );
});

Deno.test("when time is up before it, what waits stays as it was", async () => {
  const { push } = subscriber();
  const [a1, b1] = events("A1 B1");
  if (!a1 || !b1) throw new Error("no events");
  const done = await deliver(taken([b1], [waiting([a1], { attempts: 2 })], "A"), push, () => true);
  assertEquals(done.released, []);
  assertEquals(done.failures.map((f) => [f.event_number, f.attempts]), [[2, 0]]);
});

Deno.test("what is not held any more is not pushed", async () => {
  const { push, took } = subscriber();
  const holds = () => Promise.resolve(took.length < 2);
  await deliver(taken(events("A1 A2 A3 A4")), push, forever, holds);
  assertEquals(took, ["A1", "A2"]);
});
