/** `deno task start [--reset] [--port N]`: runs the whole platform on this machine until Ctrl-C. */

const usage = `deno task start [options]: runs the whole platform on this machine until Ctrl-C
  --reset    starts with an empty database
  --port N   the gateway's port, 54321 unless said otherwise; PostgreSQL takes the next one
  --help     this`;

import { parseArgs } from "node:util";
import { ensureFree } from "./ports.ts";
import { repository } from "./repository.ts";
import { startStack } from "./stack.ts";
import { welcome } from "./welcome.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      reset: { type: "boolean" },
      port: { type: "string", default: "54321" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(usage);
  const gateway = Number(values.port);
  if (!Number.isInteger(gateway) || gateway < 1 || gateway > 65_534) {
    throw new Error(`Cannot use --port "${values.port}": want a number from 1 to 65534`);
  }
  const interrupted = interruption();
  const dataDir = `${repository}/.data/stack`;
  await ensureFree(gateway, "gateway"); // before the data of a running stack is removed
  await ensureOwn(dataDir);
  if (values.reset) await Deno.remove(dataDir, { recursive: true }).catch(ignoreMissing);

  const stack = await startStack({
    dataDir,
    signal: interrupted,
    ports: { gateway, postgres: gateway + 1 },
    watch: true,
    log: console.log,
  });
  console.log(welcome(stack));
  try {
    await Promise.race([once(interrupted), stack.failed]);
  } finally {
    await stack.stop();
  }
}

/** Aborted at Ctrl-C or SIGTERM; a second one ends the process at once, and its children with it. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const ask = () => {
    if (controller.signal.aborted) Deno.exit(130);
    console.log("\nStopping; once more ends it at once");
    controller.abort(new Error("it was interrupted"));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, ask);
  }
  return controller.signal;
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}

/** Throws when a stack runs on this folder's data already, on whatever port. */
async function ensureOwn(dataDir: string): Promise<void> {
  const text = await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`).catch(() => "");
  const [pid, , , port] = text.split("\n");
  const argv = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  if (!argv.includes("postgres")) return; // what a crash left behind
  throw new Error(`A stack of this folder runs already, its PostgreSQL on port ${port}`);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  console.error(`Cannot run: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
