-- Round trip two of a batch: everything an event did, in one transaction, or nothing.

create function private.hold_leases(p_worker uuid, p_leases jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_held integer;
begin
  select count(*) into v_held
  from (
    select p.partition from private.partitions p
    join jsonb_to_recordset(p_leases) as l(partition smallint, token bigint) on l.partition = p.partition
    where p.holder = p_worker and p.token = l.token and p.leased_until > clock_timestamp()
    order by p.partition for update of p
  ) held;
  if v_held = 0 or v_held <> jsonb_array_length(p_leases) then
    raise exception 'the lease of worker % has expired or passed to another' , p_worker using errcode = 'ES012';
  end if;
end;
$$;
comment on function private.hold_leases(uuid, jsonb) is 'Locks the leases of a batch; refuses (ES012) a worker that came too late.';

create function private.write_rows(p_table text, p_rows jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_key text;
  v_set text;
begin
  select string_agg(format('%I', k), ', ') into v_key from private.state_tables t, unnest(t.key) k where t.table_name = p_table;
  if v_key is null then
    raise exception '"%" is no state table', p_table using errcode = 'ES013';
  end if;
  select string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' order by a.attnum) into v_set
  from pg_attribute a where a.attrelid = format('public.%I', p_table)::regclass and a.attnum > 0 and not a.attisdropped;
  execute format(
    'insert into public.%1$I select * from jsonb_populate_recordset(null::public.%1$I, $1) on conflict (%2$s) do update set %3$s', p_table, v_key, v_set)
    using p_rows;
end;
$$;
comment on function private.write_rows(text, jsonb) is 'Inserts or replaces rows of a state table. Drops what has no column: see require_columns.';

create function private.require_columns(p_table text, p_properties jsonb) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_unknown text;
begin
  select n into v_unknown from jsonb_array_elements_text(p_properties) n
  where not exists (
    select from pg_attribute a
    where a.attrelid = format('public.%I', p_table)::regclass and a.attname = n and a.attnum > 0 and not a.attisdropped)
  limit 1;
  if found then
    raise exception 'state table "%" has no column "%"', p_table, v_unknown using errcode = 'invalid_parameter_value';
  end if;
end;
$$;
comment on function private.require_columns(text, jsonb) is 'Refuses (22023) properties of rows that would be dropped in silence, for want of a column.';

create function private.delete_rows(p_table text, p_keys jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_match text;
begin
  select string_agg(format('t.%1$I = k.%1$I', k), ' and ') into v_match from private.state_tables t, unnest(t.key) k where t.table_name = p_table;
  if v_match is null then
    raise exception '"%" is no state table', p_table using errcode = 'ES013';
  end if;
  execute format('delete from public.%1$I t using jsonb_populate_recordset(null::public.%1$I, $1) k where %2$s', p_table, v_match) using p_keys;
end;
$$;
comment on function private.delete_rows(text, jsonb) is 'Deletes rows of a state table by their key columns.';

create function private.finish_events(p_event_numbers bigint[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_marked bigint;
  v_dequeued bigint;
  v_event_types text[];
  v_aggregate_types text[];
  v_event_numbers bigint[];
begin
  -- One look-up of each event serves the mark, the statistics and the broadcast.
  with marked as (
    update public.events e
    set processed = true, processed_at = clock_timestamp(), processing_attempts = e.processing_attempts + 1, next_attempt_at = null,
      processing_error = case when e.skip_reason is not null then e.processing_error end
    where e.event_number = any (p_event_numbers) and not e.processed
    returning e.event_number, e.event_type, e.aggregate_type, date_trunc('hour', e.created_at, 'UTC') as hour, private.partition_of(e.aggregate_id) as partition
  ), totals as (
    insert into private.event_totals as t (partition, event_type, processed)
    select m.partition, m.event_type, count(*) from marked m group by 1, 2 order by 1, 2
    on conflict (partition, event_type) do update set processed = t.processed + excluded.processed
  ), hours as (
    insert into private.hourly_totals as t (partition, hour, processed)
    select m.partition, m.hour, count(*) from marked m group by 1, 2 order by 2, 1
    on conflict (hour, partition) do update set processed = t.processed + excluded.processed
  )
  select count(*), array_agg(m.event_number), array_agg(m.event_type), array_agg(m.aggregate_type)
  into v_marked, v_event_numbers, v_event_types, v_aggregate_types
  from marked m;

  if v_marked <> cardinality(p_event_numbers) then
    raise exception 'an event of this batch was processed before' using errcode = 'ES014';
  end if;

  -- Not with "marked", of which the planner knows nothing: it would scan a long queue.
  delete from private.unprocessed_events u
  using public.events e
  where e.event_number = any (p_event_numbers)
    and u.partition = private.partition_of(e.aggregate_id) and not u.blocked and u.event_number = e.event_number;
  get diagnostics v_dequeued = row_count;
  if v_dequeued <> cardinality(p_event_numbers) then
    raise exception 'an event of this batch was not waiting' using errcode = 'ES014';
  end if;
  perform private.broadcast_events('processed', v_event_numbers, v_event_types, v_aggregate_types);
end;
$$;
comment on function private.finish_events(bigint[]) is
  'Marks events as processed, takes them off the queue, each exactly once (ES014), counts them and tells followers.';

create function private.release_aggregates(p_event_numbers bigint[]) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  with released as (
    delete from private.blocked_aggregates b where b.event_number = any (p_event_numbers)
    returning b.aggregate_id, b.aggregate_type, b.partition
  ), parked as (
    -- Parked by hand while it waited: the aggregate goes on as far as there.
    select distinct on (e.aggregate_type, e.aggregate_id) r.partition, e.aggregate_type, e.aggregate_id, e.event_number, e.processing_attempts, e.processing_error
    from released r
    join public.events e on e.aggregate_type = r.aggregate_type and e.aggregate_id = r.aggregate_id and not e.processed
      and e.processing_error is not null and e.next_attempt_at is null and e.skip_reason is null
    where e.event_number <> all (p_event_numbers)
    order by e.aggregate_type, e.aggregate_id, e.event_number
  ), kept as (
    insert into private.blocked_aggregates (aggregate_id, aggregate_type, partition, event_number, attempts, error_code, error, parked_at)
    select p.aggregate_id, p.aggregate_type, p.partition, p.event_number, p.processing_attempts, 'failed_by_hand', p.processing_error, clock_timestamp()
    from parked p
  )
  update private.unprocessed_events u set blocked = false
  from released r
  join public.events e on e.aggregate_type = r.aggregate_type and e.aggregate_id = r.aggregate_id and not e.processed
  left join parked p on p.aggregate_type = r.aggregate_type and p.aggregate_id = r.aggregate_id
  where u.partition = r.partition and u.blocked and u.event_number = e.event_number and (p.event_number is null or e.event_number < p.event_number);
end;
$$;
comment on function private.release_aggregates(bigint[]) is 'Lets the events that waited behind these go on, up to the next one that was parked by hand.';

create function private.record_failures(p_failures jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  with failed as (
    update public.events e
    set processing_error = f.error, processing_attempts = e.processing_attempts + 1,
      next_attempt_at = case when f.retry_seconds is not null then clock_timestamp() + make_interval(secs => f.retry_seconds) end
    from jsonb_to_recordset(p_failures) as f(event_number bigint, error_code text, error text, retry_seconds double precision)
    where e.event_number = f.event_number and not e.processed
    returning e.aggregate_id, e.aggregate_type, e.event_number, e.processing_attempts, f.error_code, f.error, e.next_attempt_at
  ), noted as (
    insert into private.failed_attempts (event_number, attempt, error_code, error)
    select f.event_number, f.processing_attempts, f.error_code, f.error from failed f
    on conflict (event_number, attempt) do nothing
  )
  insert into private.blocked_aggregates as b (aggregate_id, aggregate_type, partition, event_number, attempts, error_code, error, next_attempt_at, parked_at)
  select f.aggregate_id, f.aggregate_type, private.partition_of(f.aggregate_id), f.event_number, f.processing_attempts, f.error_code, f.error,
    f.next_attempt_at, case when f.next_attempt_at is null then clock_timestamp() end
  from failed f
  on conflict (aggregate_type, aggregate_id) do update
    set event_number = excluded.event_number, attempts = excluded.attempts, error_code = excluded.error_code, error = excluded.error,
      next_attempt_at = excluded.next_attempt_at, parked_at = excluded.parked_at
    -- The first failed event is the one to wait for; a later one, parked by hand, is met when it passes.
    where excluded.event_number <= b.event_number;

  -- The failed event and all that waits behind it. "offset 0": one look-up by number, then one range of versions, however the planner guesses.
  update private.unprocessed_events u set blocked = true
  from jsonb_to_recordset(p_failures) as f(event_number bigint)
  cross join lateral (select * from public.events x where x.event_number = f.event_number offset 0) failed
  cross join lateral (
    select e.event_number, private.partition_of(e.aggregate_id) as partition from public.events e
    where e.aggregate_type = failed.aggregate_type and e.aggregate_id = failed.aggregate_id
      and e.aggregate_version >= failed.aggregate_version and not e.processed offset 0
  ) behind
  where u.partition = behind.partition and not u.blocked and u.event_number = behind.event_number;
end;
$$;
comment on function private.record_failures(jsonb) is
  'Blocks the aggregate of each failed event {event_number, error_code, error, retry_seconds}: retried after that time, parked when it is null.';

create function private.post_effects(p_effects jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_events private.new_event[];
begin
  select array_agg(row(r.event_type, r.aggregate_type, r.aggregate_id, t.schema_version, r.data, r.metadata, 'system', null,
      r.correlation_id, r.causation_id, r.idempotency_key, null, null, null)::private.new_event order by r.ord)
  into v_events
  from rows from (jsonb_populate_recordset(null::private.new_event, p_effects)) with ordinality
    as r(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord)
  left join public.event_types t on t.event_type = r.event_type;
  perform private.append_events(v_events);
end;
$$;
comment on function private.post_effects(jsonb) is 'Posts the events that a batch caused in other aggregates, as the system, in the transaction of their causes.';

create function public.commit_events(p_worker uuid, p_leases jsonb, p_batch jsonb, p_release boolean default true) returns void
language plpgsql volatile security definer
set search_path = '' set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan -- as take_events
as $$
declare
  v_table record;
  v_processed bigint[] := array(select n::bigint from jsonb_array_elements_text(p_batch -> 'processed') n);
begin
  perform private.hold_leases(p_worker, p_leases);

  for v_table in select d.key, d.value from jsonb_each(p_batch -> 'deletes') d order by d.key loop
    perform private.delete_rows(v_table.key, v_table.value);
  end loop;
  for v_table in select w.key, w.value from jsonb_each(p_batch -> 'upserts') w order by w.key loop
    perform private.write_rows(v_table.key, v_table.value);
    perform private.require_columns(v_table.key, p_batch #> array['properties', v_table.key]);
  end loop;
  insert into public.state_changes (event_number, event_id, table_name, row_id, operation, before, after)
  select c.event_number, c.event_id, c.table_name, c.row_id, c.operation, c.before, c.after
  from jsonb_to_recordset(p_batch -> 'changes')
    as c(event_number bigint, event_id uuid, table_name text, row_id text, operation text, before jsonb, after jsonb);

  perform private.finish_events(v_processed);
  perform private.release_aggregates(v_processed);
  if jsonb_array_length(p_batch -> 'failures') > 0 then
    perform private.record_failures(p_batch -> 'failures');
    perform private.broadcast_by_number('failed', array(select f.event_number from jsonb_to_recordset(p_batch -> 'failures') as f(event_number bigint)));
  end if;
  if jsonb_array_length(p_batch -> 'effects') > 0 then
    perform private.post_effects(p_batch -> 'effects');
  end if;

  insert into private.batches (worker, processed, failed)
  values (p_worker, cardinality(v_processed), jsonb_array_length(p_batch -> 'failures'));
  update private.partitions p set heartbeat_at = clock_timestamp(),
    holder = case when not p_release then p.holder end,
    leased_until = case when p_release then '-infinity' else p.leased_until end
  from jsonb_to_recordset(p_leases) as l(partition smallint) where p.partition = l.partition;
end;
$$;
comment on function public.commit_events(uuid, jsonb, jsonb, boolean) is
  'Commits a batch {"upserts":{table:[row]},"properties":{table:[name]} (of its rows),"deletes":{table:[key]},"changes":[…],"processed":[event_number],"failures":[…],"effects":[…]} and gives its leases back, unless p_release is false. All or nothing; ES012 when the lease is lost, ES014 when an event was processed before.';

create function public.release_leases(p_worker uuid) returns void
language sql volatile security definer set search_path = ''
as $$ update private.partitions set holder = null, leased_until = '-infinity' where holder = p_worker; $$;
comment on function public.release_leases(uuid) is 'Gives back all leases of a worker that could not commit.';

create function public.try_rows(p_upserts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_table record;
  v_code text;
  v_message text;
  v_detail text;
begin
  for v_table in select u.key, u.value from jsonb_each(p_upserts) u order by u.key loop
    perform private.write_rows(v_table.key, v_table.value);
    perform private.require_columns(v_table.key, (
      select jsonb_agg(distinct k) from jsonb_array_elements(v_table.value) r cross join lateral jsonb_object_keys(r) k));
  end loop;
  set constraints all immediate;
  raise exception 'only tried' using errcode = 'ES999';
exception when sqlstate 'ES999' then
  return null;
when others then
  get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail;
  if v_code !~ '^(22|23|54)' then
    raise;
  end if;
  -- Of two rows that claim one unique value, which value; other details may hold a whole row.
  return jsonb_build_object('code', v_code, 'detail', v_message || case when v_code = '23505' then ': ' || v_detail else '' end);
end;
$$;
comment on function public.try_rows(jsonb) is
  'Why PostgreSQL would refuse rows of state tables {table:[row]}: {"code","detail"}, or null. Writes nothing.';

revoke all on function public.commit_events(uuid, jsonb, jsonb, boolean), public.release_leases(uuid), public.try_rows(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.commit_events(uuid, jsonb, jsonb, boolean), public.release_leases(uuid), public.try_rows(jsonb) to service_role;
