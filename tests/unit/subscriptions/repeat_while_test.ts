import { assertEquals } from "@std/assert";
import { repeatWhile } from "../../../shared/subscriptions/repeat_while.ts";

for (const ending of ["resolve", "reject"] as const) {
  Deno.test(`an act is repeated until the work beside it ends: ${ending}`, async () => {
    const work = Promise.withResolvers<void>();
    let acts = 0;
    await repeatWhile(work.promise, 1, () => {
      if (++acts === 3) work[ending]();
    });
    assertEquals(acts, 3);
  });
}

Deno.test("work that is over at once leaves nothing to repeat", async () => {
  let acts = 0;
  await repeatWhile(Promise.resolve(), 1, () => void acts++);
  assertEquals(acts, 0);
});
