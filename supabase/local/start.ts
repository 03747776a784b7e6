/** `deno task start [--reset] [--port N]`: runs the whole platform on this machine until Ctrl-C. */
import { parseArgs } from "node:util";
import { ensureFree } from "./ports.ts";
import { repository } from "./repository.ts";
import { startStack } from "./stack.ts";
import { welcome } from "./welcome.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { reset: { type: "boolean" }, port: { type: "string", default: "54321" } },
  });
  const gateway = Number(values.port);
  if (!Number.isInteger(gateway) || gateway < 1 || gateway > 65_534) {
    throw new Error(`Cannot use --port "${values.port}": want a number from 1 to 65534`);
  }
  const interrupted = interruption();
  const dataDir = `${repository}/.data/stack`;
  await ensureFree(gateway, "gateway"); // before the data of a running stack is removed
  if (values.reset) await Deno.remove(dataDir, { recursive: true }).catch(ignoreMissing);

  const stack = await startStack({
    dataDir,
    ports: { gateway, postgres: gateway + 1 },
    watch: true,
    log: console.log,
  });
  console.log(welcome(stack));
  try {
    await Promise.race([interrupted, stack.failed]);
  } finally {
    console.log("\nStopping");
    await stack.stop();
  }
}

/** Resolves at Ctrl-C or SIGTERM; a second one ends the process at once, and its children with it. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = () => {
      if (asked) Deno.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, ask);
    }
  });
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
