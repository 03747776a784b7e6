/**
 * `deno task demo [--url http://127.0.0.1:54321]`: an agent proposes prices, a person approves one,
 * events change it. On a stack of its own that is gone afterwards, or on a running local one.
 */
import { parseArgs } from "node:util";
import { Platform } from "./demo/platform.ts";
import { tellStory } from "./demo/story.ts";
import { startStack } from "./local/stack.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({ args: Deno.args, options: { url: { type: "string" } } });
  if (values.url) return await tellStory(new Platform(values.url), console.log);
  const dataDir = await Deno.makeTempDir({ prefix: "event sourcing demo " });
  try {
    console.log("Starting a stack of its own…");
    const stack = await startStack({ dataDir });
    try {
      await tellStory(new Platform(stack.url), console.log);
    } finally {
      await stack.stop();
    }
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
