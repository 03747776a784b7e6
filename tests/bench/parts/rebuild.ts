import { rebuildLimits } from "../../../shared/database_manager/rebuild/work.ts";
import { type Bench, withBenchStack, workerEnvironment } from "../bench_stack.ts";
import { withEmmettRebuild } from "../emmett_rebuild.ts";
import { JsonProcess } from "../load/json_process.ts";
import type { ReadRequest, ReadResult } from "../load/read_log_process.ts";
import { residentMegabytes } from "../processor_time.ts";
import { grow } from "../projected_log.ts";
import { rebuilt } from "../rebuild_run.ts";
import { compare, measured, number, type Section } from "../report.ts";
import { type Arm, interleave, type Samples } from "../rounds.ts";

export const title = "rebuild: events/s against reading the log";

/** Events of products and orders in the two logs, for each second of a measurement. */
const sizes = { small: 3_000, large: 12_000 };
const page = rebuildLimits.page;

type Reader = JsonProcess<ReadRequest, ReadResult>;

/** A log folded by the real worker, the same log only read, and a shorter one on a second stack. */
export async function run(bench: Bench): Promise<Section> {
  return await withBenchStack(async (second) => {
    const short: Bench = { ...bench, ...second };
    await grow(short, sizes.small * bench.seconds);
    await grow(bench, sizes.large * bench.seconds);
    const before = await residentMegabytes(bench.stack.functions.pid);
    // Both fold as many events, so that both have as much to collect.
    const memory = await interleave(
      [memoryOf(short, "small", sizes.large / sizes.small), memoryOf(bench, "large", 1)],
      bench.rounds,
      bench.log,
    );
    const rates = await withEmmettRebuild(bench, (emmett) => interleaveRates(bench, emmett));
    return section(bench, rates, { before, small: [], large: [], ...memory });
  });
}

async function interleaveRates(bench: Bench, emmett: Arm<number>): Promise<Samples<number>> {
  await bench.sql.file(new URL("../plain/log_page.sql", import.meta.url));
  const script = "tests/bench/load/read_log_process.ts";
  const reader: Reader = new JsonProcess(script, workerEnvironment(bench));
  const arms = [
    rebuild(bench),
    rebuildOfEveryRow(bench),
    read(bench, reader, "postgrest"),
    read(bench, reader, "sql"),
    emmett,
  ];
  try {
    return await interleave(arms, bench.rounds, bench.log);
  } finally {
    await reader.stop();
  }
}

function section(
  bench: Bench,
  samples: Samples<number>,
  memory: { before: number; small: number[]; large: number[] },
): Section {
  const rates = (arm: string) => samples[arm] ?? [];
  const against = {
    postgrest: { than: "read through PostgREST", against: rates("read postgrest"), unit: "/s" },
    sql: { than: "read through postgres.js", against: rates("read sql"), unit: "/s" },
    emmett: { than: "Emmett's rebuild", against: rates("emmett"), unit: "/s" },
  };
  const [small, large] = [sizes.small, sizes.large].map((size) => number(size * bench.seconds));
  const every = "rebuild, every row differs";
  return {
    title,
    note: `A log of ${large} events of products and orders, ${bench.rounds} rounds. ` +
      `The rebuild is the real one, started over HTTP and worked on by the functions process in as ` +
      `many invocations as it takes: from its start to the switch. Each page of ${page} events ` +
      `comes with the rows of its aggregates and whether each event has a receipt, is folded and ` +
      `compared; where every row differs, all are kept and written, too. Against: the same events ` +
      `in the same order and pages, whole and with nothing beside them, parsed and thrown away, ` +
      `through supabase-js and PostgREST as the worker reads, and straight from PostgreSQL. ` +
      `Emmett 0.42.0 rebuilds a projection that updates one row an event, each in a transaction of ` +
      `its own, from a shorter log of its own; its table is emptied first. Memory is that of the ` +
      `functions process while it folds as many events, of this log, or on a ` +
      `second stack of one of ${small} as often as it takes. ` +
      `Throughput of projection with 1, 2 and 4 workers is measured by the part \`projection\`.`,
    findings: [
      compare({ work: "rebuild", ours: rates("rebuild"), ...against.postgrest, atLeast: 0.3 }),
      compare({ work: "rebuild", ours: rates("rebuild"), ...against.sql }),
      compare({ work: "rebuild", ours: rates("rebuild"), ...against.emmett, atLeast: 50 }),
      compare({ work: every, ours: rates("rebuild of every row"), ...against.postgrest }),
      measured({ work: "memory before", values: [memory.before], unit: " MB" }),
      compare({
        work: `highest memory, ${large} events`,
        than: `${small} events`,
        ours: memory.large,
        against: memory.small,
        unit: " MB",
        atMost: 1.25,
      }),
    ],
  };
}

/** The highest memory of the functions process during so many rebuilds, one after the other. */
function memoryOf(bench: Bench, name: string, rebuilds: number): Arm<number> {
  const measure = async () => {
    const seen: number[] = [];
    for (let i = 0; i < rebuilds; i++) seen.push((await rebuilt(bench, 0)).megabytes);
    return Math.max(...seen);
  };
  return { name, measure };
}

function rebuild(bench: Bench): Arm<number> {
  return { name: "rebuild", measure: async () => (await rebuilt(bench, 0)).perSecond };
}

/** As after a change of `evolve`: each main row is to be written anew. */
function rebuildOfEveryRow(bench: Bench): Arm<number> {
  const { sql } = bench;
  return {
    name: "rebuild of every row",
    async measure() {
      const products = await sql`update public.products set name = 'OLD'`;
      const orders = await sql`update public.orders set notes = 'OLD'`;
      await sql`checkpoint`;
      return (await rebuilt(bench, products.count + orders.count)).perSecond;
    },
  };
}

function read({ sql }: Bench, reader: Reader, through: ReadRequest["through"]): Arm<number> {
  return {
    name: `read ${through}`,
    async measure() {
      const [{ stored } = {}] = await sql`select count(*)::int as stored from public.events`;
      const { events, seconds } = await reader.ask({ through, page });
      if (events !== stored) throw new Error(`${events} of ${stored} events were read`);
      return events / seconds;
    },
  };
}
