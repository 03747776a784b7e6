import { assertEquals, assertRejects } from "@std/assert";
import { singleFlight } from "../../shared/single_flight.ts";

/** A run that ends when told to; each adds one to what the run before it gave. */
function steered() {
  const runs: PromiseWithResolvers<void>[] = [];
  const call = singleFlight(async (before?: number) => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    await run.promise;
    return (before ?? 0) + 1;
  });
  return { call, runs };
}

/** Lets everything happen that waits for nothing else. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Until there are so many runs, which may come after a pause. */
async function untilRuns(runs: readonly unknown[], count: number): Promise<void> {
  while (runs.length < count) await settle();
}

Deno.test("a call runs at once, and the next call after it anew", async () => {
  const { call, runs } = steered();
  const first = call();
  runs[0]?.resolve();
  assertEquals(await first, 1);
  const second = call();
  assertEquals(runs.length, 2);
  runs[1]?.resolve();
  assertEquals(await second, 1);
});

Deno.test("however many call meanwhile, it runs once more, and all get that result", async () => {
  const { call, runs } = steered();
  const calls = [call(), call(), call()];
  await settle();
  assertEquals(runs.length, 1);
  runs[0]?.resolve();
  await settle();
  assertEquals(runs.length, 2);
  runs[1]?.resolve();
  assertEquals(await Promise.all(calls), [2, 2, 2]);
  assertEquals(runs.length, 2);
});

Deno.test("a call in the very moment in which a run ends is followed by a run", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const { call, runs } = steered();
    const first = call();
    await settle();
    runs[0]?.resolve();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const late = call();
    await settle();
    assertEquals(runs.length, 2, `called ${turns} turns after the end`);
    runs[1]?.resolve();
    await Promise.all([first, late]);
  }
});

Deno.test("a failure that nobody called after is thrown, and the next call runs anew", async () => {
  const { call, runs } = steered();
  const first = call();
  runs[0]?.reject(new Error("away"));
  await assertRejects(() => first, Error, "away");
  const second = call();
  runs[1]?.resolve();
  assertEquals(await second, 1);
});

Deno.test("who calls before a failure is served by another run", async () => {
  const { call, runs } = steered();
  const calls = [call(), call()];
  runs[0]?.reject(new Error("away"));
  await untilRuns(runs, 2);
  runs[1]?.resolve();
  assertEquals(await Promise.all(calls), [1, 1]);
});

Deno.test("but not for ever: the fourth failure is thrown, however often it is called", async () => {
  const { call, runs } = steered();
  const first = call();
  first.catch(() => {}); // looked at below
  for (let failure = 1; failure <= 4; failure++) {
    await untilRuns(runs, failure);
    if (failure < 4) void call();
    const again = failure < 4 ? [] : [call()];
    runs[failure - 1]?.reject(new Error(`away ${failure}`));
    for (const one of again) await assertRejects(() => one, Error, "away 4");
  }
  await assertRejects(() => first, Error, "away 4");
  assertEquals(runs.length, 4);
});
