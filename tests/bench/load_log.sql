-- A log of the size asked for, each aggregate with 20 events spread over 30 days, all of them projected. Written past
-- post_events to be quick; the state tables are left alone.
create schema if not exists bench authorization postgres;
set role postgres;

create or replace function bench.aggregate(p_number integer) returns uuid
language sql immutable
as $$ select md5('bench ' || p_number)::uuid $$;

create or replace function bench.data_of(p_number integer, p_version integer) returns jsonb
language sql immutable
as $$
  select case
    when p_version = 1 then jsonb_build_object('sku', 'BENCH-' || p_number, 'name', '0.5HP Submersible Pump', 'base_price', 5999,
      'category', 'submersible-pumps', 'description', 'Stainless steel, 50 litres a minute, 20 m head.', 'stock_quantity', 12)
    when p_version % 3 = 0 then '{"reason": "Damaged in the warehouse", "quantity_change": -2}'
    else '{"reason": "competitor_match", "new_price": 5499, "old_price": 5999}'
  end
$$;

-- The share of one of several loaders: every p_loaders-th aggregate, oldest events first.
create or replace procedure bench.load_share(p_events integer, p_loader integer, p_loaders integer)
language plpgsql
as $$
declare
  v_aggregates integer := p_events / 20;
  v_version integer;
begin
  insert into private.aggregates (aggregate_id, aggregate_type, version)
  select bench.aggregate(a), 'product', 20 from generate_series(p_loader, v_aggregates - 1, p_loaders) a;

  for v_version in 1 .. 20 loop
    insert into public.events (id, aggregate_version, created_at, aggregate_id, user_id, correlation_id, idempotency_key, schema_version,
      event_type, aggregate_type, created_by, data, metadata, processed, processing_attempts, processed_at)
    select private.uuid_v7(e.at), v_version, e.at, bench.aggregate(e.a), e.author,
      case when e.n % 2 = 0 then gen_random_uuid() end, case when e.n % 2 = 1 then 'load-' || e.n end, 1,
      case when v_version = 1 then 'product.created' when v_version % 3 = 0 then 'product.stock_updated' else 'product.price_changed' end,
      'product', 'user:' || e.author, bench.data_of(e.a, v_version), '{"source": "bench"}', true, 1, e.at + interval '100 ms'
    from (
      select a, n, ('5eed0000-0000-4000-8000-' || lpad((n % 50)::text, 12, '0'))::uuid as author,
        clock_timestamp() - interval '30 days' * (1 - n::float8 / p_events) as at
      from generate_series(p_loader, v_aggregates - 1, p_loaders) a, lateral (select (v_version - 1) * v_aggregates + a) x(n)
    ) e
    order by e.n;
    commit;
  end loop;
end;
$$;

create or replace function bench.count_log() returns void
language sql
as $$
  insert into private.event_totals (partition, event_type, processed)
  select private.partition_of(e.aggregate_id), e.event_type, count(*) from public.events e group by 1, 2;
  insert into private.hourly_totals (partition, hour, processed)
  select private.partition_of(e.aggregate_id), date_trunc('hour', e.created_at, 'UTC'), count(*) from public.events e group by 1, 2;
$$;

reset role;
