/** Which rows each reader sees: customers their own and never each other's, staff everything. */
import { assert, assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { ANNA, BEN, STAFF } from "./people.ts";
import { id, orderCreated, post, service, stockUpdated, user } from "./posting.ts";
import { type Owner, owners, rowOf, stateTables, writeRows } from "./rows_of_two_customers.ts";
import { become, becomeOwner, outcomeOf, undone } from "./undone.ts";

const readers = {
  anna: { role: "authenticated", claims: { sub: ANNA } },
  ben: { role: "authenticated", claims: { sub: BEN } },
  staff: { role: "authenticated", claims: { sub: STAFF } },
  service: { role: "service_role", claims: {} },
};
type Reader = keyof typeof readers;
type Visible = Record<Reader, Owner[]>;

const all: Owner[] = ["anna", "ben", "nobody"];
const owned: Visible = { anna: ["anna"], ben: ["ben"], staff: all, service: all };
const everybody: Visible = { anna: all, ben: all, staff: all, service: all };
const staffOnly: Visible = { anna: [], ben: [], staff: all, service: all };

/** Whose rows each reader sees, table by table. */
const visible: Record<string, Visible> = {
  agent_decisions: staffOnly,
  customers: owned,
  dealer_prices: owned,
  dealers: owned,
  order_items: owned,
  orders: owned,
  payments: owned,
  product_costs: staffOnly,
  products: everybody,
  state_changes: staffOnly,
};

async function asEach<T>(sql: TransactionSql, look: () => Promise<T>): Promise<Record<Reader, T>> {
  const seen: Partial<Record<Reader, T>> = {};
  for (const [reader, { role, claims }] of Object.entries(readers)) {
    await become(sql, role, claims);
    seen[reader as Reader] = await look(); // a key of `readers`
    await becomeOwner(sql);
  }
  return seen as Record<Reader, T>; // by now every reader has looked
}

for (const { name, column } of stateTables) {
  Deno.test(`${name}: each reader sees exactly the rows meant for them`, async () => {
    await undone(async (sql) => {
      await writeRows(sql);
      const seen = await asEach(sql, async () => {
        const rows = await sql<{ id: string }[]>`
          select ${sql(column)} as id from public.${sql(name)}
          where ${sql(column)} = any (${all.map(rowOf)})`;
        return all.filter((owner) => rows.some((row) => row.id === rowOf(owner)));
      });
      assertEquals(seen, visible[name]);
    });
  });
}

Deno.test("every public table is covered: none is without an expectation of who sees its rows", async () => {
  await undone(async (sql) => {
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`;
    const others = ["event_types", "events", "user_roles"];
    assertEquals(tables.map(({ name }) => name), [...Object.keys(visible), ...others].sort());
    assertEquals(stateTables.map(({ name }) => name).sort(), Object.keys(visible));
  });
});

const order = { anna: id("visible order", 1), ben: id("visible order", 2) };
const product = id("visible product", 1);

/** Posts one event of each kind that matters for who may read it; returns their ids by name. */
async function postEvents(sql: TransactionSql): Promise<Record<string, string>> {
  const shipped = (aggregate_id: string) => ({
    ...orderCreated(aggregate_id, ANNA),
    event_type: "order.status_changed",
  });
  const postings = {
    "anna's own": [orderCreated(order.anna, ANNA), user(ANNA)],
    "ben's own": [orderCreated(order.ben, BEN), user(BEN)],
    "staff's on anna's order": [shipped(order.anna), user(STAFF)],
    "the system's on anna's order": [shipped(order.anna), service],
    "anna's on ben's order, by the backend": [
      { ...shipped(order.ben), created_by: `user:${ANNA}`, user_id: ANNA },
      service,
    ],
    "staff's on a product": [stockUpdated(product), user(STAFF)],
  } as const;
  const ids: Record<string, string> = {};
  for (const [name, [event, actor]] of Object.entries(postings)) {
    ids[name] = (await post(sql, [event], actor)).events[0]?.id ?? "";
  }
  return ids;
}

const annas = [
  "anna's own",
  "staff's on anna's order",
  "the system's on anna's order",
  "anna's on ben's order, by the backend",
];
const bens = ["ben's own", "anna's on ben's order, by the backend"];

const sources: Record<string, (sql: TransactionSql) => Promise<{ id: string }[]>> = {
  "the table events": (sql) => sql`select id from public.events`,
  "the view event_stream": (sql) => sql`select id from public.event_stream`,
  "get_unprocessed_events": (sql) => sql`select id from public.get_unprocessed_events(0, 10000)`,
  "get_aggregate_events": async (sql) =>
    [
      ...await sql`select id from public.get_aggregate_events('order', ${order.anna})`,
      ...await sql`select id from public.get_aggregate_events('order', ${order.ben})`,
      ...await sql`select id from public.get_aggregate_events('product', ${product})`,
    ] as { id: string }[], // as the columns say
};

for (const [source, read] of Object.entries(sources)) {
  Deno.test(`${source} shows customers their own events and those on their own aggregates`, async () => {
    await undone(async (sql) => {
      const ids = await postEvents(sql);
      const seen = await asEach(sql, async () => {
        const rows = new Set((await read(sql)).map((row) => row.id));
        return Object.keys(ids).filter((name) => rows.has(ids[name] ?? ""));
      });
      const everything = Object.keys(ids);
      const expected = { anna: annas, ben: bens, staff: everything, service: everything };
      for (const reader of Object.keys(expected) as Reader[]) { // the keys of a constant
        assertEquals(seen[reader].sort(), [...expected[reader]].sort(), reader);
      }
    });
  });
}

Deno.test("get_unprocessed_events: a page holds a customer's events however many of others come first", async () => {
  await undone(async (sql) => {
    const { "ben's own": first } = await postEvents(sql);
    const [start] = await sql`select event_number - 2 as after from public.events where id = ${
      first ?? ""
    }`;
    await become(sql, "authenticated", { sub: BEN });
    const page = await sql`select id from public.get_unprocessed_events(${start?.after ?? 0}, 1)`;
    assertEquals(page.map((row) => row.id), [first]);
  });
});

Deno.test("a user without a token's subject sees no event", async () => {
  await undone(async (sql) => {
    await postEvents(sql);
    await become(sql, "authenticated", {});
    assertEquals((await sql`select id from public.events`).length, 0);
  });
});

Deno.test("user_roles: staff see all, customers none, and each only their own", async () => {
  await undone(async (sql) => {
    const seen = await asEach(sql, async () => {
      const rows = await sql<{ user_id: string }[]>`select user_id from public.user_roles`;
      return rows.map((row) => row.user_id);
    });
    assertEquals([seen.anna, seen.ben], [[], []]);
    assert(seen.staff.length >= 2 && seen.staff.includes(STAFF));
    assertEquals(seen.service.length, seen.staff.length);

    await sql`delete from public.user_roles where user_id = ${STAFF}`;
    const after = await asEach(sql, () => sql`select from public.user_roles`);
    assertEquals(after.staff.length, 0);
  });
});

Deno.test("event_types: anyone signed in sees the whole catalog, nobody else any of it", async () => {
  await undone(async (sql) => {
    const [total] = await sql`select count(*)::integer as types from public.event_types`;
    const seen = await asEach(sql, async () => (await sql`select from public.event_types`).length);
    assertEquals(Object.values(seen), Object.keys(readers).map(() => total?.types));
    await become(sql, "anon");
    assertEquals(await outcomeOf(sql, (inner) => inner`select from public.event_types`), "42501");
  });
});

Deno.test("staff rights go with the role at once, whatever the token says", async () => {
  await undone(async (sql) => {
    await writeRows(sql);
    const claims = { sub: STAFF, app_metadata: { role: "staff" }, user_role: "staff" };
    const count = async () => {
      await become(sql, "authenticated", claims);
      const rows = await sql`select from public.customers where id = any (${all.map(rowOf)})`;
      const [staff] = await sql`select public.am_i_staff() as answer`;
      await becomeOwner(sql);
      return [rows.length, staff?.answer];
    };
    assertEquals(await count(), [Object.keys(owners).length, true]);
    await sql`delete from public.user_roles where user_id = ${STAFF}`;
    assertEquals(await count(), [0, false]);
  });
});
