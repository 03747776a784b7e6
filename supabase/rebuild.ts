/** `deno task rebuild`: starts a rebuild or verification, shows how far it is, and prints what it found. */
import type { Rebuild } from "../functions/database-manager/rebuild_schema.ts";
import { type Manager, managerAt } from "./rebuild/manager.ts";
import { exitCodeOf, outcomeLines } from "./rebuild/outcome.ts";
import { ProgressBar } from "./rebuild/progress.ts";
import { usage, type Wish, wishOf } from "./rebuild/wish.ts";

const LOOK_EVERY = 250; // ms

async function main(wish: Wish): Promise<number> {
  const manager = managerAt(wish);
  let rebuild = await untilStill(manager, await manager.start(wish));
  for (const line of outcomeLines(rebuild)) console.log(line);
  if (rebuild.status === "compared" && agreed(rebuild)) {
    rebuild = await untilStill(manager, await manager.act(rebuild.id, "switch"));
    console.log(outcomeLines(rebuild).at(-1));
  } else if (rebuild.status === "compared") {
    console.log(`It waits: POST /database-manager/rebuilds/${rebuild.id}/switch or /cancel`);
  }
  return exitCodeOf(rebuild);
}

/** Follows a rebuild until it has ended, or waits for a person. */
async function untilStill(manager: Manager, started: Rebuild): Promise<Rebuild> {
  const bar = new ProgressBar();
  let rebuild = started;
  try {
    for (;;) {
      bar.show(rebuild);
      const waits = rebuild.status === "compared" && rebuild.switch_by_hand;
      if (waits || rebuild.finished_at !== null) return rebuild;
      await new Promise((done) => setTimeout(done, LOOK_EVERY));
      rebuild = await manager.look(rebuild.id);
    }
  } finally {
    bar.end();
  }
}

function agreed({ differing_rows }: Rebuild): boolean {
  return Deno.stdin.isTerminal() && confirm(`Switch ${differing_rows} rows now?`);
}

try {
  if (Deno.args.includes("--help")) console.log(usage);
  else Deno.exitCode = await main(wishOf(Deno.args, (name) => Deno.env.get(name)));
} catch (error) {
  console.error(`Cannot rebuild: ${error instanceof Error ? error.message : error}`);
  if (error instanceof TypeError) console.error(`\n${usage}`);
  Deno.exitCode = 2;
}
