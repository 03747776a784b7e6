-- The feed: the log in order for those who follow it, without gaps and without serialising writers.

create function private.append_holders() returns text[]
language sql volatile set search_path = ''
as $$ select coalesce(array_agg(l.virtualtransaction), '{}') from private.append_locks() l; $$;
comment on function private.append_holders() is 'The transactions that hold an append in flight.';

create function private.await_appends(p_holders text[], p_milliseconds integer) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  v_end timestamptz := clock_timestamp() + make_interval(secs => p_milliseconds / 1000.0);
begin
  while p_holders && private.append_holders() loop
    if clock_timestamp() >= v_end then
      return false;
    end if;
    perform pg_sleep(0.003);
  end loop;
  return true;
end;
$$;
comment on function private.await_appends(text[], integer) is 'Waits until these appends have ended; false when they outlive the time.';

create unlogged table private.feed_horizons (
  up_to bigint not null,
  awaited text[] not null,
  constraint feed_horizons_pkey primary key (up_to)
);
comment on table private.feed_horizons is
  'Looks at the log that met a gap which could not be settled at once: when none of the awaited appends is left, nothing can appear up to the number any more. Kept for the readers to come, so that a gap is passed however busy the log is.';
revoke all on private.feed_horizons from public, anon, authenticated, service_role;

create function private.passed_horizon(p_holders text[]) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
  v_passed bigint := (select max(h.up_to) from private.feed_horizons h where not h.awaited && p_holders);
begin
  -- The passed horizon itself stays: whoever is behind it need not ask again.
  delete from private.feed_horizons h
  where h.up_to in (select x.up_to from private.feed_horizons x where x.up_to < v_passed for update skip locked);
  return v_passed;
end;
$$;
comment on function private.passed_horizon(text[]) is 'The highest number that an earlier look waited for and may be passed now, given the appends in flight; null when there is none.';

create function private.unbroken(p_after bigint, p_window integer, out last bigint, out prefix bigint)
language sql volatile set search_path = ''
as $$
  select max(w.event_number), coalesce(max(w.event_number) filter (where w.event_number = p_after + w.place), p_after)
  from (
    select e.event_number, row_number() over (order by e.event_number) as place
    from (select x.event_number from public.events x where x.event_number > p_after order by x.event_number limit p_window) e
  ) w;
$$;
comment on function private.unbroken(bigint, integer) is 'The last number within a window after a cursor, and the last that follows the cursor without a gap.';

create function private.settled_until(p_after bigint, p_window integer) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
  v_last bigint;
  v_prefix bigint;
  v_holders text[];
  v_passed bigint;
begin
  select u.last, u.prefix into v_last, v_prefix from private.unbroken(p_after, p_window) u;
  if v_last is null or v_last = v_prefix then
    return v_prefix;
  end if;
  -- There is a gap. Whoever could still fill it drew its number before v_last was drawn, so it holds the lock now or has ended;
  -- appends that begin later draw higher numbers. Nobody is waited for twice, however busy the log is.
  v_holders := private.append_holders();
  v_passed := private.passed_horizon(v_holders);
  if v_passed > v_prefix then
    return least(v_last, v_passed);
  elsif private.await_appends(v_holders, 100) then
    return v_last;
  end if;
  insert into private.feed_horizons (up_to, awaited)
  select v_last, v_holders where not exists (select 1 from private.feed_horizons h where h.up_to > v_prefix)
  on conflict (up_to) do nothing; -- one way to pass it is enough
  return v_prefix;
end;
$$;
comment on function private.settled_until(bigint, integer) is
  'The highest number found, within a window after a cursor, up to which no event can appear any more. Each statement of the caller after it sees all of them.';

create function private.settled_head() returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
  v_head bigint := coalesce((select max(e.event_number) from public.events e), 0);
  v_began timestamptz;
  v_before bigint;
begin
  if private.await_appends(private.append_holders(), 1000) then
    return v_head;
  end if;
  -- An append takes its time. Its numbers are higher than all that were drawn before it began; ten seconds are more than lie
  -- between an event's time and the drawing of its number.
  select coalesce(min(a.xact_start), clock_timestamp() - interval '1 minute') - interval '10 seconds' into v_began
  from pg_stat_activity a where a.pid in (select l.pid from private.append_locks() l);
  v_before := coalesce((
    select e.event_number from public.events e
    where e.event_number <= v_head and e.created_at < v_began order by e.event_number desc limit 1), 0);
  return (select u.prefix from private.unbroken(v_before, 100000) u);
end;
$$;
comment on function private.settled_head() is
  'The place after which everything is still to come: the head, or, while an append takes more than a second, one before anything it may still store.';

create function private.check_cursor(p_cursor bigint) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_last bigint := coalesce((select max(e.event_number) from public.events e), 0);
begin
  if p_cursor > v_last then
    raise exception 'there is no event % yet: the last is %', p_cursor, v_last using errcode = 'ES022';
  end if;
end;
$$;
comment on function private.check_cursor(bigint) is
  'Refuses a place in the log that does not exist (ES022), such as one from before a restore: whoever waited there would miss what comes in between.';

create function public.read_feed(p_after bigint, p_limit integer default 100, p_event_types text[] default null, p_aggregate_type text default null, p_aggregate_id uuid default null)
returns json -- not jsonb: of a page, which is only passed on, that would cost five times as much
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_filtered boolean := p_event_types is not null or p_aggregate_type is not null or p_aggregate_id is not null;
  v_window integer := case when v_filtered then greatest(p_limit, 5000) else p_limit end;
  v_until bigint;
  v_events json;
  v_count integer;
  v_last bigint;
begin
  if p_after is null then
    return json_build_object('events', '[]'::json, 'next', private.settled_head(), 'head', true);
  end if;
  v_until := private.settled_until(p_after, v_window);
  select json_agg(f order by f.event_number), count(*), max(f.event_number) into v_events, v_count, v_last
  from (
    select * from public.events e
    where e.event_number > p_after and e.event_number <= v_until
      and (p_aggregate_type is null or e.aggregate_type = p_aggregate_type)
      and (p_aggregate_id is null or e.aggregate_id = p_aggregate_id)
      and (p_event_types is null or exists (select 1 from unnest(p_event_types) t
        where e.event_type = t or (t like '%.*' and starts_with(e.event_type, left(t, -1)))))
    order by e.event_number limit p_limit
  ) f;
  if v_count = p_limit then
    v_until := v_last;
  end if;
  if v_until = p_after then
    perform private.check_cursor(p_after);
  end if;
  return json_build_object('events', coalesce(v_events, '[]'), 'next', v_until,
    'head', v_until >= coalesce((select max(e.event_number) from public.events e), 0));
end;
$$;
comment on function public.read_feed(bigint, integer, text[], text, uuid) is
  'Events after a cursor, in order, each exactly once over successive calls with next as the cursor: {"events","next","head"}. next also moves over events the filter drops; head = nothing further now. p_after null = begin now: no events, and a cursor after which everything is still to come. Errors: ES022.';
revoke all on function public.read_feed(bigint, integer, text[], text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_feed(bigint, integer, text[], text, uuid) to service_role;

create function public.trace_event(p_event_id uuid, p_limit integer default 500) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  with recursive causes as (
    select e.*, 0 as depth from public.events e where e.id = p_event_id
    union all
    select e.*, c.depth - 1 from causes c join public.events e on e.id = c.causation_id where c.depth > -100
  ), effects as (
    select e.*, 0 as depth from public.events e where e.id = p_event_id
    union all
    select e.*, f.depth + 1 from effects f join public.events e on e.causation_id = f.id where f.depth < 20
  ), effects_page as (
    -- Breadth first, and no further than one beyond the limit: the recursion stops when nobody reads on.
    select f.*, row_number() over () as place from (select * from effects where depth > 0 limit p_limit + 1) f
  ), correlated as (
    select e.*, row_number() over (order by e.event_number) as place
    from (
      select * from public.events e
      where e.correlation_id = (select x.correlation_id from public.events x where x.id = p_event_id)
        or e.correlation_id = p_event_id or e.id = (select x.correlation_id from public.events x where x.id = p_event_id)
      order by e.event_number limit p_limit + 1
    ) e
  )
  select jsonb_build_object(
    'event', (select to_jsonb(e) from public.events e where e.id = p_event_id),
    'causes', coalesce((select jsonb_agg(to_jsonb(c) order by c.depth desc) from causes c where c.depth < 0), '[]'),
    'effects', coalesce((select jsonb_agg(to_jsonb(f) - 'place' order by f.depth, f.event_number) from effects_page f where f.place <= p_limit), '[]'),
    'correlated', coalesce((select jsonb_agg(to_jsonb(g) - 'place' order by g.event_number) from correlated g where g.place <= p_limit), '[]'),
    'truncated', exists (select 1 from effects_page f where f.place > p_limit) or exists (select 1 from correlated g where g.place > p_limit)
      or exists (select 1 from causes c where c.depth = -100 and c.causation_id is not null)
      or exists (select 1 from effects_page f join public.events e on e.causation_id = f.id where f.depth = 20));
$$;
comment on function public.trace_event(uuid, integer) is
  'Causes of an event (depth -1, -2, …), its effects as a tree (depth 1, 2, …; causation_id is the parent) and its correlation group. A cause is always older than its effect. Row level security of the caller applies.';
revoke all on function public.trace_event(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.trace_event(uuid, integer) to authenticated, service_role;

create function public.is_staff(p_user_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select 1 from public.user_roles r where r.user_id = p_user_id and r.role = 'staff'); $$;
comment on function public.is_staff(uuid) is 'Whether a user is staff now; for requests that carry a ticket instead of a token.';
revoke all on function public.is_staff(uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_staff(uuid) to service_role;
