-- Manual controls. Each act does its work and records itself as a system event, in one transaction.

create function private.manager_id() returns uuid
language sql immutable set search_path = ''
as $$ select '00000000-0000-4000-8000-000000000001'::uuid; $$;
comment on function private.manager_id() is 'Aggregate id of the Database Manager: the history of its controls is that of system/<this id>.';

create function private.record_act(p_type text, p_aggregate_id uuid, p_data jsonb, p_actor text, p_causation_id uuid default null) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
  v_event private.new_event;
  v_stored jsonb;
begin
  v_event.event_type := p_type;
  v_event.aggregate_type := 'system';
  v_event.aggregate_id := p_aggregate_id;
  v_event.schema_version := (select t.schema_version from public.event_types t where t.event_type = p_type);
  v_event.data := jsonb_strip_nulls(p_data);
  v_event.created_by := p_actor;
  v_event.user_id := case when p_actor like 'user:%' then substr(p_actor, 6)::uuid end;
  v_event.causation_id := p_causation_id;
  v_stored := private.append_events(array[v_event]);
  return (v_stored -> 0 ->> 'event_number')::bigint;
end;
$$;
comment on function private.record_act(text, uuid, jsonb, text, uuid) is 'Appends the system event of an act and returns its number.';

create function private.unprocessed_event(p_event_id uuid) returns public.events
language plpgsql volatile set search_path = ''
as $$
declare
  v_event public.events;
begin
  -- First the partition, then the event: the order of a commit.
  perform 1 from private.partitions p
  where p.partition = (select private.partition_of(e.aggregate_id) from public.events e where e.id = p_event_id) for update;
  select e.* into v_event from public.events e where e.id = p_event_id for no key update;
  if not found then
    raise exception 'there is no event %', p_event_id using errcode = 'ES011';
  elsif v_event.processed then
    raise exception 'event % is processed already', p_event_id using errcode = 'ES014';
  end if;
  return v_event;
end;
$$;
comment on function private.unprocessed_event(uuid) is 'Locks an unprocessed event and returns it. Errors: ES011 when there is none, ES014 when it is processed.';

create function private.make_due(p_event public.events) returns void
language sql volatile set search_path = ''
as $$
  -- An event that had fallen out of the queue goes before the later one that is parked for want of it, and that then follows by itself.
  update public.events e set next_attempt_at = clock_timestamp()
  from private.blocked_aggregates b
  where b.aggregate_type = p_event.aggregate_type and b.aggregate_id = p_event.aggregate_id and b.event_number > p_event.event_number
    and e.event_number = b.event_number;
  update private.blocked_aggregates b set event_number = p_event.event_number
  where b.aggregate_type = p_event.aggregate_type and b.aggregate_id = p_event.aggregate_id and b.event_number > p_event.event_number;
  select private.retry_event(p_event);
$$;
comment on function private.make_due(public.events) is 'Makes an unprocessed event the next of its aggregate, now.';

create function private.hold_partitions() returns void
language plpgsql volatile set search_path = ''
as $$ begin perform 1 from private.partitions p order by p.partition for update; end; $$;
comment on function private.hold_partitions() is
  'Until the end of the transaction no batch is taken or committed; those under way are waited for. In the order in which commits lock.';

create function private.fence_all() returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform private.hold_partitions();
  update private.partitions p set holder = null, token = p.token + 1, leased_until = '-infinity';
end;
$$;
comment on function private.fence_all() is 'Takes all partitions away from whoever works on them: batches already taken can no longer commit and are taken anew.';

create function public.retry_event(p_event_id uuid, p_actor text, p_reason text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_event public.events := private.unprocessed_event(p_event_id);
begin
  perform private.make_due(v_event);
  perform private.record_act('system.event_retried', private.manager_id(), jsonb_build_object('event_id', p_event_id, 'reason', p_reason), p_actor, p_event_id);
  perform private.call_database_manager('manual');
  return (select to_jsonb(e) from public.events e where e.id = p_event_id);
end;
$$;
comment on function public.retry_event(uuid, text, text) is 'Makes a failed event due now and records who did. Errors: ES011, ES014.';

create function public.skip_event(p_event_id uuid, p_actor text, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_event public.events := private.unprocessed_event(p_event_id);
begin
  if coalesce(trim(p_reason), '') = '' then
    raise exception 'skipping an event needs a reason' using errcode = 'ES013';
  end if;
  perform private.fence_partition(v_event.aggregate_id);
  update public.events e set skip_reason = p_reason where e.id = p_event_id;
  perform private.make_due(v_event);
  perform private.record_act('system.event_skipped', private.manager_id(), jsonb_build_object('event_id', p_event_id, 'reason', p_reason), p_actor, p_event_id);
  perform private.call_database_manager('manual');
  return (select to_jsonb(e) from public.events e where e.id = p_event_id);
end;
$$;
comment on function public.skip_event(uuid, text, text) is
  'Sets an unprocessed event aside with a reason: it will count as processed and change no state. Errors: ES011, ES013, ES014.';

create function public.park_event(p_event_id uuid, p_actor text, p_error text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_event public.events := private.unprocessed_event(p_event_id);
begin
  perform private.fence_partition(v_event.aggregate_id);
  perform private.record_failures(jsonb_build_array(jsonb_build_object(
    'event_number', v_event.event_number, 'error_code', 'failed_by_hand', 'error', p_error, 'retry_seconds', null)));
  perform private.record_act('system.event_parked', private.manager_id(), jsonb_build_object('event_id', p_event_id, 'reason', p_error), p_actor, p_event_id);
  return (select to_jsonb(e) from public.events e where e.id = p_event_id);
end;
$$;
comment on function public.park_event(uuid, text, text) is 'Parks an unprocessed event and its aggregate until somebody retries or skips it. Errors: ES011, ES014.';

create function public.set_event_processing(p_event_id uuid, p_status text, p_actor text, p_error text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_event public.events;
begin
  select e.* into v_event from public.events e where e.id = p_event_id;
  if v_event.processed and p_status = 'processed' then
    return to_jsonb(v_event);
  end if;
  return case p_status
    when 'processed' then public.skip_event(p_event_id, p_actor, coalesce(p_error, 'marked as processed by hand'))
    when 'failed' then public.park_event(p_event_id, p_actor, coalesce(p_error, 'marked as failed by hand'))
    when 'pending' then public.retry_event(p_event_id, p_actor, p_error)
  end;
end;
$$;
comment on function public.set_event_processing(uuid, text, text, text) is
  'Sets what becomes of an unprocessed event: processed = counted as done without changing state, failed = parked with its error, pending = tried again. Errors: ES011, ES013, ES014.';

create function public.retry_failed_events(p_error_code text, p_actor text, p_reason text default null) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_events bigint;
begin
  with due as (
    update private.blocked_aggregates b set next_attempt_at = clock_timestamp(), parked_at = null
    where p_error_code is null or b.error_code = p_error_code
    returning b.event_number
  ), marked as (
    update public.events e set next_attempt_at = clock_timestamp() from due d where e.event_number = d.event_number
  )
  select count(*) into v_events from due;
  perform private.record_act('system.events_retried', private.manager_id(),
    jsonb_build_object('error_code', p_error_code, 'events', v_events, 'reason', p_reason), p_actor);
  perform private.call_database_manager('manual');
  return v_events;
end;
$$;
comment on function public.retry_failed_events(text, text, text) is 'Makes all failed events with an error code (null = all) due now; returns how many.';

create function public.request_processing(p_event_ids uuid[], p_actor text, p_reason text default null) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_id uuid;
  v_pause private.pauses;
begin
  select z.* into v_pause from private.pauses z
  where z.aggregate_type = '*' or z.aggregate_type in (select e.aggregate_type from public.events e where e.id = any (p_event_ids))
  order by z.aggregate_type limit 1;
  if found then
    raise exception '% is paused (%): resume it first', case v_pause.aggregate_type when '*' then 'processing' else v_pause.aggregate_type end, v_pause.reason
      using errcode = 'ES016';
  end if;
  perform private.hold_partitions();
  for v_id in select distinct i from unnest(p_event_ids) i loop
    perform private.make_due(private.unprocessed_event(v_id));
  end loop;
  perform private.record_act('system.processing_requested', private.manager_id(),
    jsonb_build_object('event_ids', to_jsonb(p_event_ids), 'reason', p_reason), p_actor);
end;
$$;
comment on function public.request_processing(uuid[], text, text) is
  'Records that somebody wants what waits to be processed now, and makes these events due (null: none in particular). All or nothing. Errors: ES011, ES014, ES016 while a pause forbids it.';

create function private.check_aggregate_type(p_aggregate_type text) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if p_aggregate_type is not null and not exists (select 1 from public.event_types t where t.aggregate_type = p_aggregate_type) then
    raise exception 'no event type belongs to aggregate type "%"', p_aggregate_type using errcode = 'ES020';
  end if;
end;
$$;
comment on function private.check_aggregate_type(text) is 'Refuses an aggregate type that is not in the catalog (ES020).';

create function public.pause_processing(p_aggregate_type text, p_actor text, p_reason text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if coalesce(trim(p_reason), '') = '' then
    raise exception 'pausing needs a reason' using errcode = 'ES013';
  end if;
  perform private.check_aggregate_type(p_aggregate_type);
  insert into private.pauses (aggregate_type, reason, paused_by) values (coalesce(p_aggregate_type, '*'), p_reason, p_actor)
  on conflict (aggregate_type) do nothing;
  if not found then
    raise exception '% is paused already', coalesce(p_aggregate_type, 'processing') using errcode = 'ES016';
  end if;
  -- Batches already taken are redone without what is paused.
  perform private.fence_all();
  perform private.record_act('system.processing_paused', private.manager_id(), jsonb_build_object('aggregate_type', p_aggregate_type, 'reason', p_reason), p_actor);
end;
$$;
comment on function public.pause_processing(text, text, text) is 'Stops processing of one aggregate type, or of all (null); appends go on. Errors: ES013, ES016, ES020.';

create function public.resume_processing(p_aggregate_type text, p_actor text, p_reason text default null) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.pauses z where z.aggregate_type = coalesce(p_aggregate_type, '*');
  if not found then
    raise exception '% is not paused', coalesce(p_aggregate_type, 'processing') using errcode = 'ES016';
  end if;
  -- A worker that still saw the pause has put its events aside before the next statement looks for them.
  perform private.hold_partitions();
  update private.unprocessed_events u set blocked = false
  from public.events e
  where p_aggregate_type is not null and u.blocked and e.event_number = u.event_number and e.aggregate_type = p_aggregate_type
    and not exists (select 1 from private.blocked_aggregates b where b.aggregate_type = e.aggregate_type and b.aggregate_id = e.aggregate_id);
  perform private.record_act('system.processing_resumed', private.manager_id(), jsonb_build_object('aggregate_type', p_aggregate_type, 'reason', p_reason), p_actor);
  perform private.call_database_manager('manual');
end;
$$;
comment on function public.resume_processing(text, text, text) is 'Ends a pause of one aggregate type, or the general one (null). Errors: ES016.';

create function public.row_blame(p_table text, p_row_id text) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select coalesce(jsonb_object_agg(c.field, jsonb_build_object('value', c.value, 'event_id', c.event_id, 'event_number', c.event_number,
    'operation', c.operation, 'changed_at', c.created_at)), '{}')
  from (
    select distinct on (f.field) f.field, f.value, s.event_id, s.event_number, s.operation, s.created_at
    from public.state_changes s
    cross join lateral jsonb_each(coalesce(s.after, s.before)) f(field, value)
    where s.table_name = p_table and s.row_id = p_row_id
    order by f.field, s.change_number desc
  ) c;
$$;
comment on function public.row_blame(text, text) is 'For each field of a state row the event that last changed it. Row level security of the caller applies.';

revoke all on function public.set_event_processing(uuid, text, text, text), public.park_event(uuid, text, text), public.retry_event(uuid, text, text), public.skip_event(uuid, text, text), public.retry_failed_events(text, text, text), public.request_processing(uuid[], text, text),
  public.pause_processing(text, text, text), public.resume_processing(text, text, text), public.row_blame(text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.set_event_processing(uuid, text, text, text), public.park_event(uuid, text, text), public.retry_event(uuid, text, text), public.skip_event(uuid, text, text), public.retry_failed_events(text, text, text), public.request_processing(uuid[], text, text),
  public.pause_processing(text, text, text), public.resume_processing(text, text, text) to service_role;
grant execute on function public.row_blame(text, text) to authenticated, service_role;
