import type { Bench } from "../bench_stack.ts";
import { grow } from "../projected_log.ts";
import { rebuilt } from "../rebuild_run.ts";
import { compare, measured, number, type Section } from "../report.ts";

export const title = "rebuild-long: a long log";

/** The longest log, and one a tenth as long before it, rebuilt once each by the functions process. */
export async function run(bench: Bench): Promise<Section> {
  const [short, long] = [bench.largest / 10, bench.largest];
  await grow(bench, short);
  const before = await rebuilt(bench, 0);
  await grow(bench, long);
  const after = await rebuilt(bench, 0);
  return {
    title,
    note:
      `Events of products and orders, appended through post_events and projected; one rebuild ` +
      `each, by the real worker in one functions process, in as many invocations as it takes.`,
    findings: [
      compare({
        work: `rebuild, ${number(long)} events`,
        than: `${number(short)} events`,
        ours: [after.perSecond],
        against: [before.perSecond],
        unit: "/s",
      }),
      measured({
        work: `highest memory of the functions, ${number(short)} events`,
        values: [before.megabytes],
        unit: " MB",
      }),
      measured({
        work: `highest memory of the functions, ${number(long)} events`,
        values: [after.megabytes],
        unit: " MB",
        atMost: 400,
      }),
    ],
  };
}
