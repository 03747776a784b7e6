/** The client as a package: Node imports and uses it, and TypeScript finds its types. */
import { assertEquals, assertMatch } from "@std/assert";
import { buildClient } from "../../../supabase/build_client.ts";
import { callFunction } from "../../support/call_function.ts";
import { repository } from "../../../supabase/local/repository.ts";
import { runningStack } from "../../support/stack.ts";

const { url, keys } = runningStack();

const script = `
import { createEventClient, EventApiError } from "event-sourcing-client";
const [url, key, aggregate_id] = process.argv.slice(2);
const events = createEventClient({ url, key });
const event = {
  event_type: "product.created",
  aggregate_type: "product",
  aggregate_id,
  data: { sku: "NODE-" + aggregate_id, name: "Pump", base_price: 5999 },
};
const { event_number } = await events.post(event);
for await (const { id } of events.subscribe({ after: event_number - 1, aggregate_id })) {
  console.log(id);
  break;
}
const refused = await events.post({ ...event, data: {} }).catch((error) => error);
console.log(refused instanceof EventApiError, refused.code);
`;

const consumer = `
import { createEventClient } from "event-sourcing-client";
const product = { aggregate_type: "product", aggregate_id: "" } as const;
const created = { ...product, event_type: "product.created" } as const;
const events = createEventClient({ url: "", key: "" });
await events.post({ ...created, data: { sku: "", name: "", base_price: 5999 } });
await events.post({ ...created, data: { sku: "", name: "", base_price: "5999" } });
`;

Deno.test("the client as a package", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "client package " });
  await buildClient(`${folder}/built`);
  await Deno.mkdir(`${folder}/node_modules`);
  await Deno.rename(`${folder}/built/npm`, `${folder}/node_modules/event-sourcing-client`);
  await Deno.writeTextFile(`${folder}/package.json`, `{"type":"module"}`);

  await t.step("Node posts an event with it, follows the log and tells errors apart", async () => {
    await Deno.writeTextFile(`${folder}/post.js`, script);
    const product = crypto.randomUUID();
    const { code, out } = await run("node", ["post.js", url, keys.secret, product], folder);
    assertEquals(code, 0, out);
    const path = `events/aggregate/product/${product}/history`;
    const { body } = await callFunction(path, { key: keys.secret });
    assertEquals(out.trim().split("\n"), [body.events[0].id, "true invalid_event_data"]);
  });

  await t.step("wrong data for a type does not compile against its declarations", async () => {
    await Deno.writeTextFile(`${folder}/consumer.ts`, consumer);
    const { out } = await run(Deno.execPath(), [
      ...["run", "-A", "npm:typescript@5.9.3/tsc", "--noEmit", "--strict", "--skipLibCheck"],
      ...["--target", "es2022", "--module", "nodenext", `${folder}/consumer.ts`],
    ], repository);
    assertEquals(out.match(/error TS/g)?.length, 1, out);
    assertMatch(out, /consumer\.ts\(7,.*'string' is not assignable to type 'number'/);
  });

  await t.step("the sources for JSR compile on their own", async () => {
    const { code, out } = await run(Deno.execPath(), ["check", "mod.ts"], `${folder}/built/jsr`);
    assertEquals(code, 0, out);
  });
  await Deno.remove(folder, { recursive: true });
});

async function run(command: string, args: string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: text.join("") };
}
