-- Taking an executed decision back: its compensation, posted by a person.

create function private.executed_targets(p_targets jsonb, p_compensation jsonb, p_event_ids jsonb) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_agg(t || jsonb_build_object('version', greatest((t ->> 'version')::bigint, (
    select max(e.aggregate_version) from public.events e
    where e.id in (select i::uuid from jsonb_array_elements_text(p_event_ids) i)
      and e.aggregate_type = t ->> 'aggregate_type' and e.aggregate_id = (t ->> 'aggregate_id')::uuid))))
  from jsonb_array_elements(p_targets) t
  where p_compensation @> jsonb_build_array(jsonb_build_object('aggregate_type', t -> 'aggregate_type', 'aggregate_id', t -> 'aggregate_id'));
$$;
comment on function private.executed_targets(jsonb, jsonb, jsonb) is 'The targets that a compensation writes to, at the versions at which the execution left them.';

create function private.post_compensation(p_decision_id uuid, p_executed public.events, p_actor text) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_proposal public.events := private.decision_proposal(p_decision_id);
  v_content public.events := private.decision_content(p_decision_id);
  -- Of the events as they were executed: what undid others before an edit undoes nothing.
  v_compensation jsonb := v_content.data -> 'compensation';
  v_targets jsonb;
  v_moved jsonb;
begin
  if v_compensation is null then
    raise exception '% of decision % says nothing of how to take it back',
      case v_content.event_type when 'agent.decision_edited' then 'the edit' else 'the proposal' end, p_decision_id using errcode = 'ES041';
  end if;
  v_targets := private.executed_targets(v_proposal.data -> 'targets', v_compensation, p_executed.data -> 'event_ids');
  perform private.lock_targets(v_targets);
  v_moved := private.moved_targets(v_targets);
  if v_moved <> '[]' then
    raise exception 'a target has moved since the decision was executed' using errcode = 'ES035', detail = jsonb_build_object('targets', v_moved)::text;
  end if;
  return private.post_decided(v_compensation, v_targets, to_jsonb(p_executed), p_actor,
    jsonb_build_object('decision_id', p_decision_id), 'decision:' || p_decision_id || ':compensation:');
end;
$$;
comment on function private.post_compensation(uuid, public.events, text) is
  'Posts a decision''s compensation, caused by its execution, where nothing happened to its targets since. Errors: ES001 to ES004, ES035, ES041.';

create function private.compensate_decision(p_decision_id uuid, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_reason text := private.readable(p_reason, 500, 'reason', true);
  v_decision private.decisions;
  v_executed public.events;
  v_posted jsonb;
  v_answer jsonb;
begin
  select d.* into v_decision from private.decisions d where d.decision_id = p_decision_id;
  perform private.lock_pair(v_decision.agent, v_decision.decision_type);
  v_decision := private.locked_decision(p_decision_id);
  v_executed := private.decision_event(p_decision_id, 'agent.decision_executed');
  if v_executed.id is null then
    raise exception 'decision % was not executed', p_decision_id using errcode = 'ES041';
  end if;
  perform private.next_status(p_decision_id, 'agent.decision_compensated');
  v_posted := private.post_compensation(p_decision_id, v_executed, v_actor);
  v_answer := private.answer_decision(p_decision_id, 'agent.decision_compensated', jsonb_build_object('reason', v_reason,
    'event_ids', (select jsonb_agg(e -> 'id' order by (e ->> 'event_number')::bigint) from jsonb_array_elements(v_posted) e)), v_actor, v_executed.id);
  perform private.demote(v_decision.agent, v_decision.decision_type, 'compensated', p_decision_id, (v_answer ->> 'id')::uuid);
  return jsonb_build_object('status', 'compensated', 'answer', v_answer, 'events', v_posted);
end;
$$;
comment on function private.compensate_decision(uuid, text) is 'See public.compensate_decision.';

create function public.compensate_decision(p_decision_id uuid, p_reason text) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.compensate_decision(p_decision_id, p_reason); $$;
comment on function public.compensate_decision(uuid, text) is
  'The signed-in member of staff takes an executed decision back, once: its compensation is posted in the same transaction, and the agent''s autonomy ends. Also when the agent is stopped. No key may call it. Returns {"status":"compensated","answer","events"}. Errors: 42501, ES001 to ES004, ES022, ES030, ES032, ES035, ES041.';

revoke all on function public.compensate_decision(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.compensate_decision(uuid, text), private.compensate_decision(uuid, text) to authenticated;
