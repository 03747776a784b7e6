/** Fifty thousand events as a shop would have them: most about products, many orders of few customers, some rare types. */
import { openSql, type Stack } from "../support/stack.ts";
import { service } from "./posting.ts";

/** Events in the log, of which the last `WAITING` are not processed. */
export const LENGTH = 50_000;
export const WAITING = 400;

/** Customer 1 of 50, who has one in 500 events. */
export const CUSTOMER = "c0000000-7e57-4000-8000-000000000001";
export const PRODUCT = "90000000-7e57-4000-8000-000000000002";
export const FLOW = "f0000000-7e57-4000-8000-000000000001";

/** Appends them in batches of a thousand, and marks those as processed that would be by now. */
export async function writeLongLog(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  for (let start = 0; start < LENGTH; start += 1000) {
    await sql`
      with numbers as (
        select n, case when n % 2500 = 0 then 'dealer.approved' when n % 10 = 1 then 'order.created'
          else 'product.stock_updated' end as event_type
        from generate_series(${start}::int, ${start + 999}::int) n
      ), events as (
        select n, jsonb_build_object(
          'event_type', t.event_type, 'aggregate_type', t.aggregate_type, 'schema_version', t.schema_version,
          'aggregate_id', case t.aggregate_type when 'dealer' then 'd' when 'order' then 'a' else '9' end
            || '0000000-7e57-4000-8000-' || lpad(to_hex(case t.aggregate_type when 'order' then n else n % 5000 end), 12, '0'),
          'user_id', c.id, 'created_by', 'user:' || c.id,
          'correlation_id', 'f0000000-7e57-4000-8000-' || lpad(to_hex(n / 5), 12, '0'),
          'idempotency_key', case when n % 10 = 2 then 'key ' || n end,
          'data', jsonb_build_object('quantity_change', n, 'reason', 'Counted again at the end of the day')) as event
        from numbers join public.event_types t using (event_type)
        left join lateral (select 'c0000000-7e57-4000-8000-' || lpad(to_hex(n / 10 % 50), 12, '0') as id) c
          on t.aggregate_type = 'order'
      )
      select public.post_events((select jsonb_agg(event order by n) from events), ${
      sql.json(service)
    }) is not null`;
  }
  await sql`update public.events set processed = true, processed_at = now(), processing_attempts = 1
    where event_number <= ${LENGTH - WAITING}`;
  await sql`update public.events set processing_error = 'It cannot be', processing_attempts = 3
    where event_number > ${LENGTH - 20}`;
  await sql`delete from private.unprocessed_events where event_number <= ${LENGTH - WAITING}`;
  // As autovacuum does when it is due.
  await sql`vacuum analyze public.events`;
  await sql`analyze`;
}
