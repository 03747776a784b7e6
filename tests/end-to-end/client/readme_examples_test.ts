/** The usage examples of the README, run as they stand there. */
import { assert, assertEquals } from "@std/assert";
import { repository } from "../../../supabase/local/repository.ts";
import { toFileUrl } from "../../../supabase/local/functions/file_url.ts";
import { callFunction } from "../../support/call_function.ts";
import { runningStack } from "../../support/stack.ts";

const { url, keys } = runningStack();
const sku = "SUBM-1HP-DOM-SS-90LPM-30M";

async function examples(): Promise<string[]> {
  const readme = await Deno.readTextFile(`${repository}/README.md`);
  const [, section = ""] = readme.split("\n## Usage examples\n");
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
}

Deno.test("the usage examples of the README compile and run, one after the other", async () => {
  const blocks = await examples();
  assert(blocks.length >= 4, `${blocks.length} examples`);
  const [productId, userId] = [crypto.randomUUID(), crypto.randomUUID()];
  const given = { url, key: keys.secret, productId, userId };
  const module = [
    ...Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`),
    ...blocks,
  ].join("\n")
    .replaceAll(`"./shared/`, `"${toFileUrl(`${repository}/shared/`)}`)
    .replaceAll(sku, `README-${productId}`); // others have such a pump, too
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, module);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--check", file],
    cwd: repository,
  }).output();
  await Deno.remove(file);
  const [printed, trouble] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, trouble);

  const path = `events/aggregate/product/${productId}/history`;
  const { body: { events } } = await callFunction(path, { key: keys.secret });
  assertEquals(
    events.map((event: { event_type: string; created_by: string }) => [
      event.event_type,
      event.created_by,
    ]),
    [["product.created", `user:${userId}`], ["product.price_changed", "system"]],
  );
  for (const { created_at, event_type } of events) {
    assert(printed?.includes(`${created_at}: ${event_type}`), printed);
  }
});
