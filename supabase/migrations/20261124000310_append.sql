-- Appending: the only way in.

create function private.uuid_v7(p_at timestamptz) returns uuid
language plpgsql volatile set search_path = ''
as $$
begin
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from p_at) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid;
end;
$$;
comment on function private.uuid_v7(timestamptz) is 'A time-ordered UUID (RFC 9562, version 7) of the given instant.';

create function private.partition_of(p_aggregate_id uuid) returns smallint
language plpgsql immutable set search_path = ''
as $$ begin return (uuid_hash_extended(p_aggregate_id, 0) & 15)::smallint; end; $$;
comment on function private.partition_of(uuid) is 'Partition 0 to 15 in which an aggregate''s events are processed in order.';

-- An append holds this lock, shared, from before its numbers are drawn until it commits or rolls back.
-- Whoever meets a gap in event_number asks private.appends_in_flight() whether it can still be filled.
create function private.announce_append() returns void
language plpgsql volatile set search_path = ''
as $$ begin perform pg_advisory_xact_lock_shared(1163284301, 1); end; $$;
comment on function private.announce_append() is 'Announces an append in flight until the end of the transaction.';

create function private.append_locks() returns setof pg_locks
language plpgsql volatile set search_path = ''
as $$
begin
  return query select l.* from pg_locks l
    where l.locktype = 'advisory' and l.classid = 1163284301 and l.objid = 1 and l.objsubid = 2 and l.mode = 'ShareLock' and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database());
end;
$$;
comment on function private.append_locks() is 'The locks that appends in flight hold.';

create function private.appends_in_flight() returns boolean
language plpgsql volatile security definer set search_path = ''
as $$ begin return exists (select 1 from private.append_locks()); end; $$;
comment on function private.appends_in_flight() is 'True while an append has begun and neither committed nor rolled back.';

create type private.new_event as (
  event_type text,
  aggregate_type text,
  aggregate_id uuid,
  schema_version integer,
  data jsonb,
  metadata jsonb,
  created_by text,
  user_id uuid,
  correlation_id uuid,
  causation_id uuid,
  idempotency_key text,
  expected_version bigint,
  posted_by text,
  owned_by uuid
);
comment on type private.new_event is
  'An event as it is posted, before it has a number. posted_by: staff, user, agent or service, none for what the platform itself records; owned_by: the user who must own the aggregate.';

create type private.append_head as (aggregate_type text, aggregate_id uuid, base_version bigint, owner_id uuid);
comment on type private.append_head is 'An aggregate locked by an append, with its version before it.';

create function private.missed_events(p_aggregate_type text, p_aggregate_id uuid, p_after_version bigint) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(e) order by e.aggregate_version), '[]')
  from (
    select * from public.events e
    where e.aggregate_type = p_aggregate_type and e.aggregate_id = p_aggregate_id and e.aggregate_version > p_after_version
    order by e.aggregate_version limit 100
  ) e;
$$;
comment on function private.missed_events(text, uuid, bigint) is 'The first 100 events of an aggregate after a version.';

create function private.check_heads(p_events private.new_event[], p_heads private.append_head[]) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_foreign private.append_head;
  v_conflict record;
begin
  select h.* into v_foreign
  from unnest(p_events) e
  join unnest(p_heads) h on h.aggregate_type = e.aggregate_type and h.aggregate_id = e.aggregate_id
  where e.owned_by is not null and h.owner_id is distinct from e.owned_by limit 1;
  if found then
    raise exception '% % belongs to somebody else', v_foreign.aggregate_type, v_foreign.aggregate_id using errcode = 'ES006';
  end if;

  select e.aggregate_type, e.aggregate_id, e.expected_version, h.base_version, h.base_version + e.step - 1 as version_then
  into v_conflict
  from (
    select u.*, row_number() over (partition by u.aggregate_type, u.aggregate_id order by u.ord) as step
    from unnest(p_events) with ordinality
      as u(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord)
  ) e
  join unnest(p_heads) h on h.aggregate_type = e.aggregate_type and h.aggregate_id = e.aggregate_id
  where e.expected_version <> h.base_version + e.step - 1
  order by e.ord limit 1;
  if found then
    if exists (select 1 from unnest(p_events) e
      join public.events s on s.idempotency_key = e.idempotency_key and s.created_by || '' = e.created_by) then
      -- Not moved on by others: this very append was stored while it waited for the lock.
      perform private.refuse_key_race();
    end if;
    raise exception '% % is at version %, not %', v_conflict.aggregate_type, v_conflict.aggregate_id, v_conflict.version_then, v_conflict.expected_version
      using errcode = 'ES007', detail = jsonb_build_object(
        'aggregate_type', v_conflict.aggregate_type, 'aggregate_id', v_conflict.aggregate_id,
        'expected_version', v_conflict.expected_version, 'current_version', v_conflict.base_version,
        'missed', private.missed_events(v_conflict.aggregate_type, v_conflict.aggregate_id, v_conflict.expected_version))::text;
  end if;
end;
$$;
comment on function private.check_heads(private.new_event[], private.append_head[]) is
  'Refuses an append to somebody else''s aggregate (ES006) or at another version than expected (ES007, with the version and the events missed).';

create function private.lock_heads(p_events private.new_event[]) returns private.append_head[]
language plpgsql volatile set search_path = ''
as $$
declare
  v_heads private.append_head[];
begin
  -- Heads are locked in one global order, so that two batches over the same aggregates never deadlock.
  with wanted as (
    select e.aggregate_type, e.aggregate_id, count(*) as events,
      (array_agg(case when e.posted_by <> 'staff' then e.user_id end order by e.ord))[1] as owner_id
    from unnest(p_events) with ordinality
      as e(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord)
    group by e.aggregate_type, e.aggregate_id
  ), locked as (
    insert into private.aggregates as a (aggregate_id, aggregate_type, version, owner_id)
    select w.aggregate_id, w.aggregate_type, w.events, w.owner_id from wanted w order by w.aggregate_type collate "C", w.aggregate_id
    on conflict (aggregate_type, aggregate_id) do update set version = a.version + excluded.version
    returning a.aggregate_type, a.aggregate_id, a.version, a.owner_id
  )
  select array_agg(row(l.aggregate_type, l.aggregate_id, l.version - w.events, l.owner_id)::private.append_head)
  into v_heads
  from locked l join wanted w on w.aggregate_id = l.aggregate_id and w.aggregate_type = l.aggregate_type;
  return v_heads;
end;
$$;
comment on function private.lock_heads(private.new_event[]) is 'Locks the head of each aggregate of an append and moves it by the number of its events.';

create function private.refuse_key_race() returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception 'an idempotency key was used at the same time' using errcode = '40001';
end;
$$;
comment on function private.refuse_key_race() is
  'Undoes an append whose idempotency key somebody stored since it was looked for; called again, it finds that event.';

create function private.append_events(p_events private.new_event[]) returns json
language plpgsql volatile set search_path = ''
as $$
declare
  v_heads private.append_head[];
  v_now timestamptz;
  v_milliseconds bytea;
  v_random bytea := substring(uuid_send(gen_random_uuid()) from 9);
  v_stored json;
  v_constraint text;
begin
  perform private.announce_append();
  v_heads := private.lock_heads(p_events);
  perform private.check_heads(p_events, v_heads);
  v_now := clock_timestamp();
  v_milliseconds := substring(int8send(floor(extract(epoch from v_now) * 1000)::bigint) from 3);

  with stored as (
    insert into public.events as s (id, aggregate_version, created_at, aggregate_id, user_id, owner_id, correlation_id, causation_id,
      schema_version, event_type, aggregate_type, created_by, idempotency_key, data, metadata)
    select encode(v_milliseconds || int2send((28672 + e.ord)::int2) || v_random, 'hex')::uuid, -- version 7 with a counter of 12 bits
      h.base_version + row_number() over (partition by e.aggregate_type, e.aggregate_id order by e.ord), v_now,
      e.aggregate_id, e.user_id, h.owner_id, e.correlation_id, e.causation_id,
      e.schema_version, e.event_type, e.aggregate_type, e.created_by, e.idempotency_key, e.data, coalesce(e.metadata, '{}')
    from unnest(p_events) with ordinality
      as e(event_type, aggregate_type, aggregate_id, schema_version, data, metadata, created_by, user_id, correlation_id, causation_id, idempotency_key, expected_version, posted_by, owned_by, ord)
    join unnest(v_heads) h on h.aggregate_type = e.aggregate_type and h.aggregate_id = e.aggregate_id
    order by e.ord
    returning s.*
  ), queued as (
    insert into private.unprocessed_events (event_number, partition)
    select s.event_number, uuid_hash_extended(s.aggregate_id, 0) & 15 from stored s -- partition_of, inlined
  )
  select json_agg(s) into v_stored from stored s; -- as inserted: in the order of their numbers
  if current_setting('doorbell.rung', true) = 'true' then
    perform private.broadcast_stored('inserted', v_stored);
  end if;
  return v_stored;
exception when unique_violation then
  get stacked diagnostics v_constraint = constraint_name;
  if v_constraint = 'events_idempotency_key_idx' then
    perform private.refuse_key_race();
  end if;
  raise;
end;
$$;
comment on function private.append_events(private.new_event[]) is
  'Stores events in the given order, all or none, and returns them as JSON. Checks neither catalog nor rights to a type: post_events does.';
