/** `deno task demo`, as somebody at a terminal runs it, on the running stack. */
import { assert, assertEquals } from "@std/assert";
import { repository } from "../../supabase/local/repository.ts";
import { runningStack } from "../support/stack.ts";

Deno.test("the demo proposes, approves one and shows proposal, approval and price change", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "supabase/demo.ts", "--url", runningStack().url],
    cwd: repository,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const out = new TextDecoder().decode(stdout);
  assertEquals(code, 0, out + new TextDecoder().decode(stderr));
  assert(out.includes("looked at 3 products"), out);
  assertEquals(out.match(/decision proposed\)/g)?.length, 3);
  const [, before, after] = /Price before (\d+), after (\d+)\./.exec(out) ?? [];
  assert(before !== undefined && before !== after, out);
  assertEquals(out.slice(out.indexOf("What led to it")).match(/agent\.\w+|product\.\w+/g), [
    "agent.decision_proposed",
    "agent.decision_approved",
    "product.price_changed",
  ]);
});

Deno.test("the demo says in one line what is wrong, and exits with 1", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "supabase/demo.ts", "--url", "http://127.0.0.1:1"],
    cwd: repository,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assertEquals(code, 1);
  assert(/^The demo failed: .+\n$/.test(new TextDecoder().decode(stderr)));
});
