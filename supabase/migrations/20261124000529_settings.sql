-- Settings: events that say how others are to be made. What rests on one that was replaced is not executed without people.

create table private.settings (
  event_type text not null,
  key text not null,
  governs text[] not null,
  state_table text not null,
  state_column text not null,
  constraint settings_pkey primary key (event_type)
);
comment on table private.settings is
  'Event types that set something for others: of those with the same value in the data field "key" only the latest holds. It governs events of some types for the aggregates whose row has that value in a column; a decision that would post one without naming the latest setting as evidence, or that names one which was replaced, is not executed without people.';

revoke all on private.settings from public, anon, authenticated, service_role;

create function private.latest_setting(p_setting private.settings, p_value text) returns public.events
language plpgsql stable set search_path = ''
as $$
declare
  v_latest public.events;
begin
  select e.* into v_latest from public.events e
  where e.event_type = p_setting.event_type and e.data ->> p_setting.key = p_value and e.skip_reason is null
  order by e.event_number desc limit 1;
  return v_latest;
end;
$$;
comment on function private.latest_setting(private.settings, text) is 'The event that holds for a value, of those that were not skipped; null when there is none.';

create function private.governed_value(p_setting private.settings, p_id uuid) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_value text;
begin
  execute format('select t.%I::text from public.%I t where t.id = $1', p_setting.state_column, p_setting.state_table) into v_value using p_id;
  return v_value;
end;
$$;
comment on function private.governed_value(private.settings, uuid) is 'By which value a setting applies to an aggregate.';

create function private.rests_on_replaced(p_evidence jsonb, p_events jsonb) returns boolean
language plpgsql stable set search_path = ''
as $$
declare
  -- Read once. "offset 0": the few events by their ids first, whatever the planner thinks of a young log.
  v_named public.events[] := array(
    select e.event from (
      select n as event from public.events n where n.id = any (array(select i::uuid from jsonb_array_elements_text(p_evidence) i)) offset 0
    ) e
    where (e.event).event_type in (select s.event_type from private.settings s));
  v_read record;
  v_latest public.events;
begin
  for v_read in
    select s, e.data ->> s.key as value from unnest(v_named) e join private.settings s on s.event_type = e.event_type
    union
    select s, private.governed_value(s, (e ->> 'aggregate_id')::uuid)
    from jsonb_array_elements(p_events) e join private.settings s on e ->> 'event_type' = any (s.governs)
  loop
    v_latest := private.latest_setting(v_read.s, v_read.value);
    -- Set anew to the same is not replaced.
    if v_latest.id is not null and not exists (
      select from unnest(v_named) e where e.event_type = v_latest.event_type and e.data = v_latest.data) then
      return true;
    end if;
  end loop;
  return false;
end;
$$;
comment on function private.rests_on_replaced(jsonb, jsonb) is
  'True when a decision was made without the settings that hold now: it names as evidence one that was replaced, or does not name the one that governs its events.';
