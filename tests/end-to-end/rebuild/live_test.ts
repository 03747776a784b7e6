/** The short form of long.ts: a rebuild while clients append and read. */
import { assert } from "@std/assert";
import { runningStack } from "../../support/stack.ts";
import { rebuildLive } from "./live.ts";

Deno.test("readers never see an empty or half state while a rebuild switches under appends", async () => {
  const { rowsSwitched, reads, appended } = await rebuildLive(runningStack(), { events: 4000 });
  assert(
    rowsSwitched >= 160 && reads > 10 && appended > 10,
    `${rowsSwitched} ${reads} ${appended}`,
  );
});
