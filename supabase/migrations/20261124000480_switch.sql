-- The last step of a rebuild: hold the Database Manager for a moment, fold again what moved since it was compared, switch.

create function private.moved_aggregates(p_id uuid, p_from_type text, p_from_id uuid, p_limit integer)
returns table (aggregate_type text, aggregate_id uuid)
language sql stable set search_path = ''
as $$
  select m.aggregate_type, m.aggregate_id
  from (
    select d.aggregate_type, d.aggregate_id, max(d.version) as version
    from private.rebuild_differences d where d.rebuild_id = p_id and (d.aggregate_type, d.aggregate_id) >= (p_from_type, p_from_id)
    group by d.aggregate_type, d.aggregate_id
  ) m
  -- A value, not an "exists": one look into the index for each aggregate, and none after the last one wanted.
  where (
    select e.processed from public.events e
    where e.aggregate_type = m.aggregate_type and e.aggregate_id = m.aggregate_id and e.aggregate_version = m.version + 1
  )
  order by m.aggregate_type, m.aggregate_id
  limit p_limit;
$$;
comment on function private.moved_aggregates(uuid, text, uuid, integer) is
  'Aggregates with differences, from one on, whose rows have moved on since they were compared.';

create function private.all_moved(p_id uuid, p_limit integer default null) returns table (aggregate_type text, aggregate_id uuid)
language sql stable set search_path = ''
as $$ select m.* from private.moved_aggregates(p_id, '', '00000000-0000-0000-0000-000000000000', p_limit) m; $$;
comment on function private.all_moved(uuid, integer) is 'Aggregates with differences that have moved on, whichever they are.';

-- One aggregate after the other: no more is read than fits, however long their histories are.
create function private.moved_events(p_id uuid, p_after_type text, p_after_id uuid, p_after_version bigint, p_limit integer) returns setof public.events
language plpgsql stable set search_path = ''
as $$
declare
  v_moved record;
  v_left integer := p_limit;
  v_found integer;
begin
  for v_moved in
    select m.aggregate_type, m.aggregate_id,
      case when (m.aggregate_type, m.aggregate_id) = (p_after_type, p_after_id) then p_after_version else 0 end as after_version
    from private.moved_aggregates(p_id, p_after_type, p_after_id, p_limit + 1) m -- the first may be past its last event
    order by m.aggregate_type, m.aggregate_id
  loop
    exit when v_left <= 0;
    return query
      select e.* from public.events e
      where e.aggregate_type = v_moved.aggregate_type and e.aggregate_id = v_moved.aggregate_id and e.aggregate_version > v_moved.after_version and e.processed
      order by e.aggregate_version limit v_left;
    get diagnostics v_found = row_count;
    v_left := v_left - v_found;
  end loop;
end;
$$;
comment on function private.moved_events(uuid, text, uuid, bigint, integer) is 'Processed events of moved aggregates, aggregate by aggregate, from a resume point.';

create function private.keep_moved_rows(p_id uuid) returns void
language sql volatile set search_path = ''
as $$
  with kept as (
    delete from private.rebuild_differences d using private.all_moved(p_id) m
    where d.rebuild_id = p_id and d.aggregate_type = m.aggregate_type and d.aggregate_id = m.aggregate_id
    returning 1
  )
  update private.rebuilds r set kept_rows = r.kept_rows + (select count(*) from kept) where r.id = p_id;
$$;
comment on function private.keep_moved_rows(uuid) is 'Takes aggregates that have moved out of a rollback: they keep what later events made of them.';

create function private.hold_for(p_rebuild private.rebuilds) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  update private.rebuilds r set hold_until = clock_timestamp() + interval '15 seconds' where r.id = p_rebuild.id;
  if p_rebuild.hold_until < clock_timestamp() then
    perform private.fence_all();
  end if;
end;
$$;
comment on function private.hold_for(private.rebuilds) is 'From now on no batch commits, for 15 seconds at most.';

create function public.catch_up_rebuild(p_worker uuid, p_id uuid, p_page jsonb, p_hold boolean, p_limit integer) returns json
language plpgsql volatile security definer set search_path = '' set statement_timeout = '60s'
as $$
declare
  v_rebuild private.rebuilds := private.held_rebuild(p_worker, p_id);
  v_page record;
begin
  if p_hold then
    perform private.hold_for(v_rebuild);
  end if;
  if v_rebuild.kind = 'rollback' then
    perform private.keep_moved_rows(p_id);
  elsif p_page is not null then
    delete from private.rebuild_differences d
    using jsonb_to_recordset(p_page -> 'compared') as a(aggregate_type text, aggregate_id uuid)
    where d.rebuild_id = p_id and d.aggregate_type = a.aggregate_type and d.aggregate_id = a.aggregate_id;
    perform private.keep_page(p_id, p_page);
  end if;
  update private.rebuilds r set status = 'switching', leased_until = clock_timestamp() + interval '30 seconds'
  where r.id = p_id returning r.* into v_rebuild;
  select * into v_page from private.rebuild_page(v_rebuild, case when v_rebuild.kind = 'rollback' then 0 else p_limit end);
  if v_page.events = 0 then
    -- The last aggregate is passed. Earlier ones may have moved meanwhile.
    v_rebuild := private.to_the_start(p_id);
    select * into v_page from private.rebuild_page(v_rebuild, case when v_rebuild.kind = 'rollback' then 0 else p_limit end);
  end if;
  return v_page.page;
end;
$$;
comment on function public.catch_up_rebuild(uuid, uuid, jsonb, boolean, integer) is
  'Replaces the differences of aggregates compared anew ("compared" of the page) and returns the next page of those that have moved since; an empty one: none has. With p_hold no batch commits until the switch, for 15 seconds at most.';

-- Rows are read in parts: one array of all rows of a large table would be larger than a jsonb may be.
create function private.write_differences(p_id uuid, p_table text, p_step text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_rows jsonb;
  v_last text := '';
begin
  loop
    select jsonb_agg(case when p_step = 'put' then n.after else n.before end), max(n.row_id) into v_rows, v_last
    from (
      select d.before, d.after, d.row_id from private.rebuild_differences d
      where d.rebuild_id = p_id and d.table_name = p_table and d.row_id > v_last
        and case p_step when 'put' then d.after is not null when 'clear' then d.before is not null else d.operation = 'delete' end
      order by d.row_id limit 5000
    ) n;
    exit when v_rows is null;
    if p_step = 'put' then
      perform private.write_rows(p_table, v_rows);
    else
      perform private.delete_rows(p_table, v_rows);
    end if;
  end loop;
end;
$$;
comment on function private.write_differences(uuid, text, text) is
  'One step of a switch in one table: delete = rows that the new generation does not have go, clear = all that differ go, put = all are written as it has them.';

create function private.replace_rows(p_id uuid, p_table text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform private.write_differences(p_id, p_table, 'delete');
  perform private.write_differences(p_id, p_table, 'put');
exception when unique_violation then
  -- Rows that exchange a unique value are in each other's way unless all of them go first.
  perform private.write_differences(p_id, p_table, 'clear');
  perform private.write_differences(p_id, p_table, 'put');
end;
$$;
comment on function private.replace_rows(uuid, text) is 'Puts the rows of the new generation in place of those of the old, in one table.';

create function private.apply_differences(p_id uuid) returns void
language sql volatile set search_path = ''
as $$
  select private.replace_rows(p_id, t.table_name)
  from (select distinct d.table_name from private.rebuild_differences d where d.rebuild_id = p_id order by d.table_name) t;
$$;
comment on function private.apply_differences(uuid) is 'Writes the rows of the new generation over the old.';

create function private.check_rebuild(p_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if not exists (select 1 from private.rebuilds r where r.id = p_id) then
    raise exception 'there is no rebuild %', p_id using errcode = 'ES021';
  end if;
end;
$$;
comment on function private.check_rebuild(uuid) is 'Refuses the id of a rebuild that there is not (ES021).';

create function private.explain_switch(p_id uuid, p_event_number bigint) returns void
language sql volatile set search_path = ''
as $$
  insert into public.state_changes (event_number, event_id, table_name, row_id, operation, before, after)
  select e.event_number, e.id, d.table_name, d.row_id, d.operation,
    case when d.operation = 'update' then (select jsonb_object_agg(b.key, b.value) from jsonb_each(d.before) b where d.after -> b.key is distinct from b.value) else d.before end,
    case when d.operation = 'update' then (select jsonb_object_agg(a.key, a.value) from jsonb_each(d.after) a where d.before -> a.key is distinct from a.value) else d.after end
  from private.rebuild_differences d
  cross join public.events e
  where d.rebuild_id = p_id and e.event_number = p_event_number
  order by d.table_name, d.row_id;
$$;
comment on function private.explain_switch(uuid, bigint) is 'Records what a switch did to each row as changes of its system event.';

create function private.give_receipts(p_id uuid) returns void
language sql volatile set search_path = ''
as $$
  with healed as (
    update private.findings f set resolved_at = clock_timestamp()
    where f.resolved_at is null and f.kind = 'missing_receipt' and p_id::text = any (f.found_by)
      and not exists (select 1 from private.findings h where h.resolved_at is null and h.kind = 'version_hole'
        and h.aggregate_type = f.aggregate_type and h.aggregate_id = f.aggregate_id)
    returning f.event_number
  )
  insert into public.state_changes (event_number, event_id, table_name, row_id, operation, before, after)
  select e.event_number, e.id, t.table_name, e.aggregate_id::text, 'update', '{}', '{}'
  from healed h
  join public.events e on e.event_number = h.event_number
  join private.state_tables t on t.aggregate_type = e.aggregate_type and t.property is null;
$$;
comment on function private.give_receipts(uuid) is 'Events without a receipt that the rebuild has now folded in get an empty one; what they changed is explained by the switch.';

create function public.switch_rebuild(p_worker uuid, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' set statement_timeout = '120s'
as $$
declare
  v_rebuild private.rebuilds := private.held_rebuild(p_worker, p_id);
  v_event_number bigint;
begin
  if v_rebuild.hold_until < clock_timestamp() then
    raise exception 'the hold of the switch has expired' using errcode = 'ES012';
  elsif exists (select 1 from private.findings f where p_id::text = any (f.found_by) and f.kind = 'fold_failed' and f.resolved_at is null) then
    raise exception 'an event of the log cannot be folded: see the findings' using errcode = 'ES017';
  end if;
  -- No batch holds a lease, and none can be given one: the rows stand still.
  perform private.hold_partitions();
  if exists (select 1 from private.all_moved(p_id, 1)) then
    raise exception 'aggregates moved during the hold' using errcode = 'ES012';
  end if;

  perform private.apply_differences(p_id);
  update private.rebuilds r set previous_generations = (
    select jsonb_object_agg(t, coalesce(g.generation, 1)) from unnest(v_rebuild.aggregate_types) t left join private.generations g on g.aggregate_type = t)
  where r.id = p_id;
  insert into private.generations as g (aggregate_type, generation, rebuild_id)
  select n.key, n.value::integer, p_id from jsonb_each_text(v_rebuild.generations) n where n.key = any (v_rebuild.aggregate_types)
  on conflict (aggregate_type) do update set generation = excluded.generation, rebuild_id = excluded.rebuild_id, since = clock_timestamp();
  if v_rebuild.kind = 'rebuild' then
    perform private.resolve_findings(v_rebuild);
  end if;
  update private.rebuilds r set status = 'completed', finished_at = clock_timestamp(), hold_until = '-infinity', error = null where r.id = p_id;

  v_event_number := private.record_act('system.rebuild_completed', p_id, jsonb_build_object('rebuild_id', p_id, 'events', v_rebuild.events_done,
    'differing_rows', (select count(*) from private.rebuild_differences d where d.rebuild_id = p_id),
    'seconds', round(extract(epoch from clock_timestamp() - v_rebuild.started_at)::numeric, 3)), v_rebuild.requested_by);
  perform private.explain_switch(p_id, v_event_number);
  perform private.give_receipts(p_id);
  perform private.call_database_manager('continue');
  return public.get_rebuild(p_id);
end;
$$;
comment on function public.switch_rebuild(uuid, uuid) is
  'Puts the new generation in place of the old, in one transaction, and records it. Errors: ES012 when something moved or the hold ended (catch up again), ES017 when the log cannot be folded.';

create function public.confirm_rebuild(p_id uuid, p_actor text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.check_rebuild(p_id);
  update private.rebuilds r set switch_by_hand = false where r.id = p_id and r.status = 'compared' and r.switch_by_hand;
  if not found then
    raise exception 'rebuild % does not wait to be switched', p_id using errcode = 'ES016';
  end if;
  perform private.record_act('system.rebuild_confirmed', p_id, jsonb_build_object('rebuild_id', p_id), p_actor);
  perform private.call_database_manager('rebuild');
  return public.get_rebuild(p_id);
end;
$$;
comment on function public.confirm_rebuild(uuid, text) is 'Lets a compared rebuild switch. Errors: ES016 when it does not wait for that, ES021.';

create function public.cancel_rebuild(p_id uuid, p_actor text, p_error text default 'cancelled') returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.check_rebuild(p_id);
  update private.rebuilds r set status = case when p_error = 'cancelled' then 'cancelled' else 'failed' end, finished_at = clock_timestamp(), error = p_error, hold_until = '-infinity'
  where r.id = p_id and r.finished_at is null;
  if not found then
    raise exception 'rebuild % is not running', p_id using errcode = 'ES016';
  end if;
  perform private.record_act('system.rebuild_failed', p_id, jsonb_build_object('rebuild_id', p_id, 'error', p_error), p_actor);
  return public.get_rebuild(p_id);
end;
$$;
comment on function public.cancel_rebuild(uuid, text, text) is 'Gives a running rebuild up; the state tables stay as they are. Errors: ES016, ES021.';

create function public.roll_back_rebuild(p_id uuid, p_actor text, p_reason text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_done private.rebuilds;
  v_undo uuid;
begin
  perform private.check_rebuild(p_id);
  select r.* into v_done from private.rebuilds r where r.id = p_id and r.kind = 'rebuild' and r.status = 'completed';
  if not found or exists (select 1 from private.rebuilds r where r.kind <> 'verify' and r.status = 'completed' and r.finished_at > v_done.finished_at) then
    raise exception 'rebuild % is not the last one that switched', p_id using errcode = 'ES016';
  end if;
  v_undo := (public.start_rebuild('rollback', v_done.aggregate_types, v_done.previous_generations, true, p_actor, p_reason, p_id) ->> 'id')::uuid;

  -- Rows that have moved on since the switch keep what later events made of them.
  insert into private.rebuild_differences (rebuild_id, table_name, row_id, aggregate_type, aggregate_id, version, operation, before, after)
  select v_undo, d.table_name, d.row_id, d.aggregate_type, d.aggregate_id, d.version,
    case d.operation when 'insert' then 'delete' when 'delete' then 'insert' else 'update' end, d.after, d.before
  from private.rebuild_differences d
  where d.rebuild_id = p_id and not exists (
    select 1 from private.all_moved(p_id) m where m.aggregate_type = d.aggregate_type and m.aggregate_id = d.aggregate_id);
  update private.rebuilds r set status = 'compared', switch_by_hand = false, scanned_at = clock_timestamp(),
    kept_rows = (select count(*) from private.rebuild_differences d where d.rebuild_id = p_id)
      - (select count(*) from private.rebuild_differences d where d.rebuild_id = v_undo)
  where r.id = v_undo;
  return public.get_rebuild(v_undo);
end;
$$;
comment on function public.roll_back_rebuild(uuid, text, text) is
  'Goes back to the rows from before the last rebuild, but for aggregates that events have changed since (kept_rows). Errors: ES015, ES016, ES021.';

revoke all on function public.start_rebuild(text, text[], jsonb, boolean, text, text, uuid), public.get_rebuild(uuid), public.take_rebuild(uuid), public.leave_rebuild(uuid, text),
  public.scan_rebuild(uuid, uuid, jsonb, integer), public.catch_up_rebuild(uuid, uuid, jsonb, boolean, integer), public.switch_rebuild(uuid, uuid),
  public.confirm_rebuild(uuid, text), public.cancel_rebuild(uuid, text, text), public.roll_back_rebuild(uuid, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.start_rebuild(text, text[], jsonb, boolean, text, text, uuid), public.get_rebuild(uuid), public.take_rebuild(uuid), public.leave_rebuild(uuid, text),
  public.scan_rebuild(uuid, uuid, jsonb, integer), public.catch_up_rebuild(uuid, uuid, jsonb, boolean, integer), public.switch_rebuild(uuid, uuid),
  public.confirm_rebuild(uuid, text), public.cancel_rebuild(uuid, text, text), public.roll_back_rebuild(uuid, text, text)
  to service_role;
