-- Proposing: the only thing that agents do.

create function private.proposer_of(p_actor jsonb, p_agent text) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_staff boolean := p_actor ->> 'kind' = 'user'
    and exists (select 1 from public.user_roles r where r.user_id = (p_actor ->> 'user_id')::uuid and r.role = 'staff');
begin
  perform private.slug(p_agent, 'agent');
  if p_actor ->> 'kind' = 'service' then
    return 'agent:' || p_agent;
  elsif v_staff or (p_actor ->> 'kind' = 'agent' and p_actor ->> 'name' = p_agent) then
    return private.creator_of(p_actor);
  end if;
  raise exception 'who is not agent % cannot propose for it', p_agent using errcode = '42501';
end;
$$;
comment on function private.proposer_of(jsonb, text) is
  'created_by of a proposal: an agent for itself, staff as themselves, the backend as the agent it states. Anybody else is refused (42501).';

create function private.check_events(p_events jsonb) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_events) is distinct from 'array' then
    raise exception 'the events of a decision are a list' using errcode = 'ES039';
  elsif jsonb_array_length(p_events) not between 1 and 100 then
    raise exception 'a decision has 1 to 100 events, not %', jsonb_array_length(p_events) using errcode = 'ES039';
  elsif exists (select 1 from jsonb_array_elements(p_events) e where jsonb_typeof(e -> 'data') is distinct from 'object') then
    raise exception 'the data of an event is an object' using errcode = 'ES039';
  end if;
end;
$$;
comment on function private.check_events(jsonb) is 'Refuses (ES039) what cannot be the events of a decision, whoever checked them before.';

create function private.check_proposal(p_stated jsonb) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_all jsonb := (p_stated -> 'proposed_events') || coalesce(p_stated -> 'compensation', '[]');
  v_moved jsonb;
begin
  perform private.check_events(p_stated -> 'proposed_events');
  if p_stated ? 'compensation' then
    perform private.check_events(p_stated -> 'compensation');
  end if;
  perform private.check_catalog((
    select array_agg(jsonb_populate_record(null::private.new_event, e || '{"posted_by":"staff"}')) from jsonb_array_elements(v_all) e));
  if exists (select 1 from jsonb_array_elements(p_stated -> 'targets') t group by t ->> 'aggregate_type', t ->> 'aggregate_id' having count(*) > 1)
    or exists (
      select 1 from jsonb_array_elements(v_all) e
      where not (p_stated -> 'targets') @> jsonb_build_array(jsonb_build_object('aggregate_type', e -> 'aggregate_type', 'aggregate_id', e -> 'aggregate_id'))) then
    raise exception 'each aggregate that an event would change is a target, once' using errcode = 'ES039';
  elsif exists (
    select 1 from jsonb_to_recordset(p_stated -> 'targets') as t(aggregate_type text, aggregate_id text, depends_on text[])
    cross join lateral (
      select e ->> 'event_type' as missing from jsonb_array_elements(v_all) e
      where e ->> 'aggregate_type' = t.aggregate_type and e ->> 'aggregate_id' = t.aggregate_id and e ->> 'event_type' <> all (t.depends_on)
      union all
      select d from unnest(t.depends_on) d
      where not exists (select 1 from public.event_types c where c.event_type = d and c.aggregate_type = t.aggregate_type)) m) then
    raise exception 'what a target depends on are types of its events, those that would be posted among them' using errcode = 'ES039';
  elsif exists (
    select 1 from jsonb_array_elements_text(p_stated -> 'evidence') i where not exists (select 1 from public.events e where e.id = i::uuid)) then
    raise exception 'evidence must be stored events' using errcode = 'ES009';
  end if;
  v_moved := private.moved_targets(p_stated -> 'targets');
  if v_moved <> '[]' then
    raise exception 'a target has moved since it was read' using errcode = 'ES035', detail = jsonb_build_object('targets', v_moved)::text;
  end if;
end;
$$;
comment on function private.check_proposal(jsonb) is
  'Refuses events that staff may not post either (ES001 to ES005), that are none, change what is no target, or what the decision says not to depend on (ES039), evidence that is none (ES009) and targets that have moved (ES035).';

create function private.proposed_before(p_created_by text, p_key text, p_stated jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_event public.events;
begin
  select e.* into v_event from public.events e where e.idempotency_key = p_key and e.created_by || '' = p_created_by;
  if not found then
    return null;
  elsif v_event.event_type <> 'agent.decision_proposed' or not v_event.data @> p_stated then
    raise exception 'this idempotency key was used for other content' using errcode = 'ES008';
  end if;
  return jsonb_build_object('event', to_jsonb(v_event), 'decision_id', v_event.aggregate_id,
    'status', private.decision_status(v_event.aggregate_id), 'superseded', '[]'::jsonb, 'replayed', true);
end;
$$;
comment on function private.proposed_before(text, text, jsonb) is 'The same proposal stored before under the same key, or null; other content is a conflict (ES008).';

create function private.policy_for(p_agent text, p_decision_type text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_policy jsonb := private.agent_policy(p_agent, p_decision_type);
begin
  if private.agent_is_stopped(p_agent) then
    raise exception 'agent % is stopped', p_agent using errcode = 'ES034';
  elsif v_policy is null then
    raise exception 'no policy lets agent % propose %', p_agent, p_decision_type using errcode = 'ES033';
  end if;
  return v_policy;
end;
$$;
comment on function private.policy_for(text, text) is 'The policy of an agent that may act now. Errors: ES034 when it is stopped, ES033 when there is none.';

create function private.require_let(p_policy jsonb, p_content jsonb) returns void
language plpgsql immutable set search_path = ''
as $$
declare
  v_type text;
begin
  select e ->> 'event_type' into v_type
  from jsonb_array_elements((p_content -> 'proposed_events') || coalesce(p_content -> 'compensation', '[]')) e
  where p_policy ? 'event_types' and not p_policy -> 'event_types' ? (e ->> 'event_type') limit 1;
  if found then
    raise exception 'the policy of agent % for % does not let % through', p_policy ->> 'agent', p_policy ->> 'decision_type', v_type using errcode = 'ES033';
  end if;
end;
$$;
comment on function private.require_let(jsonb, jsonb) is 'Refuses (ES033) events, those of a compensation among them, of types that a policy does not name; without names every type may come.';

create function private.supersede(p_proposal jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_data jsonb := p_proposal -> 'data';
  v_superseded jsonb := '[]';
  v_id uuid;
begin
  for v_id in
    select d.decision_id from private.decisions d
    where d.decision_id in (
      select o.decision_id from private.open_targets o
      join jsonb_to_recordset(v_data -> 'targets') as t(aggregate_type varchar(50), aggregate_id uuid)
        on t.aggregate_type = o.aggregate_type and t.aggregate_id = o.aggregate_id
      where o.agent = v_data ->> 'agent' and o.decision_type = v_data ->> 'decision_type')
    order by d.decision_id for update
  loop
    -- Answered while it was waited for: then it is open no more.
    if private.decision_status(v_id) = 'proposed' then
      perform private.answer_decision(v_id, 'agent.decision_superseded',
        jsonb_build_object('superseded_by', p_proposal -> 'aggregate_id'), 'system', (p_proposal ->> 'id')::uuid);
      v_superseded := v_superseded || to_jsonb(v_id);
    end if;
  end loop;
  return v_superseded;
end;
$$;
comment on function private.supersede(jsonb) is 'Ends the open decisions of the same agent and type for any of the same targets; returns their ids.';

create function private.store_proposal(p_proposal jsonb, p_created_by text, p_policy jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_stated jsonb := p_proposal -> 'stated';
  v_now timestamptz := clock_timestamp();
  -- Autonomy is the agent's own: what a person proposes for it waits for another person.
  v_level integer := least((p_policy ->> 'level')::integer, case when p_created_by like 'user:%' then 1 end);
  v_held text := case when v_level >= 2 then private.exceeded_size(p_policy, p_proposal -> 'magnitude') end;
  v_expires_at timestamptz := least((v_stated ->> 'stated_expires_at')::timestamptz, v_now + make_interval(secs => (p_policy ->> 'time_to_live_seconds')::integer));
  v_event private.new_event;
begin
  if v_expires_at <= v_now then
    raise exception 'the proposal has expired already' using errcode = 'ES036';
  end if;
  v_event.event_type := 'agent.decision_proposed';
  v_event.aggregate_type := 'agent_decision';
  v_event.aggregate_id := private.uuid_v7(v_now);
  v_event.schema_version := (select t.schema_version from public.event_types t where t.event_type = 'agent.decision_proposed');
  v_event.created_by := p_created_by;
  v_event.user_id := case when p_created_by like 'user:%' then substr(p_created_by, 6)::uuid end;
  v_event.correlation_id := (p_proposal ->> 'correlation_id')::uuid;
  v_event.metadata := jsonb_strip_nulls(jsonb_build_object('correlation_key', p_proposal -> 'correlation_key'));
  v_event.idempotency_key := p_proposal ->> 'idempotency_key';
  v_event.expected_version := 0;
  v_event.data := v_stated || jsonb_build_object('expires_at', v_expires_at, 'magnitude', p_proposal -> 'magnitude',
    'level', v_level, 'policy_version', p_policy -> 'version', 'approvals', p_policy -> 'approvals')
    || jsonb_strip_nulls(jsonb_build_object('held', v_held, 'veto_until',
      case when v_level = 2 and v_held is null then v_now + make_interval(secs => (p_policy ->> 'veto_seconds')::integer) end));
  return private.append_events(array[v_event]) -> 0;
end;
$$;
comment on function private.store_proposal(jsonb, text, jsonb) is 'Appends the proposal with what the policy makes of it, and returns it. Errors: ES036.';

create function private.open_decision(p_event jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_data jsonb := p_event -> 'data';
  v_id uuid := (p_event ->> 'aggregate_id')::uuid;
  v_superseded jsonb;
begin
  insert into private.decisions (decision_id, agent, decision_type, proposed_by, status, confidence, expires_at, veto_until)
  values (v_id, v_data ->> 'agent', v_data ->> 'decision_type', p_event ->> 'created_by', private.decision_status(v_id),
    (v_data ->> 'confidence')::double precision, (v_data ->> 'expires_at')::timestamptz, (v_data ->> 'veto_until')::timestamptz);
  if (v_data ->> 'level')::integer = 0 then
    return '[]';
  end if;
  v_superseded := private.supersede(p_event);
  insert into private.open_targets (agent, decision_type, aggregate_type, aggregate_id, decision_id)
  select v_data ->> 'agent', v_data ->> 'decision_type', t.aggregate_type, t.aggregate_id, v_id
  from jsonb_to_recordset(v_data -> 'targets') as t(aggregate_type varchar(50), aggregate_id uuid);
  return v_superseded;
end;
$$;
comment on function private.open_decision(jsonb) is 'Enters a proposal into the index in place of those it supersedes, whose ids it returns. One in shadow takes nobody''s place.';

create function public.open_decisions(p_agent text, p_decision_type text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('decision_id', o.decision_id, 'by_people', d.edited or d.proposed_by <> 'agent:' || d.agent, 'targets', p.data -> 'targets',
    'outdated', private.rests_on_replaced(p.data -> 'evidence', p.data -> 'proposed_events'),
    'proposed_events', (private.decision_content(o.decision_id)).data -> 'proposed_events') order by o.decision_id), '[]')
  from (select distinct t.decision_id from private.open_targets t where t.agent = p_agent and t.decision_type = p_decision_type) o
  join private.decisions d on d.decision_id = o.decision_id
  cross join lateral private.decision_proposal(o.decision_id) p;
$$;
comment on function public.open_decisions(text, text) is 'What of an agent waits in one type of decision, as the log has it: [{"decision_id","by_people" (proposed or edited),"targets","outdated" (rests on a setting that was replaced),"proposed_events"}].';

create function public.propose_decision(p_proposal jsonb, p_actor jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_stated jsonb := p_proposal -> 'stated';
  v_agent text := v_stated ->> 'agent';
  v_type text := private.slug(v_stated ->> 'decision_type', 'decision_type');
  v_created_by text := private.proposer_of(p_actor, v_agent);
  v_policy jsonb;
  v_before jsonb;
  v_event jsonb;
  v_superseded jsonb;
begin
  if p_proposal ->> 'idempotency_key' ~ '^(effect|decision):' then
    raise exception 'idempotency keys that begin with effect: or decision: belong to the platform' using errcode = 'ES013';
  end if;
  perform private.hold_policies();
  perform private.lock_pair(v_agent, v_type);
  v_before := private.proposed_before(v_created_by, p_proposal ->> 'idempotency_key', v_stated);
  if v_before is not null then
    return v_before;
  end if;
  v_policy := private.policy_for(v_agent, v_type);
  perform private.check_proposal(v_stated);
  perform private.require_let(v_policy, v_stated);
  v_event := private.store_proposal(p_proposal, v_created_by, v_policy);
  v_superseded := private.open_decision(v_event);
  if (v_event #>> '{data,level}')::integer >= 3 and v_event #> '{data,held}' is null then
    perform private.lock_targets(v_stated -> 'targets');
    perform private.execute_by_policy((v_event ->> 'aggregate_id')::uuid, v_policy);
  end if;
  return jsonb_build_object('event', v_event, 'decision_id', v_event -> 'aggregate_id',
    'status', private.decision_status((v_event ->> 'aggregate_id')::uuid), 'superseded', v_superseded, 'replayed', false);
end;
$$;
comment on function public.propose_decision(jsonb, jsonb) is
  'Stores a proposal {"stated":{…},"magnitude":{…}|null,"idempotency_key":…,"correlation_id":…,"correlation_key":…} whose events were checked, on behalf of an actor, and executes it where the policy says so. Returns {"event","decision_id","status","superseded","replayed"}. Errors: 42501, ES001 to ES005, ES008, ES009, ES013, ES033 to ES036, ES039.';

revoke all on function public.propose_decision(jsonb, jsonb), public.open_decisions(text, text) from public, anon, authenticated, service_role;
grant execute on function public.propose_decision(jsonb, jsonb), public.open_decisions(text, text) to service_role;
