import { assertEquals } from "@std/assert";
import { becomeOwner, undone } from "./undone.ts";

Deno.test("statistics read the counters of the last day, however many days there are", () =>
  undone(async (sql) => {
    await becomeOwner(sql);
    await sql`
      insert into private.hourly_totals (partition, hour, processed)
      select p, date_trunc('hour', now(), 'UTC') - h * interval '1 hour', 1
      from generate_series(0, 15) p, generate_series(100, 2099) h`;
    await sql`analyze private.hourly_totals`;
    const scanned = async () => {
      const [row] = await sql`
        select seq_tup_read::int as rows from pg_stat_xact_all_tables
        where relid = 'private.hourly_totals'::regclass`;
      return row?.rows;
    };
    const before = await scanned();
    const [row] = await sql`select public.event_statistics() as statistics`;
    assertEquals(typeof row?.statistics.total, "number");
    assertEquals(await scanned(), before);
  }));
