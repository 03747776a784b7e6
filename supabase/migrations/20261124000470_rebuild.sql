-- Rebuild, verify and roll back. The code folds the log aggregate by aggregate and compares each with its rows as they are;
-- only rows that differ are kept, and the switch writes just those, in one transaction. Readers see the old rows or the new.

create function public.start_rebuild(p_kind text, p_aggregate_types text[], p_generations jsonb, p_switch_by_hand boolean, p_actor text, p_reason text default null,
  p_rolls_back uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_rebuild private.rebuilds;
begin
  perform pg_advisory_xact_lock(1163284301, 3); -- of two that start at once the second sees the first
  if exists (select 1 from private.rebuilds r where r.finished_at is null) then
    raise exception 'a rebuild is running already' using errcode = 'ES015',
      detail = (select jsonb_build_object('rebuild_id', r.id, 'kind', r.kind, 'rebuild_status', r.status) from private.rebuilds r where r.finished_at is null)::text;
  end if;
  insert into private.rebuilds as r (id, kind, aggregate_types, generations, switch_by_hand, requested_by, reason, rolls_back, events_total)
  values (private.uuid_v7(clock_timestamp()), p_kind, p_aggregate_types, p_generations, p_switch_by_hand, p_actor, p_reason, p_rolls_back,
    coalesce((select sum(t.processed) from private.event_totals t join public.event_types y on y.event_type = t.event_type
      where y.aggregate_type = any (p_aggregate_types)), 0))
  returning r.* into v_rebuild;
  perform private.record_act('system.rebuild_started', v_rebuild.id,
    jsonb_build_object('rebuild_id', v_rebuild.id, 'kind', p_kind, 'aggregate_types', to_jsonb(p_aggregate_types), 'reason', p_reason), p_actor);
  perform private.call_database_manager('rebuild');
  return public.get_rebuild(v_rebuild.id);
end;
$$;
comment on function public.start_rebuild(text, text[], jsonb, boolean, text, text, uuid) is
  'Starts a rebuild, verify or rollback, one at a time (ES015). The Database Manager then works on it, in as many invocations as it takes.';

create function private.differing_fields(p_before jsonb, p_after jsonb) returns text[]
language sql immutable set search_path = ''
as $$
  select array_agg(f order by f) from jsonb_object_keys(coalesce(p_after, p_before)) f
  where p_before is null or p_after is null or p_before -> f is distinct from p_after -> f;
$$;
comment on function private.differing_fields(jsonb, jsonb) is 'Columns in which two rows differ; all of them when one is missing.';

create function private.difference_report(p_rebuild_id uuid, p_limit integer) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(x)), '[]')
  from (
    select d.table_name, d.row_id, d.operation, d.before, d.after, d.aggregate_type, d.aggregate_id, d.version,
      private.differing_fields(d.before, d.after) as fields,
      (select jsonb_object_agg(f.field, (
          select jsonb_build_object('event_id', s.event_id, 'event_number', s.event_number) from public.state_changes s
          where s.table_name = d.table_name and s.row_id = d.row_id and coalesce(s.after, s.before) ? f.field
          order by s.change_number desc limit 1))
        from unnest(private.differing_fields(d.before, d.after)) f(field)) as last_changed_by
    from private.rebuild_differences d where d.rebuild_id = p_rebuild_id
    order by d.table_name, d.row_id limit p_limit
  ) x;
$$;
comment on function private.difference_report(uuid, integer) is 'Differing rows with, for each differing field, the event that last set it.';

create function public.get_rebuild(p_id uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'id', r.id, 'kind', r.kind, 'status', r.status, 'aggregate_types', r.aggregate_types, 'requested_by', r.requested_by, 'reason', r.reason,
    'switch_by_hand', r.switch_by_hand, 'rolls_back', r.rolls_back, 'events_done', r.events_done, 'events_total', r.events_total,
    'percent', case when r.status = 'completed' then 100 when r.events_total = 0 then 0 else least(99, floor(100.0 * r.events_done / r.events_total)) end,
    'events_per_second', round((r.events_done / greatest(0.001, extract(epoch from coalesce(r.scanned_at, r.finished_at, clock_timestamp()) - r.started_at)))::numeric, 1),
    'seconds_left', case when r.status = 'scanning' and r.events_done > 0 then
      round((extract(epoch from clock_timestamp() - r.started_at) * greatest(0, r.events_total - r.events_done) / r.events_done)::numeric, 1) end,
    'differing_rows', coalesce(r.differing_rows, (select count(*) from private.rebuild_differences d where d.rebuild_id = r.id)),
    'kept_rows', r.kept_rows,
    'differences', private.difference_report(r.id, 100),
    'findings', coalesce((select jsonb_agg(to_jsonb(f) order by f.finding_number)
      from (select * from private.findings f where r.id::text = any (f.found_by) order by f.finding_number limit 100) f), '[]'),
    'started_at', r.started_at, 'scanned_at', r.scanned_at, 'finished_at', r.finished_at, 'attempts', r.attempts, 'error', r.error)
  from private.rebuilds r where r.id = p_id;
$$;
comment on function public.get_rebuild(uuid) is 'Progress, rate, time left, the first 100 differences and findings of a rebuild, verify or rollback; null when there is none.';

create function private.processed_events(p_types text[], p_after_type text, p_after_id uuid, p_after_version bigint, p_limit integer) returns setof public.events
language sql stable set search_path = ''
as $$
  select e.* from public.events e
  where (e.aggregate_type, e.aggregate_id, e.aggregate_version) > (p_after_type, p_after_id, p_after_version)
    and e.aggregate_type = any (p_types) and e.processed
  order by e.aggregate_type, e.aggregate_id, e.aggregate_version
  limit p_limit;
$$;
comment on function private.processed_events(text[], text, uuid, bigint, integer) is 'Processed events, aggregate by aggregate, from a resume point.';

-- Stable, so that events and rows come from one snapshot: a row is then exactly the fold of the processed events beside it.
create function private.rebuild_page(p_rebuild private.rebuilds, p_limit integer, out page json, out events integer)
language plpgsql stable set search_path = ''
as $$
declare
  v_events json;
  v_numbers bigint[];
begin
  select json_agg(x order by x.aggregate_type, x.aggregate_id, x.aggregate_version),
    array_agg(x.event_number order by x.aggregate_type, x.aggregate_id, x.aggregate_version)
  into v_events, v_numbers
  from (
    select e.id, e.event_number, e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_version, e.schema_version, e.data, e.created_by,
      e.owner_id, e.created_at, e.skip_reason, exists (select 1 from public.state_changes s where s.event_id = e.id) as has_receipt
    from (
      select * from private.processed_events(p_rebuild.aggregate_types, p_rebuild.after_type, p_rebuild.after_id, p_rebuild.after_version, p_limit)
      where p_rebuild.status = 'scanning'
      union all
      select * from private.moved_events(p_rebuild.id, p_rebuild.after_type, p_rebuild.after_id, p_rebuild.after_version, p_limit)
      where p_rebuild.status <> 'scanning'
    ) e
  ) x;

  events := coalesce(cardinality(v_numbers), 0);
  page := json_build_object(
    'events', coalesce(v_events, '[]'),
    'rows', private.current_rows(coalesce(v_numbers, '{}')),
    'partial_state', p_rebuild.partial_state,
    'last_is_complete', not exists (
      select 1 from public.events l
      join public.events n on n.aggregate_type = l.aggregate_type and n.aggregate_id = l.aggregate_id
        and n.aggregate_version > l.aggregate_version and n.processed
      where l.event_number = v_numbers[events]));
end;
$$;
comment on function private.rebuild_page(private.rebuilds, integer) is
  'The next events of a scan, or of those aggregates that have moved since, with the rows of their aggregates, from one snapshot.';

create function private.store_differences(p_rebuild_id uuid, p_differences jsonb) returns void
language sql volatile set search_path = ''
as $$
  insert into private.rebuild_differences (rebuild_id, table_name, row_id, aggregate_type, aggregate_id, version, operation, before, after)
  select p_rebuild_id, d.table_name, d.row_id, d.aggregate_type, d.aggregate_id, d.version, d.operation, d.before, d.after
  from jsonb_populate_recordset(null::private.rebuild_differences, p_differences) d
  on conflict (rebuild_id, table_name, row_id) do update
    set version = excluded.version, operation = excluded.operation, before = excluded.before, after = excluded.after;
$$;
comment on function private.store_differences(uuid, jsonb) is 'Keeps differing rows found by the code.';

create function private.store_findings(p_found_by text, p_findings jsonb) returns void
language sql volatile set search_path = ''
as $$
  insert into private.findings as o (kind, found_by, event_number, aggregate_type, aggregate_id, detail)
  select f.kind, array[p_found_by], f.event_number, f.aggregate_type, f.aggregate_id, f.detail
  from jsonb_populate_recordset(null::private.findings, p_findings) f
  on conflict (kind, coalesce(event_number, 0), coalesce(aggregate_id, '00000000-0000-0000-0000-000000000000'), aggregate_type)
    where resolved_at is null do update set detail = excluded.detail,
      found_by = case when p_found_by = any (o.found_by) then o.found_by else o.found_by || p_found_by end;
$$;
comment on function private.store_findings(text, jsonb) is 'Keeps what is wrong, once each until resolved.';

create function private.keep_page(p_id uuid, p_page jsonb) returns private.rebuilds
language plpgsql volatile set search_path = ''
as $$
declare
  v_rebuild private.rebuilds;
begin
  perform private.store_differences(p_id, p_page -> 'differences');
  perform private.store_findings(p_id::text, p_page -> 'findings');
  update private.rebuilds r
  set after_type = p_page ->> 'after_type', after_id = (p_page ->> 'after_id')::uuid, after_version = (p_page ->> 'after_version')::bigint,
    partial_state = nullif(p_page -> 'partial_state', 'null'), error = null,
    events_done = r.events_done + case when r.status = 'scanning' then (p_page ->> 'events')::bigint else 0 end,
    attempts = case when r.status = 'scanning' then 0 else r.attempts end
  where r.id = p_id returning r.* into v_rebuild;
  return v_rebuild;
end;
$$;
comment on function private.keep_page(uuid, jsonb) is 'Keeps what a page showed and moves the resume point past it.';

create function private.to_the_start(p_id uuid) returns private.rebuilds
language sql volatile set search_path = ''
as $$
  update private.rebuilds r
  set after_type = default, after_id = default, after_version = default, partial_state = null
  where r.id = p_id returning r.*;
$$;
comment on function private.to_the_start(uuid) is 'Puts the resume point before the first aggregate.';

create function private.held_rebuild(p_worker uuid, p_id uuid) returns private.rebuilds
language plpgsql volatile set search_path = ''
as $$
declare
  v_rebuild private.rebuilds;
begin
  select r.* into v_rebuild from private.rebuilds r where r.id = p_id for update;
  if v_rebuild.worker is distinct from p_worker or v_rebuild.leased_until < clock_timestamp() or v_rebuild.finished_at is not null then
    raise exception 'the rebuild has passed to another worker or has ended' using errcode = 'ES012';
  end if;
  return v_rebuild;
end;
$$;
comment on function private.held_rebuild(uuid, uuid) is 'Locks a rebuild leased to this worker, or refuses (ES012).';

create function public.take_rebuild(p_worker uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  c_attempts constant integer := 10;
  v_rebuild private.rebuilds;
begin
  update private.rebuilds r set worker = p_worker, leased_until = clock_timestamp() + interval '30 seconds', attempts = r.attempts + 1
  where r.id = (
    select w.id from private.rebuilds w
    where w.finished_at is null and (w.status <> 'compared' or not w.switch_by_hand) and w.leased_until < clock_timestamp()
    for update skip locked) -- one that a long statement still works on is not free, whatever its lease says
  returning r.* into v_rebuild;
  if v_rebuild.attempts > c_attempts then
    perform public.cancel_rebuild(v_rebuild.id, 'system', format('given up after %s attempts without progress; the last: %s', c_attempts,
      coalesce(v_rebuild.error, 'the worker ended without a word')));
    return null;
  end if;
  return case when v_rebuild.id is not null then jsonb_build_object('id', v_rebuild.id, 'kind', v_rebuild.kind, 'status', v_rebuild.status,
    'switch_by_hand', v_rebuild.switch_by_hand) end;
end;
$$;
comment on function public.take_rebuild(uuid) is
  'Leases the running rebuild to a worker for 30 seconds at a time; null when there is none to work on. One taken 10 times without progress fails instead.';

create function public.leave_rebuild(p_worker uuid, p_error text default null) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_error is not null then
    update private.rebuilds r set error = p_error, hold_until = '-infinity', leased_until = clock_timestamp() + interval '10 seconds'
    where r.id = (select w.id from private.rebuilds w where w.worker = p_worker and w.finished_at is null for update skip locked);
    return;
  end if;
  update private.rebuilds r set leased_until = '-infinity', hold_until = '-infinity', attempts = 0, error = null
  where r.worker = p_worker and r.finished_at is null;
  if found then
    perform private.call_database_manager('rebuild');
  end if;
end;
$$;
comment on function public.leave_rebuild(uuid, text) is
  'Gives the rebuild back and calls the next worker to go on with it; after an error, which is kept, the sweep calls one 10 seconds later.';

create function public.scan_rebuild(p_worker uuid, p_id uuid, p_page jsonb, p_limit integer) returns json
language plpgsql volatile security definer set search_path = '' set statement_timeout = '60s'
as $$
declare
  v_rebuild private.rebuilds := private.held_rebuild(p_worker, p_id);
  v_page record;
begin
  if p_page is not null then
    v_rebuild := private.keep_page(p_id, p_page);
  end if;
  update private.rebuilds r set leased_until = clock_timestamp() + interval '30 seconds' where r.id = p_id;
  select * into v_page from private.rebuild_page(v_rebuild, p_limit);
  if v_page.events = 0 then
    perform private.find_orphans(v_rebuild);
    perform private.to_the_start(p_id);
    update private.rebuilds r set status = 'compared', scanned_at = clock_timestamp() where r.id = p_id;
    if v_rebuild.kind = 'verify' then
      perform private.finish_verification(p_id);
    end if;
  end if;
  return v_page.page;
end;
$$;
comment on function public.scan_rebuild(uuid, uuid, jsonb, integer) is
  'One round trip of a scan: keeps what the last page showed, moves the resume point and returns the next page. An empty page ends the scan.';

create function private.find_orphans(p_rebuild private.rebuilds) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_table record;
begin
  for v_table in
    select t.table_name, t.aggregate_type, coalesce(t.parent_column, 'id') as id_column,
      (select string_agg(format('t.%I', k), ' || '':'' || ') from unnest(t.key) k) as row_id
    from private.state_tables t where t.aggregate_type = any (p_rebuild.aggregate_types)
  loop
    execute format(
      'insert into private.rebuild_differences (rebuild_id, table_name, row_id, aggregate_type, aggregate_id, version, operation, before)
       select $1, %1$L, (%3$s)::text, %2$L, t.%4$I, 0, ''delete'', to_jsonb(t) from public.%1$I t
       where not exists (select 1 from public.events e where e.aggregate_type = %2$L and e.aggregate_id = t.%4$I and e.processed)
       on conflict do nothing',
      v_table.table_name, v_table.aggregate_type, v_table.row_id, v_table.id_column)
    using p_rebuild.id;
  end loop;
end;
$$;
comment on function private.find_orphans(private.rebuilds) is 'Finds state rows whose aggregate has no processed event.';

create function private.resolve_findings(p_rebuild private.rebuilds) returns void
language sql volatile set search_path = ''
as $$
  update private.findings f set resolved_at = clock_timestamp()
  where f.resolved_at is null and f.aggregate_type = any (p_rebuild.aggregate_types) and f.found_at < p_rebuild.started_at
    and f.kind <> 'not_queued' and not (p_rebuild.id::text = any (f.found_by))
    and (f.kind <> 'version_mismatch' or p_rebuild.kind = 'rebuild' or not exists (select 1 from private.rebuild_differences d
      where d.rebuild_id = p_rebuild.id and d.aggregate_type = f.aggregate_type and d.aggregate_id = f.aggregate_id));
$$;
comment on function private.resolve_findings(private.rebuilds) is 'Ends what was found before and what a scan of the whole log has not found again.';

create function private.finish_verification(p_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_rebuild private.rebuilds;
begin
  update private.rebuilds r set status = 'completed', finished_at = clock_timestamp() where r.id = p_id returning r.* into v_rebuild;
  perform private.resolve_findings(v_rebuild);
  perform private.record_act('system.verification_completed', p_id, jsonb_build_object('verification_id', p_id, 'events', v_rebuild.events_done,
    'differing_rows', (select count(*) from private.rebuild_differences d where d.rebuild_id = p_id),
    'events_without_receipt', (select count(*) from private.findings f where p_id::text = any (f.found_by) and f.kind = 'missing_receipt'),
    'seconds', round(extract(epoch from clock_timestamp() - v_rebuild.started_at)::numeric, 3)), v_rebuild.requested_by);
end;
$$;
comment on function private.finish_verification(uuid) is 'Ends a verification and records its result.';
