import { runSupabase } from "./migrations.ts";
import { repository } from "./repository.ts";
import type { StackDescription } from "./stack.ts";

/** The text of shared/database/types.ts for the database as it is; a test compares it with the file. */
export async function generateTypes({ dbUrl }: StackDescription): Promise<string> {
  return await formatted(
    await runSupabase(repository, ["gen", "types", "--schema", "public", `--remote=${dbUrl}`]),
  );
}

/** The CLI prints whole tables on one line, in which no reviewer sees a change. */
async function formatted(code: string): Promise<string> {
  const format = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=ts", "-"],
    cwd: repository,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = format.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { success, stdout } = await format.output();
  if (!success) throw new Error("Cannot format the types that the Supabase CLI printed");
  return new TextDecoder().decode(stdout);
}
