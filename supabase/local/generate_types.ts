/** `deno task types`: writes shared/database/types.ts from the migrations, with the Supabase CLI. */
import { generateTypes } from "./database_types.ts";
import { repository } from "./repository.ts";
import { startStack } from "./stack.ts";

const dataDir = await Deno.makeTempDir();
try {
  const stack = await startStack({ dataDir });
  try {
    await Deno.writeTextFile(`${repository}/shared/database/types.ts`, await generateTypes(stack));
  } finally {
    await stack.stop();
  }
} catch (error) {
  console.error(`Cannot write the types: ${error instanceof Error ? error.message : error}`);
  Deno.exitCode = 1;
} finally {
  await Deno.remove(dataDir, { recursive: true });
}
