import { rebuildLimits } from "../../../shared/database_manager/rebuild/work.ts";
import { type Bench, silence, workerEnvironment } from "../bench_stack.ts";
import { JsonProcess } from "../load/json_process.ts";
import type { ReadRequest, ReadResult } from "../load/read_log_process.ts";
import { residentMegabytes } from "../processor_time.ts";
import { grow, type Projector } from "../projected_log.ts";
import { rebuilt, type Sample } from "../rebuild_run.ts";
import { compare, measured, number, type Section } from "../report.ts";
import { type Arm, interleave, type Samples } from "../rounds.ts";

export const title = "rebuild: events/s against reading the log";

/** Events of products and orders in the log, first and then. */
const sizes = { small: 10_000, large: 40_000 };
const page = rebuildLimits.page;

type Reader = JsonProcess<ReadRequest, ReadResult>;

/** A log folded by the real worker, and the same log only read. */
export async function run(bench: Bench): Promise<Section> {
  const { stack, sql } = bench;
  await silence(bench);
  await sql.file(new URL("../plain/log_page.sql", import.meta.url));
  const environment = workerEnvironment(bench);
  const projector: Projector = new JsonProcess("tests/bench/load/drain_process.ts", environment);
  const reader: Reader = new JsonProcess("tests/bench/load/read_log_process.ts", environment);
  try {
    await grow(bench, projector, sizes.small);
    const before = await residentMegabytes(stack.functions.pid);
    const small = await memoryOf(bench, sizes.large / sizes.small);
    await grow(bench, projector, sizes.large);
    const large = await memoryOf(bench, 1);
    const arms = [
      rebuild(bench),
      rebuildOfEveryRow(bench),
      read(bench, reader, "postgrest"),
      read(bench, reader, "sql"),
    ];
    const samples = await interleave(arms, bench.rounds, bench.log);
    return section(bench, samples, { before, small, large });
  } finally {
    await Promise.all([reader.stop(), projector.stop()]);
  }
}

function section(
  bench: Bench,
  samples: Samples<Sample>,
  memory: { before: number; small: number[]; large: number[] },
): Section {
  const rates = (arm: string) => (samples[arm] ?? []).map(({ perSecond }) => perSecond);
  const against = {
    postgrest: { than: "read through PostgREST", against: rates("read postgrest"), unit: "/s" },
    sql: { than: "read through postgres.js", against: rates("read sql"), unit: "/s" },
  };
  const every = "rebuild, every row differs";
  return {
    title,
    note:
      `A log of ${number(sizes.large)} events of products and orders, ${bench.rounds} rounds. ` +
      `The rebuild is the real one, started over HTTP and worked on by the functions process in as ` +
      `many invocations as it takes: from its start to the switch. Each page of ${page} events ` +
      `comes with the rows of its aggregates and whether each event has a receipt, is folded and ` +
      `compared; where every row differs, all are kept and written, too. Against: the same events ` +
      `in the same order and pages, whole and with nothing beside them, parsed and thrown away, ` +
      `through supabase-js and PostgREST as the worker reads, and straight from PostgreSQL. ` +
      `Memory is that of the functions process while it folds ${
        number(sizes.large)
      } events: the whole ` +
      `log, or one of ${number(sizes.small)} as many times. ` +
      `Throughput of projection with 1, 2 and 4 workers is measured by the part \`projection\`.`,
    findings: [
      compare({ work: "rebuild", ours: rates("rebuild"), ...against.postgrest, atLeast: 0.3 }),
      compare({ work: "rebuild", ours: rates("rebuild"), ...against.sql }),
      compare({ work: every, ours: rates("rebuild of every row"), ...against.postgrest }),
      measured({ work: "memory before", values: [memory.before], unit: " MB" }),
      compare({
        work: `highest memory, ${number(sizes.large)} events`,
        than: `${number(sizes.small)} events`,
        ours: memory.large,
        against: memory.small,
        unit: " MB",
        atMost: 1.25,
      }),
    ],
  };
}

/** The highest memory of so many rebuilds, one after the other, round by round. */
async function memoryOf(bench: Bench, rebuilds: number): Promise<number[]> {
  const name = "memory";
  const measure = async () => {
    const seen: number[] = [];
    for (let i = 0; i < rebuilds; i++) seen.push((await rebuilt(bench, 0)).megabytes);
    return Math.max(...seen);
  };
  const { [name]: highest = [] } = await interleave([{ name, measure }], bench.rounds, bench.log);
  return highest;
}

function rebuild(bench: Bench): Arm<Sample> {
  return { name: "rebuild", measure: () => rebuilt(bench, 0) };
}

/** As after a change of `evolve`: each main row is to be written anew. */
function rebuildOfEveryRow(bench: Bench): Arm<Sample> {
  const { sql } = bench;
  return {
    name: "rebuild of every row",
    async measure() {
      const products = await sql`update public.products set name = 'OLD'`;
      const orders = await sql`update public.orders set notes = 'OLD'`;
      await sql`checkpoint`;
      return await rebuilt(bench, products.count + orders.count);
    },
  };
}

function read({ sql }: Bench, reader: Reader, through: ReadRequest["through"]): Arm<Sample> {
  return {
    name: `read ${through}`,
    async measure() {
      const [{ stored } = {}] = await sql`select count(*)::int as stored from public.events`;
      const { events, seconds } = await reader.ask({ through, page });
      if (events !== stored) throw new Error(`${events} of ${stored} events were read`);
      return { perSecond: events / seconds, megabytes: NaN };
    },
  };
}
