/** Loads a large log quickly; see load_log.sql. */
import postgres from "postgres";
import { type BenchStack, silence } from "./bench_stack.ts";

const loaders = 2;

/** Stores so many events, all projected, and leaves the stack silent. Returns the seconds it took. */
export async function loadLog(target: BenchStack, events: number): Promise<number> {
  const started = performance.now();
  const { sql, stack } = target;
  await silence(target);
  await sql.file(new URL("load_log.sql", import.meta.url));
  await sql`set statement_timeout = 0`;
  const loader = postgres(stack.adminUrl, {
    max: loaders,
    connection: { options: "-c statement_timeout=0" },
  });
  await Promise.all(
    Array.from(
      { length: loaders },
      (_, i) => loader`call bench.load_share(${events}::int, ${i}::int, ${loaders}::int)`,
    ),
  );
  await loader.end();
  await sql`select bench.count_log()`;
  await sql`vacuum (analyze) public.events, private.aggregates, private.hourly_totals`;
  await sql`checkpoint`;
  return (performance.now() - started) / 1000;
}
