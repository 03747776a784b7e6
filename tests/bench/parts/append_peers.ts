import type { Sql } from "postgres";
import { type Bench, settle, silence, wakeUp } from "../bench_stack.ts";
import { type Appender, startAppender } from "../load/peer_process.ts";
import type { AppendPeer, AppendRequest } from "../load/peer_request.ts";
import { withPeerDatabases } from "../peer_database.ts";
import { compare, type Finding, type Section } from "../report.ts";
import { type Arm, interleave } from "../rounds.ts";

export const title = "append-peers: post_events beside other event stores";

type Load = Pick<AppendRequest, "clients" | "size" | "aggregates">;

const loads: Load[] = [
  ...[1, 8, 32].map((clients) => ({ clients, size: 1, aggregates: "products" as const })),
  ...[8, 32].map((clients) => ({ clients, size: 1, aggregates: "mixed" as const })),
  ...[1, 8].map((clients) => ({ clients, size: 100, aggregates: "mixed" as const })),
];

interface Store {
  peer: AppendPeer;
  name: string;
  process: Appender;
  url: string;
  sql: Sql;
  /** Where the events land, and their running number. */
  table: string;
  number: string;
}

/** post_events, Emmett and message-db, each in its own process, beside a plain INSERT. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  await bench.sql.file(new URL("../plain/plain_events.sql", import.meta.url));
  return await withPeerDatabases(bench, ["emmett", "message_db"], async (databases) => {
    const own = { url: bench.stack.dbUrl, sql: bench.sql, number: "event_number" };
    const stores: Omit<Store, "process">[] = [
      { ...own, peer: "insert", name: "INSERT", table: "bench.plain_events" },
      { ...own, peer: "post_events", name: "post_events", table: "public.events" },
      {
        ...databases.emmett,
        peer: "emmett",
        name: "Emmett",
        table: "public.emt_messages",
        number: "global_position",
      },
      {
        ...databases.message_db,
        peer: "message_db",
        name: "message-db",
        table: "message_store.messages",
        number: "global_position",
      },
    ];
    const started = stores.map((store) => ({ ...store, process: startAppender(store.peer) }));
    try {
      const arms = loads.flatMap((load) => started.map((store) => arm(bench, store, load)));
      const samples = await interleave(arms, bench.rounds, bench.log);
      await settle(bench.sql);
      await wakeUp(bench);
      return section(bench, (peer, load) => samples[nameOf(peer, load)] ?? []);
    } finally {
      await Promise.all(started.map(({ process }) => process.stop()));
    }
  });
}

function section(bench: Bench, rates: (peer: AppendPeer, load: Load) => number[]): Section {
  return {
    title,
    note:
      `One transaction a call, default durability, all through node-postgres in a process of each ` +
      `one's own; ${bench.rounds} rounds of ${bench.seconds} s. Mixed: every second client appends ` +
      `about orders, the others about products; a hundred a call are of products and orders, for ` +
      `Emmett all in one new stream, as its call appends to one. The work is not equal: the INSERT ` +
      `has the seed's nine indexes and checks nothing; post_events keeps versions, idempotency ` +
      `keys, the queue of the Database Manager and its doorbell, checks types and rights, and ` +
      `returns whole events; Emmett 0.42.0 keeps stream versions and sends its statements ` +
      `unprepared; message-db 1.3.1 has four indexes, no idempotency keys, and locks the whole ` +
      `category of a stream until its commit, which buys it a log without gaps.`,
    findings: loads.flatMap((load) => findings(load, (peer) => rates(peer, load))),
  };
}

function findings(load: Load, rates: (peer: AppendPeer) => number[]): Finding[] {
  const { clients, size, aggregates } = load;
  const work = `${size === 1 ? "one a call" : `${size} a call: events`}, ` +
    `${clients} client${clients > 1 ? "s" : ""}${aggregates === "mixed" ? ", mixed" : ""}`;
  const insert = { than: "INSERT", against: rates("insert"), unit: "/s" };
  const post = { work: `post_events, ${work}`, ours: rates("post_events"), unit: "/s" };
  const ahead = size === 1 && clients > 1 ? { atLeast: 2 } : {};
  return [
    compare({ ...post, ...insert, atLeast: 0.8 }),
    compare({ work: `Emmett, ${work}`, ours: rates("emmett"), ...insert }),
    compare({ work: `message-db, ${work}`, ours: rates("message_db"), ...insert }),
    compare({ ...post, than: "Emmett", against: rates("emmett"), ...ahead }),
    compare({ ...post, than: "message-db", against: rates("message_db"), ...ahead }),
  ];
}

function arm(bench: Bench, store: Store, load: Load): Arm<number> {
  const { process, url, sql, table, number } = store;
  const measure = async () => {
    const seconds = bench.seconds;
    const before = await storedIn(sql, table, number);
    const result = await process.ask({ url, ...load, seconds });
    const stored = await storedIn(sql, table, number, before.last);
    // Each client began with a call that was not measured.
    if (result.rows === 0 || stored.rows !== result.rows + load.clients * load.size) {
      throw new Error(`${store.name} says it wrote ${result.rows} events, ${stored.rows} are new`);
    }
    return result.rows / result.seconds;
  };
  return { name: nameOf(store.peer, load), measure };
}

function nameOf(peer: AppendPeer, { clients, size, aggregates }: Load): string {
  return `${peer}, ${size} a call, ${clients} clients, ${aggregates}`;
}

/** How many rows came after a number, and the newest one's; a peer makes its table when it first appends. */
async function storedIn(sql: Sql, table: string, column: string, after = 0) {
  const [{ made } = {}] = await sql`select to_regclass(${table}) is not null as made`;
  if (!made) return { rows: 0, last: 0 };
  const [row] = await sql`
    select count(*)::int as rows, coalesce(max(${sql(column)}), 0)::int as last
    from ${sql(table)} where ${sql(column)} > ${after}`;
  return { rows: row?.rows, last: row?.last };
}
