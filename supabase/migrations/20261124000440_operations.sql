-- What people and other managers do with single events, and what they see of the whole.

create function private.fence_partition(p_aggregate_id uuid) returns void
language sql volatile set search_path = ''
as $$
  update private.partitions p set holder = null, token = p.token + 1, leased_until = '-infinity'
  where p.partition = private.partition_of(p_aggregate_id);
$$;
comment on function private.fence_partition(uuid) is
  'Takes an aggregate''s partition away from whoever works on it: a batch already taken can no longer commit and is taken anew.';

create function private.retry_event(p_event public.events) returns void
language sql volatile set search_path = ''
as $$
  update private.blocked_aggregates b set next_attempt_at = clock_timestamp(), parked_at = null where b.event_number = p_event.event_number;
  update public.events e set next_attempt_at = clock_timestamp() where e.id = p_event.id and e.processing_error is not null;
  insert into private.unprocessed_events (event_number, partition)
  select p_event.event_number, private.partition_of(p_event.aggregate_id)
  where not exists (select 1 from private.unprocessed_events u
    where u.partition = private.partition_of(p_event.aggregate_id) and u.blocked in (false, true) and u.event_number = p_event.event_number);
$$;
comment on function private.retry_event(public.events) is 'Makes a failed event due now; one that had fallen out of the queue is put back.';

create function public.register_event_type(p_definition jsonb, p_expected_schema_version integer) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_new public.event_types := jsonb_populate_record(null::public.event_types, p_definition);
  v_current public.event_types;
begin
  perform pg_advisory_xact_lock(1163284301, 2);
  select t.* into v_current from public.event_types t where t.event_type = v_new.event_type;
  if v_new.aggregate_type in ('agent', 'agent_policy', 'agent_decision', 'system') or v_new.event_type ~ '^(agent|agent_policy|agent_decision|system)[.]' then
    raise exception 'agents, their policies and decisions, and the system have the event types of the platform alone' using errcode = 'ES005';
  elsif v_current.source = 'code' then
    raise exception 'event type "%" is defined in code', v_new.event_type using errcode = 'ES005';
  elsif coalesce(v_current.schema_version, 0) <> p_expected_schema_version then
    raise exception 'event type "%" is at schema version %, not %', v_new.event_type, coalesce(v_current.schema_version, 0), p_expected_schema_version
      using errcode = 'ES004';
  elsif v_current.aggregate_type <> v_new.aggregate_type then
    raise exception 'event type "%" belongs to aggregate type "%"', v_new.event_type, v_current.aggregate_type using errcode = 'ES003';
  end if;

  insert into public.event_types as t (event_type, aggregate_type, description, json_schema, example, schema_version, posted_by, source)
  values (v_new.event_type, v_new.aggregate_type, v_new.description, v_new.json_schema, v_new.example, p_expected_schema_version + 1, v_new.posted_by, 'registered')
  on conflict (event_type) do update set description = excluded.description, json_schema = excluded.json_schema, example = excluded.example,
    schema_version = excluded.schema_version, posted_by = excluded.posted_by, active = true, updated_at = now()
  returning t.* into v_new;
  return to_jsonb(v_new);
end;
$$;
comment on function public.register_event_type(jsonb, integer) is
  'Adds an event type to the catalog (expected version 0) or gives it its next schema version. None about agents, decisions or the system. The caller has checked the schema and its compatibility. Errors: ES003, ES004, ES005.';

create function private.unprocessed_event_numbers(p_after bigint, p_limit integer) returns setof bigint
language sql stable security definer set search_path = ''
as $$
  select u.event_number
  from private.partitions p
  cross join (values (false), (true)) b(blocked)
  cross join lateral (
    select w.event_number from private.unprocessed_events w
    where w.partition = p.partition and w.blocked = b.blocked and w.event_number > p_after
    order by w.event_number limit p_limit
  ) u
  order by u.event_number limit p_limit;
$$;
comment on function private.unprocessed_event_numbers(bigint, integer) is 'Numbers of unprocessed events in order, from the queue, never from the log.';
grant execute on function private.unprocessed_event_numbers(bigint, integer) to authenticated, service_role;

create function public.get_unprocessed_events(p_after bigint default 0, p_limit integer default 1000) returns setof public.events
language sql stable security invoker set search_path = ''
as $$
  -- A user sees some of the queue only, so all of it is looked through; staff and keys see every number.
  select e.* from private.unprocessed_event_numbers(p_after,
    case when (select auth.uid()) is null or (select private.is_staff()) then p_limit else 2147483647 end) n
  -- "offset 0": one look into the index for each number, however the planner guesses.
  cross join lateral (select * from public.events x where x.event_number = n offset 0) e
  order by e.event_number limit p_limit;
$$;
comment on function public.get_unprocessed_events(bigint, integer) is 'Unprocessed events after a number, oldest first. Row level security of the caller applies.';

create function public.event_statistics() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    with backlog as (
      select count(*) as waiting, count(*) filter (where u.blocked) as blocked from private.unprocessed_events u
    ), oldest as (
      select e.event_number, e.created_at from public.events e
      where e.event_number = (select n from private.unprocessed_event_numbers(0, 1) n)
    ), processed as (
      select t.event_type, sum(t.processed) as events from private.event_totals t group by t.event_type
    ), hours as (
      select h.hour, sum(h.processed) as events from private.hourly_totals h
      where h.hour > date_trunc('hour', statement_timestamp(), 'UTC') - interval '24 hours' group by h.hour
    )
    select jsonb_build_object(
      'total', coalesce((select sum(p.events) from processed p), 0) + b.waiting,
      'processed', coalesce((select sum(p.events) from processed p), 0),
      'unprocessed', b.waiting,
      'blocked', b.blocked,
      'failed', (select count(*) from private.blocked_aggregates),
      'by_type', coalesce((select jsonb_object_agg(p.event_type, p.events) from processed p), '{}'),
      'per_hour', coalesce((select jsonb_agg(jsonb_build_object('hour', h.hour, 'events', h.events) order by h.hour) from hours h), '[]'),
      'last_event_number', (select max(e.event_number) from public.events e),
      'lag_events', b.waiting,
      'lag_seconds', coalesce((select extract(epoch from clock_timestamp() - o.created_at) from oldest o), 0),
      'oldest_unprocessed', (select o.event_number from oldest o)
    )
    from backlog b);
end;
$$;
comment on function public.event_statistics() is
  'Totals, processed events by type and by hour of the last day, backlog and lag (events, seconds). Reads counters and the queue, never the log.';

create function public.platform_health() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'event_types', (select count(*) from public.event_types t where t.active),
    'webhook_configured', (select count(*) = 2 from vault.decrypted_secrets s where s.name in ('project_url', 'automations_key')),
    'seconds_since_sweep', (select extract(epoch from clock_timestamp() - d.sweep_seen_at) from private.doorbell d)
  );
$$;
comment on function public.platform_health() is 'Cheap facts for the status endpoint: catalog size, whether the webhook has its secrets, seconds since the sweep last ran.';

revoke all on function public.register_event_type(jsonb, integer),
  public.get_unprocessed_events(bigint, integer), public.event_statistics(), public.platform_health()
  from public, anon, authenticated, service_role;
grant execute on function public.register_event_type(jsonb, integer),
  public.event_statistics(), public.platform_health() to service_role;
grant execute on function public.get_unprocessed_events(bigint, integer) to authenticated, service_role;
