-- Time travel over all aggregates of a type.

create function public.get_aggregates_page(p_aggregate_type text, p_after_id uuid, p_limit integer, p_as_of timestamptz default null, p_until_event bigint default null)
returns json
language sql stable security definer set search_path = ''
as $$
  with heads as (
    select a.aggregate_id, sum(a.version) over (order by a.aggregate_id) - a.version as events_before
    from private.aggregates a
    where a.aggregate_type = p_aggregate_type and a.aggregate_id > p_after_id
    order by a.aggregate_id limit p_limit
  ), page as (
    -- At most 20,000 events a page, and always one aggregate.
    select h.aggregate_id from heads h where h.events_before < 20000
  )
  select json_build_object(
    'last_id', (select p.aggregate_id from page p order by p.aggregate_id desc limit 1),
    'more', exists (select 1 from private.aggregates a where a.aggregate_type = p_aggregate_type
      and a.aggregate_id > (select p.aggregate_id from page p order by p.aggregate_id desc limit 1)),
    'events', coalesce((
      select json_agg(e order by e.aggregate_id, e.aggregate_version)
      from page p
      join public.events e on e.aggregate_type = p_aggregate_type and e.aggregate_id = p.aggregate_id
        and (p_as_of is null or e.created_at <= p_as_of) and (p_until_event is null or e.event_number <= p_until_event)
    ), '[]'));
$$;
comment on function public.get_aggregates_page(text, uuid, integer, timestamptz, bigint) is
  'The events, up to a time or an event number, of the next aggregates of a type in the order of their ids: {"last_id","more","events"}.';
revoke all on function public.get_aggregates_page(text, uuid, integer, timestamptz, bigint) from public, anon, authenticated, service_role;
grant execute on function public.get_aggregates_page(text, uuid, integer, timestamptz, bigint) to service_role;
