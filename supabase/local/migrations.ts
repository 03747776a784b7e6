/** Applies the project's migrations and seed with the Supabase CLI, as a deployment does. */
import { supabaseCli } from "./binaries.ts";

/** Runs the Supabase CLI on `project` and returns what it printed to stdout; throws its last words when it fails. */
export async function runSupabase(project: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(await supabaseCli(), {
    args: [...args, "--workdir", project, "--yes", "--agent", "no"],
    cwd: project,
    env: { PGSSLMODE: "disable", SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new Error(`supabase ${args.slice(0, 2).join(" ")}: ${complaint(text.decode(stderr))}`);
}

/** The one line that matters of what the CLI says when it fails: what it was doing, and the error. */
function complaint(output: string): string {
  const lines = output.trim().split("\n");
  const error = lines.findIndex((line) => line.startsWith("ERROR"));
  if (error < 0) return lines.join(" ");
  const doing = lines.slice(0, error).findLast((line) => line.endsWith("...")) ?? "";
  const statement = lines.slice(error + 1).filter((line) =>
    !/^(\s*\^|At statement|Try )/.test(line)
  );
  return [doing, lines[error], ...statement.slice(0, 2)].join(" ").trim();
}

type Digests = Record<string, string>;

/**
 * Applies what is new of supabase/migrations, and supabase/seed.sql on a database that never saw it. `stampFile` remembers
 * what was applied: the CLI takes seconds to find that nothing is new, and never sees that an applied file has changed.
 */
export async function migrate(project: string, dbUrl: string, stampFile: string): Promise<void> {
  const files = await digests(project);
  const stamp = JSON.stringify(files);
  const before = await Deno.readTextFile(stampFile).catch(() => "{}");
  if (before === stamp) return;
  refuseRewritten(JSON.parse(before), files);
  await runSupabase(project, ["db", "push", `--remote=${dbUrl}`, "--include-seed"]);
  await Deno.writeTextFile(stampFile, stamp);
}

function refuseRewritten(before: Digests, now: Digests): void {
  const changed = Object.keys(before).find((file) =>
    file.startsWith("migrations/") && before[file] !== now[file]
  );
  if (changed) {
    throw new Error(`supabase/${changed} changed after it was applied here: start with --reset`);
  }
}

async function digests(project: string): Promise<Digests> {
  const folder = `${project}/supabase`;
  const names = ["config.toml", "seed.sql"];
  for await (const { name } of Deno.readDir(`${folder}/migrations`)) {
    if (name.endsWith(".sql")) names.push(`migrations/${name}`);
  }
  const entries = names.sort().map(async (name) => [name, await digest(`${folder}/${name}`)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function digest(file: string): Promise<string> {
  const content = await Deno.readFile(file).catch(() => new Uint8Array());
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
}
