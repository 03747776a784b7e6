-- What agents may do: policies and kill switches. There is no table of them: the latest event of each holds.

create function private.named_uuid(p_name text) returns uuid
language plpgsql immutable set search_path = ''
as $$
declare
  v_bytes bytea := substring(sha256(convert_to(p_name, 'UTF8')) from 1 for 16);
begin
  return encode(set_byte(set_byte(v_bytes, 6, (get_byte(v_bytes, 6) & 15) | 128), 8, (get_byte(v_bytes, 8) & 63) | 128), 'hex')::uuid;
end;
$$;
comment on function private.named_uuid(text) is 'The UUID that a name always has (RFC 9562, version 8, from its SHA-256).';

create function private.agent_id(p_agent text) returns uuid
language plpgsql immutable set search_path = ''
as $$ begin return private.named_uuid('agent:' || p_agent); end; $$;
comment on function private.agent_id(text) is 'Aggregate id of an agent; that of "*" stands for all agents.';

create function private.policy_id(p_agent text, p_decision_type text) returns uuid
language plpgsql immutable set search_path = ''
as $$ begin return private.named_uuid('agent_policy:' || p_agent || ':' || p_decision_type); end; $$;
comment on function private.policy_id(text, text) is 'Aggregate id of what an agent may do in one type of decision.';

-- Whoever lets an agent act holds this lock, shared, from before it looks at policy and kill switch until it commits.
-- Whoever changes one of them holds it alone: when a stop returns, nothing is under way any more.
create function private.hold_policies() returns void
language plpgsql volatile set search_path = ''
as $$ begin perform pg_advisory_xact_lock_shared(1163284301, 2); end; $$;
comment on function private.hold_policies() is 'Until the end of the transaction no person changes a policy or a kill switch.';

create function private.change_policies() returns void
language plpgsql volatile set search_path = ''
as $$ begin perform pg_advisory_xact_lock(1163284301, 2); end; $$;
comment on function private.change_policies() is 'Waits for every decision that is being executed, and keeps further ones out until the end of the transaction.';

create function private.agent_is_stopped(p_agent text) returns boolean
language plpgsql stable set search_path = ''
as $$
declare
  v_agent_id uuid := private.agent_id(p_agent);
  v_all_id uuid := private.agent_id('*');
begin
  return coalesce((
      select e.event_type = 'agent.stopped' from public.events e
      where e.aggregate_type = 'agent' and e.aggregate_id = v_agent_id and e.event_type in ('agent.stopped', 'agent.resumed')
      order by e.aggregate_version desc limit 1), false)
    or coalesce((
      select e.event_type = 'agent.all_stopped' from public.events e
      where e.aggregate_type = 'agent' and e.aggregate_id = v_all_id and e.event_type in ('agent.all_stopped', 'agent.all_resumed')
      order by e.aggregate_version desc limit 1), false);
end;
$$;
comment on function private.agent_is_stopped(text) is 'True when a person stopped this agent, or all of them.';

create function private.agent_stopped_after(p_agent text, p_event_number bigint) returns boolean
language plpgsql stable set search_path = ''
as $$
declare
  v_agent_id uuid := private.agent_id(p_agent);
  v_all_id uuid := private.agent_id('*');
begin
  return coalesce((
      select e.event_number > p_event_number from public.events e
      where e.aggregate_type = 'agent' and e.aggregate_id = v_agent_id and e.event_type = 'agent.stopped'
      order by e.aggregate_version desc limit 1), false)
    or coalesce((
      select e.event_number > p_event_number from public.events e
      where e.aggregate_type = 'agent' and e.aggregate_id = v_all_id and e.event_type = 'agent.all_stopped'
      order by e.aggregate_version desc limit 1), false);
end;
$$;
comment on function private.agent_stopped_after(text, bigint) is 'True when a person stopped this agent, or all of them, after an event, let go on since or not.';

create function private.agent_policy(p_agent text, p_decision_type text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_policy_id uuid := private.policy_id(p_agent, p_decision_type);
begin
  return (
    select e.data || jsonb_build_object('version', e.aggregate_version, 'since', e.created_at)
    from public.events e
    where e.aggregate_type = 'agent_policy' and e.aggregate_id = v_policy_id and e.event_type in ('agent.policy_set', 'agent.demoted')
    order by e.aggregate_version desc limit 1);
end;
$$;
comment on function private.agent_policy(text, text) is 'What an agent may do in one type of decision, with the version and time at which it was set; null: nothing.';

create function private.require_staff() returns text
language plpgsql stable set search_path = ''
as $$
begin
  if not private.is_staff() then
    raise exception 'this is for staff' using errcode = '42501';
  end if;
  return 'user:' || auth.uid();
end;
$$;
comment on function private.require_staff() is 'The caller as created_by has it; refuses everybody but signed-in staff (42501), every key included.';

create function private.readable(p_text text, p_most integer, p_what text, p_required boolean default false) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  if p_text is null and not p_required then
    return null;
  -- As the schemas of event types have it: lengths are those of UTF-16.
  elsif p_text is null or p_text !~ '\S' or p_text ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]'
    or length(p_text) + length(regexp_replace(p_text, '[^\U00010000-\U0010ffff]', '', 'g')) > p_most then
    raise exception '% must be text of at most % characters', p_what, p_most using errcode = 'ES022';
  end if;
  return p_text;
end;
$$;
comment on function private.readable(text, integer, text, boolean) is 'Text for people as it is, refused (ES022) where an event could not hold it.';

create function private.slug(p_text text, p_what text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  if p_text is null or p_text !~ '^[a-z][a-z0-9_]{0,62}$' then
    raise exception '% must be lower-case letters, digits and _', p_what using errcode = 'ES022';
  end if;
  return p_text;
end;
$$;
comment on function private.slug(text, text) is 'A machine-readable name as it is, refused (ES022) when it is none.';

create function private.append_fact(p_type text, p_aggregate_id uuid, p_data jsonb, p_actor text, p_causation_id uuid default null) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_event private.new_event;
begin
  select t.event_type, t.aggregate_type, t.schema_version into v_event.event_type, v_event.aggregate_type, v_event.schema_version
  from public.event_types t where t.event_type = p_type;
  v_event.aggregate_id := p_aggregate_id;
  v_event.data := jsonb_strip_nulls(p_data);
  v_event.created_by := p_actor;
  v_event.user_id := case when p_actor like 'user:%' then substr(p_actor, 6)::uuid end;
  v_event.causation_id := p_causation_id;
  return private.append_events(array[v_event]) -> 0;
end;
$$;
comment on function private.append_fact(text, uuid, jsonb, text, uuid) is 'Appends an event about an agent or its policy and returns it.';

create function private.checked_event_types(p_event_types text[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_unknown text;
begin
  if cardinality(p_event_types) not between 1 and 50 or cardinality(p_event_types) <> (select count(distinct t) from unnest(p_event_types) t) then
    raise exception 'event_types are 1 to 50 names, each once' using errcode = 'ES022';
  end if;
  select t into v_unknown from unnest(p_event_types) t where not exists (
    select 1 from public.event_types c where c.event_type = t and 'staff' = any (c.posted_by)) limit 1;
  if found then
    raise exception 'there is no event type % that staff may post', v_unknown using errcode = 'ES001';
  end if;
  return to_jsonb(p_event_types);
end;
$$;
comment on function private.checked_event_types(text[]) is 'The event types that a policy names, or null, refused where they are no list of types (ES022) or one is none that staff may post (ES001).';

create function private.require_for_level(p_level integer, p_terms jsonb) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  if p_level >= 2 and not p_terms ? 'event_types' then
    raise exception 'from level 2 on a policy names the event_types it lets through' using errcode = 'ES040';
  elsif p_level = 2 and (p_terms ->> 'veto_seconds')::integer >= (p_terms ->> 'time_to_live_seconds')::integer then
    raise exception 'at level 2 veto_seconds must end before time_to_live_seconds do' using errcode = 'ES040';
  elsif p_level >= 3 and not (p_terms -> 'limits' ? 'max_per_day' and p_terms -> 'limits' ?| array['max_amount', 'max_percent']) then
    raise exception 'from level 3 on a policy needs max_per_day, and max_amount or max_percent' using errcode = 'ES040';
  end if;
end;
$$;
comment on function private.require_for_level(integer, jsonb) is 'Refuses (ES040) terms that lack what must bound an agent at a level.';

create function private.checked_terms(p_terms jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v record;
  v_terms jsonb;
begin
  begin
    select t.*, l.* into strict v
    from jsonb_to_record(p_terms) as t(level integer, event_types text[], limits jsonb, approvals integer, time_to_live_seconds integer, veto_seconds integer, review_share numeric)
    cross join lateral jsonb_to_record(coalesce(t.limits, '{}')) as l(max_amount numeric, max_percent numeric, max_per_day integer);
  exception when data_exception or no_data_found then
    raise exception 'a policy is an object of numbers, so are its limits, and event_types is a list' using errcode = 'ES022';
  end;
  if v.level not between 0 and 4 or v.approvals not between 1 and 10 or v.time_to_live_seconds not between 1 and 31536000
    or v.veto_seconds not between 1 and 2592000 or v.review_share not between 0 and 1
    or v.max_amount not between 0 and 1e12 or v.max_percent not between 0 and 1e6 or v.max_per_day not between 0 and 1000000
    or num_nulls(v.level, v.approvals, v.time_to_live_seconds, v.veto_seconds, v.review_share) > 0 then
    raise exception 'a policy needs level 0 to 4, approvals, time_to_live_seconds, veto_seconds and review_share, within their limits' using errcode = 'ES022';
  end if;
  v_terms := jsonb_strip_nulls(jsonb_build_object('level', v.level, 'event_types', private.checked_event_types(v.event_types), 'approvals', v.approvals,
    'time_to_live_seconds', v.time_to_live_seconds, 'veto_seconds', v.veto_seconds, 'review_share', v.review_share,
    'limits', jsonb_build_object('max_amount', v.max_amount, 'max_percent', v.max_percent, 'max_per_day', v.max_per_day)));
  perform private.require_for_level(v.level, v_terms);
  return v_terms;
end;
$$;
comment on function private.checked_terms(jsonb) is 'The terms of a policy and nothing else, refused when they are not whole or out of range (ES022), name no event type (ES001), or lack what its level needs (ES040).';

create function private.set_agent_policy(p_agent text, p_decision_type text, p_terms jsonb, p_reason text, p_expected_version bigint) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_data jsonb := private.checked_terms(p_terms) || jsonb_build_object(
    'agent', private.slug(p_agent, 'agent'), 'decision_type', private.slug(p_decision_type, 'decision_type'), 'reason', private.readable(p_reason, 500, 'reason'));
  v_version bigint;
begin
  perform private.change_policies();
  v_version := coalesce((private.agent_policy(p_agent, p_decision_type) ->> 'version')::bigint, 0);
  if p_expected_version <> v_version then
    raise exception 'the policy is at version %, not %', v_version, p_expected_version using errcode = 'ES007',
      detail = jsonb_build_object('aggregate_type', 'agent_policy', 'aggregate_id', private.policy_id(p_agent, p_decision_type),
        'expected_version', p_expected_version, 'current_version', v_version,
        'missed', private.missed_events('agent_policy', private.policy_id(p_agent, p_decision_type), p_expected_version))::text;
  end if;
  return private.append_fact('agent.policy_set', private.policy_id(p_agent, p_decision_type), v_data, v_actor);
end;
$$;
comment on function private.set_agent_policy(text, text, jsonb, text, bigint) is 'See public.set_agent_policy.';

create function public.set_agent_policy(p_agent text, p_decision_type text, p_terms jsonb, p_reason text default null, p_expected_version bigint default null) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.set_agent_policy(p_agent, p_decision_type, p_terms, p_reason, p_expected_version); $$;
comment on function public.set_agent_policy(text, text, jsonb, text, bigint) is
  'Staff set what an agent may do in one type of decision, whole; where it is still at the version they saw (0: none), if they say which; returns the event. No key may. Errors: 42501, ES001, ES007, ES022, ES040.';

create function private.set_agent_stopped(p_agent text, p_stopped boolean, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_data jsonb := jsonb_build_object('reason', private.readable(p_reason, 500, 'reason', true));
begin
  if p_stopped is null then
    raise exception 'stopped is true or false' using errcode = 'ES022';
  end if;
  perform private.change_policies();
  if p_agent is null then
    return private.append_fact(case when p_stopped then 'agent.all_stopped' else 'agent.all_resumed' end, private.agent_id('*'), v_data, v_actor);
  end if;
  return private.append_fact(case when p_stopped then 'agent.stopped' else 'agent.resumed' end,
    private.agent_id(private.slug(p_agent, 'agent')), v_data || jsonb_build_object('agent', p_agent), v_actor);
end;
$$;
comment on function private.set_agent_stopped(text, boolean, text) is 'See public.set_agent_stopped.';

create function public.set_agent_stopped(p_agent text, p_stopped boolean, p_reason text) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.set_agent_stopped(p_agent, p_stopped, p_reason); $$;
comment on function public.set_agent_stopped(text, boolean, text) is
  'The kill switch: staff stop an agent, or all (null), or let it go on. When it returns, nothing of a stopped agent is under way. Errors: 42501, ES022.';

revoke all on function public.set_agent_policy(text, text, jsonb, text, bigint), public.set_agent_stopped(text, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.set_agent_policy(text, text, jsonb, text, bigint), public.set_agent_stopped(text, boolean, text),
  private.set_agent_policy(text, text, jsonb, text, bigint), private.set_agent_stopped(text, boolean, text) to authenticated;
