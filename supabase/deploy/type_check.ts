/** Type-checks what is to be deployed: the Supabase CLI does not, and the platform would not either. */
import { Refusal } from "./refusal.ts";

/** @throws Refusal when an entrypoint, or anything it imports, is missing or does not type-check. */
export async function typeCheck(project: string, entrypoints: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    // As on the platform there is no node_modules folder.
    args: ["check", "--quiet", "--node-modules-dir=none", ...entrypoints],
    cwd: project,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Refusal("the functions do not type-check");
}
