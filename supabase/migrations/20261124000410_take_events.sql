-- Round trip one of a batch: lease partitions, read their events and the rows those events will change.

create function private.is_held() returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  return exists (select 1 from private.pauses z where z.aggregate_type = '*')
    or exists (select 1 from private.rebuilds r where r.hold_until > clock_timestamp());
end;
$$;
comment on function private.is_held() is 'True while staff have paused the Database Manager, or a rebuild is taking its last step.';

create function private.has_due_work(p_partition smallint) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  return exists (select 1 from private.unprocessed_events u where u.partition = p_partition and not u.blocked)
    or exists (
      select 1 from private.blocked_aggregates b
      where b.partition = p_partition and b.next_attempt_at <= clock_timestamp()
        and not exists (select 1 from private.pauses z where z.aggregate_type = b.aggregate_type)
    );
end;
$$;
comment on function private.has_due_work(smallint) is 'True when an event of this partition could be processed now.';

create function private.lease_partitions(p_worker uuid, p_partitions integer, p_lease_seconds integer) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_leases jsonb;
begin
  with free as (
    select p.partition from private.partitions p
    where p.leased_until < clock_timestamp() and private.has_due_work(p.partition) and not private.is_held()
    order by p.heartbeat_at nulls first
    limit p_partitions
    for update skip locked
  ), leased as (
    update private.partitions p
    set holder = p_worker, token = p.token + 1, heartbeat_at = clock_timestamp(),
      leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
    from free f where p.partition = f.partition
    returning p.partition, p.token
  )
  select jsonb_agg(jsonb_build_object('partition', l.partition, 'token', l.token)) into v_leases from leased l;
  return v_leases;
end;
$$;
comment on function private.lease_partitions(uuid, integer, integer) is 'Leases free partitions that have due work, the longest untouched first. Null when there are none.';

create function private.first_waiting(p_partitions smallint[], p_batch integer) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
begin
  return (
    select array_agg(u.event_number)
    from unnest(p_partitions) p(partition)
    cross join lateral (
      select w.event_number from private.unprocessed_events w
      where w.partition = p.partition and not w.blocked
      order by w.event_number limit ceil(p_batch::numeric / cardinality(p_partitions))
    ) u);
end;
$$;
comment on function private.first_waiting(smallint[], integer) is 'The first events that wait in each of these partitions.';

create function private.set_aside(p_partitions smallint[], p_event_numbers bigint[]) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
declare
  v_aside bigint[];
begin
  with aside as (
    update private.unprocessed_events u set blocked = true
    from public.events e
    where u.partition = any (p_partitions) and not u.blocked and u.event_number = any (p_event_numbers) and e.event_number = u.event_number
      and (exists (select 1 from private.blocked_aggregates b
          where b.aggregate_type = e.aggregate_type and b.aggregate_id = e.aggregate_id and b.event_number <= e.event_number)
        or exists (select 1 from private.pauses z where z.aggregate_type = e.aggregate_type))
    returning u.event_number
  )
  select array_agg(a.event_number) into v_aside from aside a;
  perform private.broadcast_by_number('inserted', v_aside); -- no batch will
  return v_aside;
end;
$$;
comment on function private.set_aside(smallint[], bigint[]) is
  'Moves events behind a failed one, or of a paused type, out of the way, so that they are never looked at twice; returns them.';

create function private.step_in(p_partitions smallint[]) returns bigint[]
language sql volatile set search_path = ''
as $$
  with due as (
    update private.unprocessed_events u set blocked = false
    from private.blocked_aggregates b
    where b.partition = any (p_partitions) and b.next_attempt_at <= clock_timestamp()
      and not exists (select 1 from private.pauses z where z.aggregate_type = b.aggregate_type)
      and u.partition = b.partition and u.blocked and u.event_number = b.event_number
    returning u.event_number
  )
  select array_agg(d.event_number) from due d;
$$;
comment on function private.step_in(smallint[]) is 'Failed events whose time has come, each alone, without those that wait behind it.';

-- What is looked at is decided once: an event that commits meanwhile is for the next batch.
create function private.choose_events(p_partitions smallint[], p_batch integer) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
declare
  v_numbers bigint[] := private.first_waiting(p_partitions, p_batch);
  v_aside bigint[];
begin
  if exists (select 1 from private.blocked_aggregates b where b.partition = any (p_partitions)) or exists (select 1 from private.pauses) then
    v_aside := private.set_aside(p_partitions, v_numbers);
    v_numbers := array(select n from unnest(v_numbers) n where n <> all (coalesce(v_aside, '{}'))) || private.step_in(p_partitions);
  end if;
  return private.first_bytes(v_numbers, 2000000);
end;
$$;
comment on function private.choose_events(smallint[], integer) is 'The events of a batch: what waits, is not blocked and fits.';

create function private.first_bytes(p_event_numbers bigint[], p_bytes integer) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
begin
  return (
    select array_agg(x.event_number)
    from (
      select e.event_number, sum(w.bytes) over (order by e.event_number) - w.bytes as before
      from public.events e
      cross join lateral (
        -- Small ones are not measured: only what Postgres had to compress or put aside can be large.
        select case when pg_column_size(e.data) + pg_column_size(e.metadata) < 1000 then 1000
          else octet_length(e.data::text) + octet_length(e.metadata::text) end as bytes
      ) w
      where e.event_number = any (p_event_numbers)
    ) x
    where x.before < p_bytes);
end;
$$;
comment on function private.first_bytes(bigint[], integer) is 'The first of these events that fit into so many bytes of JSON, and always one.';

-- Pages of rows are built as json, not jsonb: they are only passed on, and jsonb would be parsed and sorted at every level.
create function private.current_rows(p_event_numbers bigint[]) returns json
language plpgsql stable set search_path = ''
as $$
declare
  v_table record;
  v_rows json;
  v_names text[] := '{}';
  v_pages text[] := '{}';
begin
  for v_table in
    select t.table_name, coalesce(t.parent_column, 'id') as id_column, a.ids
    from (
      select e.aggregate_type, array_agg(distinct e.aggregate_id) as ids
      from public.events e where e.event_number = any (p_event_numbers) group by e.aggregate_type
    ) a
    join private.state_tables t on t.aggregate_type = a.aggregate_type
    order by t.table_name
  loop
    execute format('select json_agg(to_json(t)) from public.%I t where t.%I = any ($1)', v_table.table_name, v_table.id_column)
      into v_rows using v_table.ids;
    v_names := v_names || v_table.table_name;
    v_pages := v_pages || coalesce(v_rows, '[]')::text;
  end loop;
  return (select coalesce(json_object_agg(r.name, r.page::json), '{}') from unnest(v_names, v_pages) r(name, page));
end;
$$;
comment on function private.current_rows(bigint[]) is 'The state rows, by table, of the aggregates these events belong to.';

create function private.close_doorbell() returns void
language plpgsql volatile set search_path = ''
as $$
begin
  update private.doorbell set closed_until = clock_timestamp() + interval '15 seconds'
  where closed_until < clock_timestamp() + interval '10 seconds';
end;
$$;
comment on function private.close_doorbell() is 'Tells inserts that a worker is draining: no need to ring for the next 15 seconds.';

create function public.take_events(p_worker uuid, p_batch integer default 500, p_partitions integer default 4, p_lease_seconds integer default 30)
returns json
-- A plan made while the log is young is kept as it grows; with so high a price on scans it would be compiled, too. Planned
-- once, not for each array anew: a batch of one event would spend a quarter of its time on that.
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
  -- Looked at before the events: an append seen in flight may be missing from them, one not seen is in them.
  v_in_flight boolean := private.appends_in_flight();
  v_leases jsonb := private.lease_partitions(p_worker, p_partitions, p_lease_seconds);
  v_partitions smallint[];
  v_numbers bigint[];
  v_events json;
  v_found integer;
begin
  if v_leases is null then
    return json_build_object('leases', '[]'::json, 'events', '[]'::json, 'rows', '{}'::json, 'in_flight', v_in_flight, 'again', false);
  end if;
  select array_agg((l ->> 'partition')::smallint) into v_partitions from jsonb_array_elements(v_leases) l;
  perform private.close_doorbell();
  v_numbers := private.choose_events(v_partitions, p_batch);
  if v_numbers is null then
    -- Only waiting siblings were found, and have stepped aside.
    update private.partitions p set holder = null, leased_until = '-infinity' where p.partition = any (v_partitions);
    return json_build_object('leases', '[]'::json, 'events', '[]'::json, 'rows', '{}'::json, 'in_flight', v_in_flight, 'again', true);
  end if;

  select json_agg(json_build_object(
      'id', e.id, 'event_number', e.event_number, 'event_type', e.event_type, 'aggregate_type', e.aggregate_type, 'aggregate_id', e.aggregate_id,
      'aggregate_version', e.aggregate_version, 'schema_version', e.schema_version, 'data', e.data, 'metadata', e.metadata, 'created_by', e.created_by,
      'user_id', e.user_id, 'owner_id', e.owner_id, 'created_at', e.created_at, 'correlation_id', e.correlation_id, 'causation_id', e.causation_id,
      'processing_attempts', e.processing_attempts, 'skip_reason', e.skip_reason,
      'previous_processed', e.aggregate_version = 1 or coalesce(p.processed, false)) order by e.event_number), count(*)
  into v_events, v_found
  from public.events e
  left join public.events p on p.aggregate_id = e.aggregate_id and p.aggregate_version = e.aggregate_version - 1 and p.aggregate_type = e.aggregate_type
  where e.event_number = any (v_numbers) and not e.processed;

  if v_found < cardinality(v_numbers) then
    -- Never to be seen; but one event that is done and still queued must not hold up its partition for ever.
    delete from private.unprocessed_events u using public.events e
    where u.partition = any (v_partitions) and u.event_number = any (v_numbers) and e.event_number = u.event_number and e.processed;
  end if;
  return json_build_object('leases', v_leases, 'events', coalesce(v_events, '[]'), 'rows', private.current_rows(v_numbers), 'in_flight', v_in_flight, 'again', true);
end;
$$;
comment on function public.take_events(uuid, integer, integer, integer) is
  'Leases up to p_partitions partitions for p_lease_seconds and returns {"leases":[{partition,token}],"events":[…in order],"rows":{table:[…]},"in_flight":bool,"again":bool}: in_flight = an append had begun and not ended before the look, again = there may be more.';

revoke all on function public.take_events(uuid, integer, integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.take_events(uuid, integer, integer, integer) to service_role;
