/** A stack whose processes are killed is whole again within seconds, and gone when it is stopped. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { signIn } from "../support/people.ts";
import { openSql, type Stack, withStack } from "../support/stack.ts";
import { unreliable } from "../support/webhook_faults.ts";

const rest = async ({ url, keys }: Stack) => {
  const response = await fetch(`${url}/rest/v1/user_roles`, { headers: { apikey: keys.secret } });
  return [response.status, (await response.json()).length];
};

Deno.test("SIGKILL of each process is survived without losing what was committed", async () => {
  await withStack(async (stack) => {
    {
      await using sql = openSql(stack);
      await sql`create table public.kept as select 1 as row`;
    }
    const before = stack.postgres.pid;
    await stack.postgres.crash();
    assert(stack.postgres.pid !== before);
    await eventually(async () => assertEquals(await rest(stack), [200, 2]), 5);
    await using sql = openSql(stack);
    assertEquals(await sql`select row from public.kept`.then((rows) => rows.length), 1);
    assertEquals((await signIn("staff", stack)).email, "staff@example.com");

    await stack.postgrest.crash();
    assertEquals(await rest(stack), [200, 2]);

    await stack.functions.crash();
    assertEquals((await callFunction("unknown", {}, stack)).status, 404);
    await delivers(stack);
  });
});

Deno.test("the gateway answers 503 with Retry-After while a process is down", async () => {
  await withStack(async (stack) => {
    await stack.functions.stop();
    const answer = await callFunction("events", { body: {} }, stack);
    assertEquals([answer.status, answer.headers.get("retry-after")], [503, "1"]);
    const held = callFunction("unknown", {}, stack); // can be sent again: waits for the start
    await stack.functions.start();
    assertEquals((await held).status, 404);

    await stack.postgres.stop();
    const { url, keys } = stack;
    const response = await fetch(`${url}/rest/v1/user_roles`, { headers: { apikey: keys.secret } });
    await response.body?.cancel();
    assertEquals(response.status, 503);
    assert(response.headers.has("retry-after")); // PostgREST's own: the seconds it waits itself
    await stack.postgres.start();
    await eventually(async () => assertEquals(await rest(stack), [200, 2]), 5);
  });
});

Deno.test("the way of the webhooks can be cut, restored, and made to lose and repeat requests", async () => {
  await withStack(async (stack) => {
    await using sql = openSql(stack);
    const post = (times: number) =>
      sql`select net.http_get(${
        stack.url + "/auth/v1/health"
      }) from generate_series(1, ${times}::int)`;
    const answered = async () => {
      const [row] = await sql`select count(*)::int as count from net._http_response`;
      return row?.count;
    };
    await stack.cron.pause(); // the sweep rings too
    await stack.pgNet.pause();
    await assertRejects(() => sql`select net.check_worker_is_up()`, Error, "not up");
    await post(3);
    assertEquals(await answered(), 0);
    stack.pgNet.resume();
    await eventually(async () => assertEquals(await answered(), 3));

    stack.pgNet.reroute(unreliable(1, { dropped: 0.5 }));
    const sent = stack.pgNet.sent;
    await post(20);
    await eventually(async () => (await sql`select from net.http_request_queue`).length === 0);
    await stack.pgNet.pause();
    assertEquals(stack.pgNet.sent - sent, 7);

    stack.pgNet.reroute((batch) => [...batch, ...batch]);
    stack.pgNet.resume();
    await post(2);
    await eventually(() => assertEquals(stack.pgNet.sent - sent, 11));
  });
});

async function delivers(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  await eventually(() => sql`select net.check_worker_is_up()`.then(() => true), 5);
  const [request] = await sql`select net.http_get(${stack.url + "/auth/v1/health"}) as id`;
  await eventually(async () => {
    const [row] = await sql`select status_code from net._http_response where id = ${request?.id}`;
    return row?.status_code === 200;
  }, 5);
}
