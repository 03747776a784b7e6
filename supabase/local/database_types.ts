import { runSupabase } from "./migrations.ts";
import { repository } from "./repository.ts";
import type { StackDescription } from "./stack.ts";

/** The text of shared/database/types.ts for the database as it is; a test compares it with the file. */
export async function generateTypes({ dbUrl }: StackDescription): Promise<string> {
  return await runSupabase(repository, ["gen", "types", "--schema", "public", `--remote=${dbUrl}`]);
}
