/** The embedded Supabase behaves as a hosted project does, as far as this project relies on it. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createClient } from "@supabase/supabase-js";
import { eventually } from "../support/eventually.ts";
import { openSql, runningStack, sqlAs } from "../support/stack.ts";
import { foreignToken, projectToken } from "../support/tokens.ts";

const password = "event-sourcing";
const options = { auth: { persistSession: false, autoRefreshToken: false } };

function client() {
  const { url, keys } = runningStack();
  return createClient(url, keys.publishable, options);
}

Deno.test("supabase-js signs in, reads its user and claims, refreshes and signs out", async () => {
  const supabase = client();
  const signedIn = await supabase.auth.signInWithPassword({ email: "staff@example.com", password });
  assertEquals(signedIn.error, null);
  assertEquals(signedIn.data.user?.email, "staff@example.com");

  const { data: { user } } = await supabase.auth.getUser();
  assertEquals(user?.id, signedIn.data.user?.id);

  const { data: claims } = await supabase.auth.getClaims();
  assertEquals(claims?.header.alg, "ES256");
  assertEquals(claims?.claims.role, "authenticated");
  assertEquals(claims?.claims.iss, `${runningStack().url}/auth/v1`);

  const refreshed = await supabase.auth.refreshSession();
  assertEquals(refreshed.error, null);
  assert(refreshed.data.session?.refresh_token !== signedIn.data.session?.refresh_token);

  assertEquals((await supabase.auth.signOut()).error, null);
});

Deno.test("supabase-js signs up a user, who is confirmed at once, and whose address is then taken", async () => {
  const credentials = { email: "stack-sign-up@example.com", password };
  const { data, error } = await client().auth.signUp(credentials);
  assertEquals(error, null);
  assertEquals(data.session?.user.email, credentials.email);
  const again = await client().auth.signUp(credentials);
  assertEquals(again.error?.code, "user_already_exists");
});

Deno.test("a signed-out session cannot be refreshed", async () => {
  const supabase = client();
  const { data } = await supabase.auth.signInWithPassword({ email: "staff@example.com", password });
  await supabase.auth.signOut();
  const { error } = await supabase.auth.refreshSession({
    refresh_token: data.session?.refresh_token ?? "",
  });
  assertEquals(error?.code, "refresh_token_not_found");
});

Deno.test("a wrong password is refused with GoTrue's code", async () => {
  const { error } = await client().auth.signInWithPassword({
    email: "staff@example.com",
    password: "wrong",
  });
  assertEquals([error?.status, error?.code], [400, "invalid_credentials"]);
});

Deno.test("REST refuses a missing and an unknown API key", async () => {
  const { url } = runningStack();
  for (const headers of [new Headers(), new Headers({ apikey: "sb_publishable_unknown" })]) {
    const response = await fetch(`${url}/rest/v1/products`, { headers });
    await response.body?.cancel();
    assertEquals(response.status, 401);
  }
});

Deno.test("REST refuses a token whose payload was changed", async () => {
  const { url, keys } = runningStack();
  const { data } = await client().auth.signInWithPassword({ email: "staff@example.com", password });
  const [header, payload = "", signature] = data.session?.access_token.split(".") ?? [];
  const forged = { ...JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) };
  const body = btoa(JSON.stringify({ ...forged, role: "service_role" })).replaceAll("=", "");
  const response = await fetch(`${url}/rest/v1/products`, {
    headers: { apikey: keys.publishable, authorization: `Bearer ${header}.${body}.${signature}` },
  });
  await response.body?.cancel();
  assertEquals(response.status, 401);
});

Deno.test("REST refuses a foreign and an expired token, and a role that is not the API's", async () => {
  const { url, keys } = runningStack();
  const soon = Math.floor(Date.now() / 1000) + 60;
  const tokens = [
    await foreignToken({ role: "service_role", exp: soon }),
    await projectToken({ role: "authenticated", exp: soon - 3600 }),
    await projectToken({ role: "supabase_admin", exp: soon }),
  ];
  for (const token of tokens) {
    const headers = { apikey: keys.publishable, authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/rest/v1/products`, { headers });
    await response.body?.cancel();
    assert([401, 403].includes(response.status), `${response.status}`);
  }
});

Deno.test("REST runs as the role of the key, or as the user whose token came with it", async () => {
  const { url, keys } = runningStack();
  const anonymous = await client().rpc("am_i_staff");
  assertEquals(anonymous.error?.code, "42501");

  const supabase = client();
  await supabase.auth.signInWithPassword({ email: "staff@example.com", password });
  assertEquals((await supabase.rpc("am_i_staff")).data, true);

  const customer = client();
  await customer.auth.signInWithPassword({ email: "customer@example.com", password });
  assertEquals((await customer.rpc("am_i_staff")).data, false);

  const service = createClient(url, keys.secret, options);
  const { data } = await service.from("user_roles").select("role");
  assert(data !== null && data.length >= 2);
});

Deno.test("the role postgres is no superuser", async () => {
  await using sql = openSql();
  const [role] =
    await sql`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`;
  assertEquals({ ...role }, { rolsuper: false, rolbypassrls: true });
  await assertRejects(() => sql`create table auth.mine ()`, Error, "permission denied");
});

Deno.test("only postgres and service_role read Vault", async () => {
  const read = (role: "anon" | "authenticated" | "service_role") =>
    sqlAs(role, {}, (sql) => sql`select decrypted_secret from vault.decrypted_secrets`);
  await assertRejects(() => read("anon"), Error, "permission denied");
  await assertRejects(() => read("authenticated"), Error, "permission denied");
  assert((await read("service_role")).length >= 2);
});

Deno.test("net.http_post sends after commit, and never what was rolled back", async () => {
  const received: string[] = [];
  await using server = listener(async (request) => {
    received.push(await request.text());
    return new Response("seen", { status: 202 });
  });
  await using sql = openSql();
  const post = (name: string) =>
    sql`select net.http_post(${server.url}, ${sql.json({ name })}) as id`;
  await sql`begin`;
  await post("rolled back");
  await sql`rollback`;
  await sql`begin`;
  const [sent] = await post("committed");
  assertEquals(received, []);
  await sql`commit`;
  const [response] = await eventually(async () => {
    const rows =
      await sql`select status_code, content from net._http_response where id = ${sent?.id}`;
    return rows.length > 0 && rows;
  });
  assertEquals({ ...response }, { status_code: 202, content: "seen" });
  assertEquals(received, ['{"name": "committed"}']);
});

Deno.test("a cron job of every second runs as its owner and records its runs", async () => {
  await using sql = openSql();
  await sql`select cron.schedule('stack test', '1 second', 'select current_user')`;
  try {
    const [run] = await eventually(async () => {
      const rows = await sql`
        select status, d.username, d.command from cron.job_run_details as d join cron.job using (jobid)
        where jobname = 'stack test' and end_time is not null limit 1`;
      return rows.length > 0 && rows;
    });
    assertEquals({ ...run }, {
      status: "succeeded",
      username: "postgres",
      command: "select current_user",
    });
  } finally {
    await sql`select cron.unschedule('stack test')`;
  }
  await assertRejects(
    () => sql`select cron.schedule('x', 'every day', 'select 1')`,
    Error,
    "invalid schedule",
  );
});

Deno.test("functions answer under /functions/v1 and an unknown one is 404", async () => {
  const response = await fetch(`${runningStack().url}/functions/v1/unknown`);
  assertEquals(response.status, 404);
  assertStringIncludes(await response.text(), "NOT_FOUND");
});

function listener(handler: Deno.ServeHandler) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
