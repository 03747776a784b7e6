/** Runs the Supabase CLI, which reports a missing import as a mere warning and exits with 0. */
import { stripVTControlCharacters } from "node:util";
import { supabaseCli } from "../local/binaries.ts";
import { Refusal } from "./refusal.ts";

export interface RunOptions {
  env?: Record<string, string>;
  /** Whether what it prints also goes to the terminal; it does unless this says no. */
  echo?: boolean;
}

/** @throws Refusal when the CLI fails or says a word of warning. */
export async function runCli(
  project: string,
  args: string[],
  { env = {}, echo = true }: RunOptions = {},
): Promise<void> {
  const child = new Deno.Command(await supabaseCli(), {
    args: [...args, "--workdir", project, "--yes", "--agent", "no"],
    cwd: project,
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = await Promise.all([collect(child.stdout, echo), collect(child.stderr, echo)]);
  const lines = stripVTControlCharacters(output.join("\n")).split("\n").map((line) => line.trim());
  const command = `supabase ${args.slice(0, 2).join(" ")}`;
  const warnings = lines.filter((line) => /^warn(ing)?\b/i.test(line));
  if (warnings.length > 0) throw new Refusal(`${command} warns: ${warnings.join("; ")}`);
  if (!(await child.status).success) {
    const reason = echo ? "" : `: ${lines.filter(Boolean).join("; ")}`;
    throw new Refusal(`${command} failed${reason}`);
  }
}

async function collect(stream: ReadableStream<Uint8Array>, echo: boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (echo) await Deno.stderr.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}
