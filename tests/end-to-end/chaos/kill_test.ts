/** SIGKILL of any process, again and again, under load: nothing acknowledged is lost, nothing happens twice. */
import { setTimeout as delay } from "node:timers/promises";
import { assert } from "@std/assert";
import { type Stack, withStack } from "../../support/stack.ts";
import { surviveLoad } from "./load.ts";

const victims: Record<string, (stack: Stack) => Promise<void>> = {
  Postgres: (stack) => stack.postgres.crash(),
  PostgREST: (stack) => stack.postgrest.crash(),
  "the functions process": (stack) => stack.functions.crash(),
};

let seed = 40;
for (const [name, crash] of Object.entries(victims)) {
  seed++;
  const load = { seed, events: 400, clients: 6 };
  Deno.test(`killing ${name} under load loses no acknowledged event and doubles no effect`, async () => {
    await withStack(async (stack) => {
      const told = await surviveLoad(stack, load, async () => {
        for (let crashes = 0; crashes < 4; crashes++) {
          await delay(600);
          await crash(stack);
        }
      });
      assert(told.repeated > 0, "no client noticed");
    });
  });
}
