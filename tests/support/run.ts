/**
 * `deno task test [files] [options of deno test]` (types are `deno task check`'s): starts stacks on free ports in temporary folders, runs the tests
 * against them, takes them down, prints `N passed, N failed` and exits as the tests did.
 */
import { repository } from "../../supabase/local/repository.ts";
import { describeStack, prepareDatabase, startStack } from "../../supabase/local/stack.ts";
import { copyDatabase, preparedVariable, stackVariable } from "./stack.ts";
import { countTests } from "./test_report.ts";

const logLinesShown = 40;

/** All tests: the shares run beside each other, each against a stack of its own. */
const shares: readonly (readonly string[])[] = [
  ["tests/end-to-end"],
  ["tests/api", "tests/browser", "tests/database", "tests/unit"],
];

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "event sourcing " });
  try {
    const prepared = `${folder}/prepared`;
    await prepareDatabase(prepared);
    const named = Deno.args.some(isPath);
    const codes = await Promise.all(
      (named ? [[]] : shares).map((paths, nth) =>
        runShare(`${folder}/${nth}`, prepared, paths, nth === 0).catch((error) => {
          console.error(`Cannot run ${paths.join(", ") || "the tests"}: ${error}`);
          return 1;
        })
      ),
    );
    const code = codes.find((code) => code !== 0) ?? 0;
    const reports = codes.map((_, nth) => `${folder}/${nth}/report.xml`);
    console.log(await countTests(reports, code));
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Only what is `live` prints as it goes; the rest prints when it is done, for lines not to mix. */
async function runShare(
  folder: string,
  prepared: string,
  paths: readonly string[],
  live: boolean,
): Promise<number> {
  const dataDir = `${folder}/stack`;
  await Deno.mkdir(dataDir, { recursive: true });
  await copyDatabase(prepared, dataDir);
  const stack = await startStack({
    dataDir,
    environment: { SUBSCRIPTION_ALLOWED_HOSTS: "127.0.0.1" }, // where the tests' webhooks listen
  });
  try {
    const args = [`--junit-path=${folder}/report.xml`, ...Deno.args, ...paths];
    const code = await runTests(args, live, {
      [stackVariable]: JSON.stringify(describeStack(stack)),
      [preparedVariable]: prepared,
    });
    if (code !== 0) console.log(lastLines(stack.functionLogs));
    return code;
  } finally {
    await stack.stop();
  }
}

async function runTests(
  args: string[],
  live: boolean,
  env: Record<string, string>,
): Promise<number> {
  const output = live ? "inherit" : "piped";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", ...args],
    cwd: repository,
    env,
    stdout: output,
    stderr: output,
  }).spawn();
  const interrupt = () => child.kill("SIGTERM");
  const signals = ["SIGINT", "SIGTERM"] as const;
  signals.forEach((signal) => Deno.addSignalListener(signal, interrupt));
  try {
    if (live) return (await child.status).code;
    const { code, stdout, stderr } = await child.output();
    console.log(new TextDecoder().decode(stdout));
    console.error(new TextDecoder().decode(stderr));
    return code;
  } finally {
    signals.forEach((signal) => Deno.removeSignalListener(signal, interrupt));
  }
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
