-- Beside post_events: several requests in one call, a trial, and reading a history.

create function private.post_or_refuse(p_request jsonb) returns json
language plpgsql volatile set search_path = ''
as $$
declare
  v_code text;
  v_message text;
  v_detail text;
begin
  return public.post_events(p_request -> 'events', p_request -> 'actor');
exception when others then
  get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail;
  if v_code !~ '^(ES|22|23|40001)' then
    -- No refusal of this request but trouble of the whole transaction.
    raise;
  end if;
  return json_build_object('error', json_build_object('code', v_code, 'message', v_message, 'details', nullif(v_detail, '')));
end;
$$;
comment on function private.post_or_refuse(jsonb) is 'One request of post_each in a subtransaction of its own: what it stored, or {"error":{code,message,details}}.';

create function private.post_together(p_requests jsonb) returns json
language plpgsql volatile set search_path = ''
as $$
declare
  v_of_actor record;
  v_places bigint[];
  v_events private.new_event[];
  v_answer json;
  v_replayed json;
begin
  if jsonb_path_exists(p_requests, '$[*] ? (@.events.size() != 1)') then
    return null;
  end if;
  for v_of_actor in
    select r.request -> 'actor' as actor, jsonb_agg(r.request #> '{events,0}' order by r.ord) as events, array_agg(r.ord order by r.ord) as places
    from jsonb_array_elements(p_requests) with ordinality r(request, ord) group by 1
  loop
    v_places := v_places || v_of_actor.places;
    v_events := v_events || private.identified_events(v_of_actor.events, v_of_actor.actor);
  end loop;
  v_answer := private.post_event_set(v_events);
  v_replayed := v_answer -> 'replayed';
  return (
    select json_agg(json_build_object('events', json_build_array(s.event), 'replayed', v_replayed) order by p.place)
    from json_array_elements(v_answer -> 'events') with ordinality s(event, ord)
    join unnest(v_places) with ordinality p(place, ord) on p.ord = s.ord);
exception when others then
  return null; -- whose fault it is, each finds out alone
end;
$$;
comment on function private.post_together(jsonb) is
  'The outcomes of post_each when none of its requests is refused, for the price of one set; else null, and nothing is stored.';

create function public.post_each(p_requests jsonb) returns json
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_together json := private.post_together(p_requests);
  v_outcomes json[] := array_fill(null::json, array[jsonb_array_length(p_requests)]);
  v_request record;
begin
  if v_together is not null then
    return v_together;
  end if;
  -- In the order in which every append locks its aggregates, so that calls over the same ones never deadlock.
  for v_request in
    select r.ord, r.request
    from jsonb_array_elements(p_requests) with ordinality r(request, ord)
    order by (r.request #>> '{events,0,aggregate_type}') collate "C", r.request #>> '{events,0,aggregate_id}', r.ord
  loop
    v_outcomes[v_request.ord] := private.post_or_refuse(v_request.request);
  end loop;
  return to_json(v_outcomes);
end;
$$;
comment on function public.post_each(jsonb) is
  'Appends the single events of several requests [{"events":[event],"actor":…}] in one transaction, each with an outcome of its own: what post_events returns, or {"error":{code,message,details}}.';

create function public.post_event(p_event jsonb, p_actor jsonb) returns json
language sql volatile security definer set search_path = ''
as $$ select public.post_events(jsonb_build_array(p_event), p_actor); $$;
comment on function public.post_event(jsonb, jsonb) is 'Appends one event. See post_events.';

create function public.try_events(p_events jsonb, p_actor jsonb) returns json
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_answer json;
begin
  begin
    v_answer := public.post_events(p_events, p_actor);
    raise exception 'only tried' using errcode = 'ES999';
  exception when sqlstate 'ES999' then -- ES000 would stand for the whole class
    -- The variable keeps what the subtransaction did; the log does not.
    return v_answer;
  end;
end;
$$;
comment on function public.try_events(jsonb, jsonb) is
  'Runs post_events with all its checks and takes the append back: answers and refuses as it would, stores nothing. The ids and numbers in the answer are not those of a later append.';

revoke all on function public.post_events(jsonb, jsonb), public.post_event(jsonb, jsonb), public.post_each(jsonb), public.try_events(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.post_events(jsonb, jsonb), public.post_event(jsonb, jsonb), public.post_each(jsonb), public.try_events(jsonb, jsonb) to service_role;

create function public.get_aggregate_events(p_aggregate_type text, p_aggregate_id uuid, p_after_version bigint default 0, p_limit integer default 1000)
returns setof public.events
language sql stable security invoker set search_path = ''
as $$
  select * from public.events e
  where e.aggregate_type = p_aggregate_type and e.aggregate_id = p_aggregate_id and e.aggregate_version > p_after_version
  order by e.aggregate_version
  limit least(p_limit, 1000);
$$;
comment on function public.get_aggregate_events(text, uuid, bigint, integer) is
  'History of one aggregate, oldest first, after a version, at most 1000 a call. Row level security of the caller applies.';
revoke all on function public.get_aggregate_events(text, uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.get_aggregate_events(text, uuid, bigint, integer) to authenticated, service_role;
