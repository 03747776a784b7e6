-- The record of an agent: its cases, and what the platform makes of them.

create function private.record_cases(p_agent text, p_decision_type text, p_since timestamptz) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('confidence', c.confidence, 'success', c.success) order by c.decided_at), '[]')
  from (
    select d.decided_at, d.confidence,
      -- Approved as it was proposed, not taken back, and nothing bad came of it. What no person approved is a case once its outcome is measured.
      d.status in ('approved', 'executed', 'measured') and not d.edited and d.outcome is distinct from 'bad' as success
    from private.decisions d
    where d.agent = p_agent and d.decision_type = p_decision_type and d.decided_at is not null and d.decided_at > p_since
      and d.proposed_by = 'agent:' || d.agent -- what people proposed for it, it has not earned
      and (d.outcome is not null or not d.by_policy or d.status = 'compensated')
    order by d.decided_at desc limit 1000
  ) c;
$$;
comment on function private.record_cases(text, text, timestamptz) is 'The latest 1000 cases of a record after a time, oldest first: [{"confidence","success"}].';

create function private.standing_promotion(p_agent text, p_decision_type text) returns jsonb
language sql stable set search_path = ''
as $$
  select case e.event_type when 'agent.promotion_proposed' then to_jsonb(e) end
  from public.events e
  where e.aggregate_type = 'agent_policy' and e.aggregate_id = private.policy_id(p_agent, p_decision_type)
    and e.event_type in ('agent.promotion_proposed', 'agent.promotion_withdrawn', 'agent.policy_set', 'agent.demoted')
  order by e.aggregate_version desc limit 1;
$$;
comment on function private.standing_promotion(text, text) is 'The event of a promotion that waits for a signature: neither policy nor verdict has changed since. Null when there is none.';

create function public.agent_record(p_agent text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('decision_type', p.decision_type, 'policy', p.policy, 'promotion', private.standing_promotion(p_agent, p.decision_type),
    'statuses', (select coalesce(jsonb_object_agg(s.status, s.decisions), '{}') from (
      select d.status, count(*) as decisions from private.decisions d where d.agent = p_agent and d.decision_type = p.decision_type group by d.status) s),
    'all_cases', private.record_cases(p_agent, p.decision_type, '-infinity'),
    'cases', private.record_cases(p_agent, p.decision_type, (p.policy ->> 'since')::timestamptz)) order by p.decision_type), '[]')
  from (
    select t.decision_type, private.agent_policy(p_agent, t.decision_type) as policy
    from (select distinct e.data ->> 'decision_type' as decision_type from public.events e
      where e.event_type = 'agent.policy_set' and e.data ->> 'agent' = p_agent) t
  ) p;
$$;
comment on function public.agent_record(text) is 'For each type of decision of an agent: its policy, a promotion that waits, decisions by status, and the cases since the policy was set and of all time.';

create function public.list_agents() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'all_stopped', private.agent_is_stopped('*'),
    'agents', coalesce((select jsonb_agg(jsonb_build_object('agent', a.agent, 'stopped', private.agent_is_stopped(a.agent),
        'open_decisions', (select count(*) from private.decisions d where d.status = 'proposed' and d.agent = a.agent),
        'policies', (select jsonb_agg(private.agent_policy(a.agent, t.decision_type) || jsonb_build_object('promotion', private.standing_promotion(a.agent, t.decision_type)) order by t.decision_type)
          from (select distinct p.data ->> 'decision_type' as decision_type from public.events p
            where p.event_type = 'agent.policy_set' and p.data ->> 'agent' = a.agent) t)) order by a.agent)
      from (select distinct e.data ->> 'agent' as agent from public.events e where e.event_type = 'agent.policy_set') a), '[]'));
$$;
comment on function public.list_agents() is 'Every agent that has a policy: its kill switch, its policies, promotions that wait and how many decisions are open.';

create function public.decision_standing(p_decision_id uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('targets', private.standing_targets(p.data -> 'targets'),
    'evidence_replaced', private.rests_on_replaced(p.data -> 'evidence', p.data -> 'proposed_events'), 'approvals', private.approvals_given(p_decision_id, null), 'stopped', private.agent_is_stopped(p.data ->> 'agent'),
    'policy', private.agent_policy(p.data ->> 'agent', p.data ->> 'decision_type'))
  from private.decision_proposal(p_decision_id) p where p.id is not null;
$$;
comment on function public.decision_standing(uuid) is 'How a decision stands now: each target''s version, whether it rests on settings that were replaced, the approvals that count, the policy, the kill switch. Null when there is none.';

create function public.due_record_reviews() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('agent', r.agent, 'decision_type', r.decision_type, 'policy', p.policy,
    'cases', private.record_cases(r.agent, r.decision_type, (p.policy ->> 'since')::timestamptz))), '[]')
  from (select * from private.record_reviews order by agent, decision_type limit 100) r
  cross join lateral (select private.agent_policy(r.agent, r.decision_type) as policy) p;
$$;
comment on function public.due_record_reviews() is 'Records with new cases: [{"agent","decision_type","policy","cases"}], of the time since the policy was set.';

create function public.close_record_review(p_agent text, p_decision_type text, p_policy_version bigint, p_cases integer, p_verdict text, p_record jsonb) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_policy jsonb;
  v_level integer;
  v_standing jsonb;
  v_fact jsonb := p_record || jsonb_build_object('agent', p_agent, 'decision_type', p_decision_type, 'policy_version', p_policy_version);
begin
  perform private.lock_pair(p_agent, p_decision_type);
  v_policy := private.agent_policy(p_agent, p_decision_type);
  v_level := v_policy ->> 'level';
  if (v_policy ->> 'version')::bigint is distinct from p_policy_version
    or jsonb_array_length(private.record_cases(p_agent, p_decision_type, (v_policy ->> 'since')::timestamptz)) <> p_cases then
    return null; -- it is another record by now: the next tick looks again
  end if;
  delete from private.record_reviews r where r.agent = p_agent and r.decision_type = p_decision_type;
  v_standing := private.standing_promotion(p_agent, p_decision_type);
  if p_verdict = 'drift' then
    -- A statement of its own: "and" would look at both sides of a verdict that is null.
    if private.demote(p_agent, p_decision_type, 'drift', null, null) then
      return 'demotion';
    end if;
  elsif p_verdict = 'promotion' and v_level < 4 and v_standing is null then
    perform private.append_fact('agent.promotion_proposed', private.policy_id(p_agent, p_decision_type),
      v_fact || jsonb_build_object('from_level', v_level, 'to_level', v_level + 1), 'system');
    return 'promotion';
  elsif p_verdict is distinct from 'promotion' and v_standing is not null then
    perform private.append_fact('agent.promotion_withdrawn', private.policy_id(p_agent, p_decision_type), v_fact, 'system', (v_standing ->> 'id')::uuid);
    return 'withdrawal';
  end if;
  return null;
end;
$$;
comment on function public.close_record_review(text, text, bigint, integer, text, jsonb) is
  'Acts on a record that was looked at: "promotion" proposes the next level to people, any other verdict takes such a proposal back, "drift" ends autonomy. Returns what it did: "promotion", "withdrawal", "demotion" or null. Does nothing, and keeps the review, when the record has changed since.';

create function private.sign_promotion(p_agent text, p_decision_type text, p_terms jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_promotion jsonb;
  v_policy jsonb;
begin
  perform private.change_policies();
  perform private.lock_pair(p_agent, p_decision_type);
  v_promotion := private.standing_promotion(p_agent, p_decision_type);
  if exists (select 1 from private.record_reviews r where r.agent = p_agent and r.decision_type = p_decision_type) then
    raise exception 'the record of % for % has cases that were not looked at yet', p_agent, p_decision_type using errcode = 'ES038';
  elsif v_promotion is null then
    raise exception 'no promotion of % for % waits for a signature', p_agent, p_decision_type using errcode = 'ES038';
  end if;
  -- What the next level needs of the policy, the signature may bring; the rest stays.
  v_policy := private.checked_terms(private.agent_policy(p_agent, p_decision_type) || jsonb_strip_nulls(jsonb_build_object(
    'level', v_promotion #> '{data,to_level}', 'event_types', p_terms -> 'event_types', 'limits', p_terms -> 'limits')));
  return private.append_fact('agent.policy_set', private.policy_id(p_agent, p_decision_type),
    v_policy || jsonb_build_object('agent', p_agent, 'decision_type', p_decision_type), v_actor, (v_promotion ->> 'id')::uuid);
end;
$$;
comment on function private.sign_promotion(text, text, jsonb) is 'See public.sign_promotion.';

create function public.sign_promotion(p_agent text, p_decision_type text, p_terms jsonb default '{}') returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.sign_promotion(p_agent, p_decision_type, p_terms); $$;
comment on function public.sign_promotion(text, text, jsonb) is
  'The signed-in member of staff signs the promotion that waits: the policy is set one level higher, with the event_types and limits of p_terms where it has any, caused by the proposal. Not before the latest cases were looked at. No key may. Errors: 42501, ES001, ES022, ES038, ES040 where the next level needs more of the policy.';

revoke all on function public.agent_record(text), public.list_agents(), public.decision_standing(uuid), public.due_record_reviews(),
  public.close_record_review(text, text, bigint, integer, text, jsonb), public.sign_promotion(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.agent_record(text), public.list_agents(), public.decision_standing(uuid), public.due_record_reviews(),
  public.close_record_review(text, text, bigint, integer, text, jsonb) to service_role;
grant execute on function public.sign_promotion(text, text, jsonb), private.sign_promotion(text, text, jsonb) to authenticated;
