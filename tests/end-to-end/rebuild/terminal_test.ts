/** `deno task rebuild`, as somebody at a terminal runs it. */
import { assert, assertEquals } from "@std/assert";
import { repository } from "../../../supabase/local/repository.ts";
import { customerRegistered, id, stored } from "../../api/shop.ts";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, runningStack } from "../../support/stack.ts";

const { url, keys } = runningStack();

async function rebuild(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "rebuild", ...args],
    cwd: repository,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

const here = ["--url", url, "--key", keys.secret, "--types", "customer"];
const customer = await stored(customerRegistered(id("terminal: customer")), { key: keys.secret });
await eventually(async () => {
  const { body } = await callFunction(`events/${customer.id}`, { key: keys.secret });
  return body.processed === true;
});

async function nameNow(): Promise<string> {
  await using sql = openSql();
  const [row] = await sql`select name from customers where id = ${customer.aggregate_id}`;
  return row?.name;
}

Deno.test("--verify prints each differing field with its event, and exits with 1; a rebuild heals", async () => {
  assertEquals((await rebuild([...here, "--verify"])).code, 0);
  await using sql = openSql();
  await sql`update customers set name = 'X' where id = ${customer.aggregate_id}`;

  const found = await rebuild([...here, "--verify"]);
  assertEquals([found.code, found.err], [1, ""]);
  assert(found.out.includes(`customers ${customer.aggregate_id} differs (version 1)`), found.out);
  const field = `name: "X" should be "Casey Customer" (event ${customer.event_number})`;
  assert(found.out.includes(field), found.out);
  assert(/verify █{30} 100 % {2}[\d,]+ of [\d,]+ events, [\d,]+\/s {2}completed/.test(found.out));
  assertEquals(await nameNow(), "X");

  const healed = await rebuild([...here, "--reason", "a row was changed by hand"]);
  assertEquals([healed.code, healed.err], [0, ""]);
  assert(/rebuild \S+ completed: \d+ events, 1 differing rows, 0 findings in/.test(healed.out));
  assertEquals(await nameNow(), "Casey Customer");
  assertEquals((await rebuild([...here, "--verify"])).code, 0);
});

Deno.test("--by-hand stops before the switch and says what to do; another is refused meanwhile", async () => {
  await using sql = openSql();
  await sql`update customers set name = 'X' where id = ${customer.aggregate_id}`;
  const env = { SUPABASE_URL: url, SUPABASE_SECRET_KEY: keys.secret };
  const { code, out } = await rebuild(["--by-hand", "--types", "customer"], env);
  assertEquals(code, 0);
  const waiting = /rebuilds\/(\S+)\/switch/.exec(out)?.[1] ?? "";
  assert(waiting !== "", out);
  assertEquals(await nameNow(), "X");

  const refused = await rebuild(here);
  assertEquals(refused.code, 2);
  assert(refused.err.includes(waiting), refused.err);

  const post = { method: "POST", key: keys.secret };
  await callFunction(`database-manager/rebuilds/${waiting}/switch`, post);
  await eventually(async () => assertEquals(await nameNow(), "Casey Customer"));
});

Deno.test("what cannot be done is one clear line and exit code 2", async () => {
  const cases: [string[], string][] = [
    [["--url", url, "--key", keys.publishable], "401 unauthenticated"],
    [["--url", url, "--key", keys.secret, "--types", "nonsense"], "404 aggregate_type_not_found"],
    [["--url", "http://127.0.0.1:1", "--key", "x"], "Cannot reach http://127.0.0.1:1"],
    [["--url", url], "want --key or SUPABASE_SECRET_KEY"],
    [["--verify", "--by-hand"], "--by-hand has no meaning"],
    [["--colour"], "--colour"],
  ];
  for (const [args, expected] of cases) {
    const { code, err } = await rebuild(args);
    assertEquals(code, 2, args.join(" "));
    const [line] = err.split("\n");
    assert(line?.startsWith("Cannot rebuild: ") && line.includes(expected), err);
  }
  const help = await rebuild(["--help"]);
  assert(help.code === 0 && help.out.includes("deno task rebuild"));
});
