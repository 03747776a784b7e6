/** Calls that come while a worker runs are answered by that worker, whatever becomes of what it is doing. */
import { assertEquals } from "@std/assert";
import { publishableKeys, secretKeys } from "../../../supabase/local/keys.ts";
import { eventually } from "../../support/eventually.ts";
import { created, moved, post } from "./events.ts";
import { drainHere, managerStack } from "./manager_stack.ts";
import { versionsDone } from "./seen.ts";
import { heldRow, untilWaiting } from "./waiting.ts";

const manager = managerStack();

Deno.test.afterAll(() => {
  for (const name of ["URL", "PUBLISHABLE_KEYS", "SECRET_KEYS", "JWKS"]) {
    Deno.env.delete(`SUPABASE_${name}`);
  }
});

/** The worker of an isolate that runs against this stack. */
async function isolate(): Promise<typeof import("../../../shared/database_manager/worker.ts")> {
  Deno.env.set("SUPABASE_URL", manager.stack.url);
  Deno.env.set("SUPABASE_PUBLISHABLE_KEYS", JSON.stringify(publishableKeys));
  Deno.env.set("SUPABASE_SECRET_KEYS", JSON.stringify(secretKeys));
  Deno.env.set("SUPABASE_JWKS", JSON.stringify(manager.stack.jwks));
  return await import("../../../shared/database_manager/worker.ts");
}

Deno.test("a call that comes while a worker fails makes another look", async () => {
  const id = crypto.randomUUID();
  await post(manager, created(id));
  await drainHere(manager);
  await post(manager, moved(id));
  const { wake } = await isolate();
  const row = await heldRow(manager.sql, id);
  const first = wake();
  const [pid] = await untilWaiting(manager.sql, 1);
  const second = wake();
  await manager.sql`select pg_terminate_backend(${pid ?? 0})`;
  await row.letGo();
  await Promise.allSettled([first, second]);
  await eventually(async () => assertEquals(await versionsDone(manager, id), [1, 2]), 3);
});
