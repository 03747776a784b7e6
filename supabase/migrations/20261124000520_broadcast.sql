-- Realtime: whoever follows the log hears at once that there is something to read. A broadcast is a doorbell: it holds numbers and
-- types, and may come late, twice or never; the feed is the truth.
--
-- An append broadcasts only while the doorbell is open. While a worker drains, its batches do: each event leaves the queue's front
-- processed, failed or set aside, and is told then. What stays (held, paused, a dead worker) the sweep tells.

create function private.broadcast_events(p_event text, p_event_numbers bigint[], p_event_types text[], p_aggregate_types text[]) returns boolean
language plpgsql volatile set search_path = '' set lock_timeout = '50ms'
as $$
declare
  v_topic record;
begin
  if coalesce(cardinality(p_event_numbers), 0) = 0 or to_regprocedure('realtime.send(jsonb, text, text, boolean)') is null then
    return false;
  end if;
  for v_topic in
    select 'events' || coalesce(':' || e.aggregate_type, '') as name, min(e.event_number) as first, max(e.event_number) as last,
      array_agg(distinct e.event_type) as event_types, array_agg(distinct e.aggregate_type) as aggregate_types
    from unnest(p_event_numbers, p_event_types, p_aggregate_types) as e(event_number, event_type, aggregate_type)
    group by grouping sets ((), (e.aggregate_type))
  loop
    perform realtime.send(jsonb_build_object('first', v_topic.first, 'last', v_topic.last,
      'event_types', v_topic.event_types, 'aggregate_types', v_topic.aggregate_types), p_event, v_topic.name, true);
  end loop;
  return true;
exception when others then
  raise warning 'events could not be broadcast (%); the sweep will tell', sqlstate;
  return false;
end;
$$;
comment on function private.broadcast_events(text, bigint[], text[], text[]) is
  'Broadcasts {first, last, event_types, aggregate_types} of these events on the private topic events and on events:<aggregate_type> of each; true when that was done. No failure of it reaches the caller, and it waits for no lock longer than 50 ms.';

create function private.broadcast_stored(p_event text, p_stored json) returns boolean
language sql volatile set search_path = ''
as $$
  select private.broadcast_events(p_event, array_agg(s.event_number), array_agg(s.event_type), array_agg(s.aggregate_type))
  from json_to_recordset(p_stored) as s(event_number bigint, event_type text, aggregate_type text);
$$;
comment on function private.broadcast_stored(text, json) is 'broadcast_events of events as append_events returns them.';

create function private.broadcast_by_number(p_event text, p_event_numbers bigint[]) returns boolean
language sql volatile set search_path = ''
as $$
  select private.broadcast_events(p_event, array_agg(e.event_number), array_agg(e.event_type), array_agg(e.aggregate_type))
  from public.events e where e.event_number = any (p_event_numbers);
$$;
comment on function private.broadcast_by_number(text, bigint[]) is 'broadcast_events of events that are in the log already.';

create table private.announced (
  singleton boolean not null default true,
  up_to bigint not null default 0,
  constraint announced_pkey primary key (singleton),
  constraint announced_is_one check (singleton)
) with (fillfactor = 10);
comment on table private.announced is 'No event up to this number can appear any more, and the sweep has told them all. Written by the sweep alone: no append or batch waits for it.';
insert into private.announced default values;
revoke all on private.announced from public, anon, authenticated, service_role;

create function private.broadcast_head() returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_head bigint := (select coalesce(max(e.event_number), 0) from public.events e);
  -- Looked at between head and events: with nothing in flight, every event up to that head has ended and is seen below.
  v_quiet boolean := not private.appends_in_flight();
  v_up_to bigint := (select a.up_to from private.announced a);
  v_told boolean;
begin
  select private.broadcast_events('head', array_agg(n.last), array_agg(n.event_type), array_agg(n.aggregate_type)) into v_told
  from (
    -- The newest event of each type: one look into an index each, however long the log.
    select t.event_type, t.aggregate_type, (select max(e.event_number) from public.events e where e.event_type = t.event_type) as last
    from public.event_types t
  ) n
  where n.last > v_up_to;
  if v_told and v_quiet then
    update private.announced set up_to = v_head;
  end if;
end;
$$;
comment on function private.broadcast_head() is
  'Broadcasts the newest events of each type that came since the last call, whoever told of them before: with the sweep, each event is told at last.';

do $$
begin
  if to_regclass('realtime.messages') is not null then
    -- To be read = to be joined: Realtime asks this when a socket joins a private topic. No policy lets anybody send.
    create policy staff_follow_the_log on realtime.messages
      for select to authenticated
      using (
        extension = 'broadcast' and topic = (select realtime.topic())
        and (topic = 'events' or topic like 'events:%')
        and (select private.is_staff())
      );
  end if;
end;
$$;
