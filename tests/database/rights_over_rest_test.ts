/** The same rights through PostgREST, with the tokens and keys that people and programs really hold. */
import { assert, assertEquals } from "@std/assert";
import { type Person, signIn, signUp } from "../support/people.ts";
import { runningStack } from "../support/stack.ts";
import { expectedFunctions } from "./expected_rights.ts";
import { type Posting, service, user } from "./posting.ts";
import { undone } from "./undone.ts";

interface Holder {
  key: string;
  token?: string;
}

interface Reply {
  status: number;
  // deno-lint-ignore no-explicit-any -- a test asserts what it reads
  body: any;
}

async function rest(
  { key, token }: Holder,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${runningStack().url}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: key,
      ...token && { authorization: `Bearer ${token}` },
      ...body !== undefined && { "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

const { keys } = runningStack();
const holder = ({ token }: Person): Holder => ({ key: keys.publishable, token });

/** Everybody who can reach PostgREST; two of them are customers of this test alone. */
async function everybody(): Promise<Record<string, Holder>> {
  return {
    "the publishable key": { key: keys.publishable },
    "a customer": holder(await signIn("customer")),
    "staff": holder(await signIn("staff")),
    "the default secret key": { key: keys.secret },
    "the automations key": { key: keys.automations },
    "an agent's key": { key: keys.agent_category },
  };
}

/** Public tables, each with a column that can be written. */
async function tables(): Promise<{ name: string; column: string }[]> {
  let rows: { name: string; column: string }[] = [];
  await undone(async (sql) => {
    rows = await sql<typeof rows>`
      select c.relname as name, (select a.attname from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and a.attidentity = '' order by a.attnum limit 1) as column
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;
  });
  return rows;
}

Deno.test("no token and no key writes any table through REST", async () => {
  const wrong: string[] = [];
  for (const [who, credentials] of Object.entries(await everybody())) {
    for (const { name, column } of await tables()) {
      const writes = [
        rest(credentials, "POST", name, {}),
        rest(credentials, "POST", name, {}, { prefer: "resolution=merge-duplicates" }),
        rest(credentials, "PATCH", `${name}?${column}=is.null`, { [column]: null }),
        rest(credentials, "DELETE", `${name}?${column}=is.null`),
      ];
      for (const { status, body } of await Promise.all(writes)) {
        if (body?.code !== "42501") wrong.push(`${who}, ${name}: ${status} ${body?.code}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("no token and no key makes anybody staff through REST", async () => {
  const customer = await signIn("customer");
  const role = { user_id: customer.userId, role: "staff" };
  for (const [who, credentials] of Object.entries(await everybody())) {
    for (const prefer of ["return=minimal", "resolution=merge-duplicates"]) {
      const reply = await rest(credentials, "POST", "user_roles", role, { prefer });
      assert([401, 403].includes(reply.status), `${who}: ${reply.status}`);
    }
  }
  const { body } = await rest(holder(customer), "POST", "rpc/am_i_staff");
  assertEquals(body, false);
});

Deno.test("staff learn the e-mails of people by their ids, nobody else does", async () => {
  const { "the publishable key": anon, "a customer": customer, staff } = await everybody();
  const { userId } = await signIn("customer");
  const ask = (credentials: Holder | undefined) =>
    rest(credentials ?? { key: "" }, "POST", "rpc/emails_of", { p_user_ids: [userId] });
  assertEquals((await ask(staff)).body, { [userId]: "customer@example.com" });
  assertEquals((await ask(customer)).body, {});
  assertEquals((await ask(anon)).body.code, "42501");
});

Deno.test("functions of the service are refused to the publishable key, customers and staff", async () => {
  const { "the publishable key": anon, "a customer": customer, staff } = await everybody();
  const wrong: string[] = [];
  await undone(async (sql) => {
    for (const [name, rights] of Object.entries(expectedFunctions)) {
      if (!name.startsWith("public.") || rights.authenticated !== "") continue;
      const [first] = await sql<{ names: string[]; required: number }[]>`
        select coalesce(proargnames, '{}') as names, pronargs - pronargdefaults as required from pg_proc
        where pronamespace = 'public'::regnamespace and proname = ${name.slice("public.".length)}`;
      const names = first?.names.slice(0, first.required) ?? [];
      const body = Object.fromEntries(names.map((argument) => [argument, null]));
      for (const credentials of [anon, customer, staff]) {
        const path = `rpc/${name.slice("public.".length)}`;
        const reply = await rest(credentials ?? { key: "" }, "POST", path, body);
        if (reply.body?.code !== "42501") wrong.push(`${name}: ${JSON.stringify(reply)}`);
      }
    }
  });
  assertEquals(wrong, []);
});

Deno.test("the private schema is out of reach for every key and token", async () => {
  for (const [who, credentials] of Object.entries(await everybody())) {
    for (const profile of ["private", "vault", "auth", "net", "cron", "extensions"]) {
      for (
        const [method, headers] of [
          ["GET", { "accept-profile": profile }],
          ["POST", { "content-profile": profile }],
        ] as const
      ) {
        const body = method === "POST" ? {} : undefined;
        const reply = await rest(credentials, method, "unprocessed_events", body, headers);
        assertEquals([reply.status, reply.body.code], [406, "PGRST106"], `${who} ${profile}`);
      }
    }
    for (const name of ["unprocessed_events", "aggregates", "decrypted_secrets", "users"]) {
      assertEquals((await rest(credentials, "GET", name)).status, 404, `${who} ${name}`);
    }
    for (const name of ["is_staff", "append_events", "appends_in_flight", "http_post"]) {
      assertEquals((await rest(credentials, "POST", `rpc/${name}`, {})).status, 404, name);
    }
  }
});

function registered(person: Person): Posting {
  return {
    event_type: "customer.registered",
    aggregate_type: "customer",
    aggregate_id: person.userId,
    data: { email: person.email, name: "Rights Over Rest" },
  };
}

Deno.test("two customers see their own events and never each other's; staff see both", async () => {
  const anna = await signUp("anna-over-rest@example.com");
  const ben = await signUp("ben-over-rest@example.com");
  const secret = { key: keys.secret };
  for (const person of [anna, ben]) {
    const p_actor = user(person.userId);
    const reply = await rest(secret, "POST", "rpc/post_event", {
      p_event: registered(person),
      p_actor,
    });
    assertEquals([reply.status, reply.body.events?.[0].user_id], [200, person.userId]);
  }
  const both = `in.(${anna.userId},${ben.userId})`;
  const seen = async (credentials: Holder, table: string) => {
    const reply = await rest(credentials, "GET", `${table}?aggregate_id=${both}`);
    return reply.body.map((event: { aggregate_id: string }) => event.aggregate_id).sort();
  };
  const everyone = [anna.userId, ben.userId].sort();
  const staff = holder(await signIn("staff"));
  for (const table of ["events", "event_stream"]) {
    assertEquals(await seen(holder(anna), table), [anna.userId], table);
    assertEquals(await seen(holder(ben), table), [ben.userId], table);
    assertEquals(await seen(staff, table), everyone, table);
    assertEquals(await seen(secret, table), everyone, table);
    assertEquals((await rest({ key: keys.publishable }, "GET", table)).status, 401, table);
  }
  const history = `rpc/get_aggregate_events?p_aggregate_type=customer&p_aggregate_id=${ben.userId}`;
  assertEquals((await rest(holder(anna), "GET", history)).body, []);
  assertEquals((await rest(holder(ben), "GET", history)).body.length, 1);
});

Deno.test("an agent's key and the automations key append nothing past the events function", async () => {
  // PostgREST cannot tell these keys from the default one unless they are bound to another role.
  const p_event = { event_type: "product.not_there", aggregate_type: "product" };
  const staff = await signIn("staff");
  for (const key of [keys.agent_category, keys.automations]) {
    for (const p_actor of [service, user(staff.userId)]) {
      const reply = await rest({ key }, "POST", "rpc/post_event", { p_event, p_actor });
      assertEquals(reply.body.code, "42501");
    }
  }
});
