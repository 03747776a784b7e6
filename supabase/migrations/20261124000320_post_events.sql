-- What the events function calls: rights, catalog and idempotency, then the append.

create function private.check_catalog(p_events private.new_event[]) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_bad record;
begin
  select e.event_type, e.aggregate_type, e.schema_version, t.aggregate_type as owner_type, t.schema_version as current_version, t.active,
    e.posted_by, e.posted_by = any (t.posted_by) as allowed, t.event_type is not null as known
  into v_bad
  from unnest(p_events) e
  left join public.event_types t on t.event_type = e.event_type
  where t.event_type is null or not t.active or t.aggregate_type is distinct from e.aggregate_type
    or (e.posted_by = any (t.posted_by)) is not true or t.schema_version is distinct from e.schema_version
  limit 1;
  if not found then
    return;
  elsif not v_bad.known then
    raise exception 'event type "%" is not in the catalog', v_bad.event_type using errcode = 'ES001';
  elsif not v_bad.active then
    raise exception 'event type "%" is retired', v_bad.event_type using errcode = 'ES002';
  elsif v_bad.owner_type <> v_bad.aggregate_type then
    raise exception 'event type "%" belongs to aggregate type "%", not "%"', v_bad.event_type, v_bad.owner_type, v_bad.aggregate_type using errcode = 'ES003';
  elsif not v_bad.allowed then
    raise exception '"%" may not be posted by %', v_bad.event_type, v_bad.posted_by using errcode = 'ES005';
  else
    raise exception 'event type "%" is at schema version %, not %', v_bad.event_type, v_bad.current_version, v_bad.schema_version using errcode = 'ES004';
  end if;
end;
$$;
comment on function private.check_catalog(private.new_event[]) is
  'Refuses events whose type is unknown (ES001), retired (ES002), of another aggregate type (ES003), not for this role (ES005) or validated against an old schema (ES004).';

create function private.check_causes(p_events private.new_event[]) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_missing uuid;
begin
  select e.causation_id into v_missing from unnest(p_events) e
  where e.causation_id is not null and not exists (select 1 from public.events c where c.id = e.causation_id)
  limit 1;
  if found then
    raise exception 'causation_id % is no event', v_missing using errcode = 'ES009';
  end if;
end;
$$;
comment on function private.check_causes(private.new_event[]) is
  'Refuses a causation_id that is no stored event (ES009). A cause is thus always older than its effect: no cycles. No foreign key: events are never deleted, and its row lock would slow the log.';

create function private.replayed_events(p_events private.new_event[]) returns json
language plpgsql stable set search_path = ''
as $$
declare
  v_keyed integer;
  v_found integer;
  v_same integer;
  v_events json;
begin
  select count(e.idempotency_key), count(s.id),
    count(s.id) filter (where s.event_type = e.event_type and s.aggregate_type = e.aggregate_type and s.aggregate_id = e.aggregate_id and s.data = e.data
      and s.metadata = coalesce(e.metadata, '{}') and s.user_id is not distinct from e.user_id
      and s.correlation_id is not distinct from e.correlation_id and s.causation_id is not distinct from e.causation_id),
    json_agg(s order by e.ord)
  into v_keyed, v_found, v_same, v_events
  from unnest(p_events) with ordinality
    as e(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord)
  -- "offset 0" keeps this an index look-up per key, however the planner guesses.
  left join lateral (
    select * from public.events s where s.idempotency_key = e.idempotency_key and s.created_by || '' = e.created_by offset 0
  ) s on true;

  if v_keyed > (select count(distinct (e.created_by, e.idempotency_key)) from unnest(p_events) e where e.idempotency_key is not null) then
    raise exception 'one idempotency key stands for two events of this append' using errcode = 'ES008';
  elsif v_found = 0 then
    return null;
  elsif v_same < v_found then
    raise exception 'this idempotency key was used for an event with other content' using errcode = 'ES008';
  elsif v_found < cardinality(p_events) then
    raise exception 'some, not all, of these events were posted before with the same idempotency keys' using errcode = 'ES008';
  end if;
  return v_events;
end;
$$;
comment on function private.replayed_events(private.new_event[]) is
  'The events stored before under the same idempotency keys of the same creator, or null when there are none; other content or a part of a batch is a conflict (ES008).';

create function private.creator_of(p_actor jsonb) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return case p_actor ->> 'kind'
    when 'user' then 'user:' || (p_actor ->> 'user_id')::uuid
    when 'agent' then 'agent:' || (p_actor ->> 'name')
    when 'service' then 'system'
  end;
end;
$$;
comment on function private.creator_of(jsonb) is 'created_by of an actor, null when it is none.';

create function private.identified_events(p_events jsonb, p_actor jsonb) returns private.new_event[]
language plpgsql stable set search_path = ''
as $$
declare
  v_kind text := p_actor ->> 'kind';
  v_trusted boolean := v_kind = 'service';
  v_created_by text := private.creator_of(p_actor);
  v_user_id uuid := (p_actor ->> 'user_id')::uuid;
  v_role text := v_kind;
  v_events private.new_event[];
begin
  if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) not between 1 and 1000 then
    raise exception 'an append holds 1 to 1000 events' using errcode = 'ES013';
  elsif v_created_by is null then
    raise exception 'an append needs an actor' using errcode = 'ES013';
  elsif jsonb_path_exists(p_events, '$[*].idempotency_key ? (@ starts with "effect:" || @ starts with "decision:")') then
    raise exception 'idempotency keys that begin with effect: or decision: belong to the platform' using errcode = 'ES013';
  elsif v_kind = 'agent' and private.agent_is_stopped(p_actor ->> 'name') then
    raise exception 'agent % is stopped', p_actor ->> 'name' using errcode = 'ES034';
  elsif v_kind = 'user' and exists (select from public.user_roles r where r.user_id = v_user_id and r.role = 'staff') then
    v_role := 'staff';
  end if;
  select array_agg(row(e.event_type, e.aggregate_type, e.aggregate_id, coalesce(e.schema_version, 1), e.data, e.metadata,
      case when v_trusted then coalesce(e.created_by, v_created_by) else v_created_by end,
      case when v_trusted then e.user_id else v_user_id end,
      e.correlation_id, e.causation_id, e.idempotency_key, e.expected_version,
      v_role, case when v_role = 'user' then v_user_id end)::private.new_event order by e.ord)
  into v_events
  from rows from (jsonb_populate_recordset(null::private.new_event, p_events)) with ordinality
    as e(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord);
  return v_events;
end;
$$;
comment on function private.identified_events(jsonb, jsonb) is
  'Reads posted events and stamps them with who posts them: only a service (trusted backend) may state another created_by or user_id. Refuses what is no append (ES013) and a stopped agent (ES034).';

create function private.post_event_set(p_events private.new_event[]) returns json
language plpgsql volatile set search_path = ''
as $$
declare
  v_stored json;
begin
  -- Before any aggregate is locked: whoever executes decisions holds the policies, and then locks aggregates.
  if exists (select from unnest(p_events) e join private.settings s on s.event_type = e.event_type) then
    perform private.change_policies();
  end if;
  perform private.check_catalog(p_events);
  perform private.check_causes(p_events);
  return json_build_object('events', private.append_events(p_events), 'replayed', false);
exception when serialization_failure or sqlstate 'ES006' or sqlstate 'ES007' then
  -- Looked for only now: new events pay nothing for it. Events posted before have moved their aggregate on.
  v_stored := private.replayed_events(p_events);
  if v_stored is null then
    raise;
  end if;
  return json_build_object('events', v_stored, 'replayed', true);
end;
$$;
comment on function private.post_event_set(private.new_event[]) is 'post_events for events stamped with who posts them.';

create function public.post_events(p_events jsonb, p_actor jsonb) returns json
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_kind text := p_actor ->> 'kind';
  v_user_id uuid := (p_actor ->> 'user_id')::uuid;
  v_created_by text := private.creator_of(p_actor);
  v_posted_by text[];
  v_is_staff boolean;
  v_keeps_rules boolean;
  v_announced text;
  v_version bigint;
  v_owner_id uuid;
  v_now timestamptz;
  v_event_number bigint;
  v_stored json;
  e private.new_event;
begin
  if (case jsonb_typeof(p_events) when 'array' then jsonb_array_length(p_events) end) is distinct from 1 then
    return private.post_event_set(private.identified_events(p_events, p_actor));
  end if;

  -- The hot path: one event that keeps all rules, in as few statements as can tell. What does not is left to those who word the refusals.
  e := jsonb_populate_record(null::private.new_event, p_events -> 0);
  e.schema_version := coalesce(e.schema_version, 1);
  e.created_by := case when v_kind = 'service' then coalesce(e.created_by, v_created_by) else v_created_by end;
  e.user_id := case when v_kind = 'service' then e.user_id else v_user_id end;
  select t.posted_by, v_kind = 'user' and exists (select from public.user_roles r where r.user_id = v_user_id and r.role = 'staff'),
    t.active and t.aggregate_type = e.aggregate_type and t.schema_version = e.schema_version
    and not exists (select from private.settings g where g.event_type = t.event_type)
    and (e.idempotency_key is null
      or not exists (select from public.events s where s.idempotency_key = e.idempotency_key and s.created_by || '' = e.created_by))
    and (e.causation_id is null or exists (select from public.events c where c.id = e.causation_id))
  into v_posted_by, v_is_staff, v_keeps_rules
  from public.event_types t where t.event_type = e.event_type;
  e.posted_by := case when v_is_staff then 'staff' else v_kind end;
  e.owned_by := case when e.posted_by = 'user' then v_user_id end;
  if (v_keeps_rules and e.posted_by = any (v_posted_by) and v_created_by is not null) is not true
    or starts_with(e.idempotency_key, 'effect:') or starts_with(e.idempotency_key, 'decision:')
    or v_kind = 'agent' and private.agent_is_stopped(p_actor ->> 'name') then
    return private.post_event_set(private.identified_events(p_events, p_actor));
  end if;

  insert into private.aggregates as a (aggregate_id, aggregate_type, version, owner_id)
  values (e.aggregate_id, e.aggregate_type, 1, case when e.posted_by <> 'staff' then e.user_id end)
  on conflict (aggregate_type, aggregate_id) do update set version = a.version + 1
  returning a.version, a.owner_id, pg_advisory_xact_lock_shared(1163284301, 1) into v_version, v_owner_id, v_announced; -- announce_append, inlined
  if e.expected_version <> v_version - 1 or (e.owned_by is not null and v_owner_id is distinct from e.owned_by) then
    perform private.check_heads(array[e], array[row(e.aggregate_type, e.aggregate_id, v_version - 1, v_owner_id)::private.append_head]);
  end if;
  v_now := clock_timestamp();
  insert into public.events as s (id, aggregate_version, created_at, aggregate_id, user_id, owner_id, correlation_id, causation_id,
    schema_version, event_type, aggregate_type, created_by, idempotency_key, data, metadata)
  values (encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(extract(epoch from v_now) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid, -- uuid_v7, inlined
    v_version, v_now, e.aggregate_id, e.user_id, v_owner_id, e.correlation_id, e.causation_id,
    e.schema_version, e.event_type, e.aggregate_type, e.created_by, e.idempotency_key, e.data, coalesce(e.metadata, '{}'))
  on conflict (idempotency_key, created_by) where idempotency_key is not null do nothing
  returning s.event_number, json_build_object('events', json_build_array(s), 'replayed', false) into v_event_number, v_stored;
  if not found then
    perform private.refuse_key_race();
  end if;
  insert into private.unprocessed_events (event_number, partition)
  values (v_event_number, uuid_hash_extended(e.aggregate_id, 0) & 15); -- partition_of, inlined
  if current_setting('doorbell.rung', true) = 'true' then
    perform private.broadcast_events('inserted', array[v_event_number], array[e.event_type], array[e.aggregate_type]);
  end if;
  return v_stored;
end;
$$;
comment on function public.post_events(jsonb, jsonb) is
  'Appends 1 to 1000 events, all or none, on behalf of an actor ({"kind":"user","user_id":…}, {"kind":"agent","name":…} or {"kind":"service"}). Returns {"events":[…],"replayed":bool}. Errors: ES001 to ES009, ES013, ES034; 40001 when a key was used at the same time (call again).';
