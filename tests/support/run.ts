/**
 * `deno task test [files] [options of deno test]` (types are `deno task check`'s): starts a stack on free ports in a temporary folder, runs the tests
 * against it, takes it down, prints `N passed, N failed` and exits as the tests did.
 */
import { repository } from "../../supabase/local/repository.ts";
import { describeStack, prepareDatabase, startStack } from "../../supabase/local/stack.ts";
import { copyDatabase, preparedVariable, stackVariable } from "./stack.ts";
import { countTests } from "./test_report.ts";

const logLinesShown = 40;

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "event sourcing " });
  try {
    const [prepared, dataDir] = [`${folder}/prepared`, `${folder}/stack`];
    await prepareDatabase(prepared);
    await Deno.mkdir(dataDir);
    await copyDatabase(prepared, dataDir);
    const stack = await startStack({
      dataDir,
      environment: { SUBSCRIPTION_ALLOWED_HOSTS: "127.0.0.1" }, // where the tests' webhooks listen
    });
    try {
      const report = `${folder}/report.xml`;
      const code = await runTests(report, {
        [stackVariable]: JSON.stringify(describeStack(stack)),
        [preparedVariable]: prepared,
      });
      if (code !== 0) console.log(lastLines(stack.functionLogs));
      console.log(await countTests(report, code));
      return code;
    } finally {
      await stack.stop();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runTests(report: string, env: Record<string, string>): Promise<number> {
  const hasFiles = Deno.args.some(isPath);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      `--junit-path=${report}`,
      ...Deno.args,
      ...hasFiles ? [] : ["tests"],
    ],
    cwd: repository,
    env,
  }).spawn();
  const interrupt = () => child.kill("SIGTERM");
  const signals = ["SIGINT", "SIGTERM"] as const;
  signals.forEach((signal) => Deno.addSignalListener(signal, interrupt));
  const { code } = await child.status;
  signals.forEach((signal) => Deno.removeSignalListener(signal, interrupt));
  return code;
}

function isPath(arg: string): boolean {
  try {
    return Deno.statSync(`${repository}/${arg}`) !== undefined;
  } catch {
    return false; // an option, or an option's value
  }
}

function lastLines(log: string[]): string {
  return ["", "The functions' last words:", ...log.slice(-logLinesShown), ""].join("\n");
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(`Cannot run the tests: ${error instanceof Error ? error.message : error}`);
  console.log("0 passed, 1 failed");
  Deno.exit(1);
}
