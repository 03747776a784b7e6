-- Answers to a decision: what people say, and what the proposer takes back.

create function private.expire_if_due(p_decision private.decisions) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  if p_decision.expires_at > clock_timestamp() then
    return false;
  end if;
  perform private.answer_decision(p_decision.decision_id, 'agent.decision_expired', jsonb_build_object('expires_at', p_decision.expires_at), 'system');
  return true;
end;
$$;
comment on function private.expire_if_due(private.decisions) is 'Ends a locked decision whose time is over, whoever asks first.';

create function private.seen_whole(p_decision_id uuid, p_version bigint, p_current bigint) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return p_version between 1 and p_current and not exists (
    select 1 from public.events e
    where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id and e.aggregate_version > p_version
      and e.event_type <> 'agent.decision_endorsed');
end;
$$;
comment on function private.seen_whole(uuid, bigint, bigint) is 'True when nothing came after a version of a decision but that others said yes to the very same.';

create function private.require_version(p_decision_id uuid, p_version bigint, p_event_type text) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_version bigint := (select a.version from private.aggregates a where a.aggregate_type = 'agent_decision' and a.aggregate_id = p_decision_id);
begin
  if p_version is distinct from v_version
    and not (p_event_type = 'agent.decision_approved' and private.seen_whole(p_decision_id, p_version, v_version)) then
    raise exception 'agent_decision % is at version %, not %', p_decision_id, v_version, p_version using errcode = 'ES007',
      detail = jsonb_build_object('aggregate_type', 'agent_decision', 'aggregate_id', p_decision_id, 'expected_version', p_version,
        'current_version', v_version, 'missed', private.missed_events('agent_decision', p_decision_id, coalesce(p_version, 0)))::text;
  end if;
end;
$$;
comment on function private.require_version(uuid, bigint, text) is 'Refuses an answer to another version of a decision than the one that stands (ES007): nobody approves what they did not see.';

create function private.approvals_given(p_decision_id uuid, p_actor text) returns integer
language plpgsql stable set search_path = ''
as $$
declare
  v_by text[];
begin
  select array_agg(e.created_by) into v_by from public.events e
  join public.user_roles r on r.role = 'staff' and e.created_by = 'user:' || r.user_id
  where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id and e.event_type = 'agent.decision_endorsed'
    and e.aggregate_version > (private.decision_content(p_decision_id)).aggregate_version;
  if p_actor = any (v_by) then
    raise exception '% has approved it already', p_actor using errcode = 'ES037';
  end if;
  return coalesce(cardinality(v_by), 0);
end;
$$;
comment on function private.approvals_given(uuid, text) is 'How many people who still are staff have approved the events as they stand; refuses one who did (ES037).';

create function private.approve_locked(p_decision private.decisions, p_policy jsonb, p_actor text, p_answer jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_proposal public.events := private.decision_proposal(p_decision.decision_id);
  v_given integer := private.approvals_given(p_decision.decision_id, p_actor) + 1;
  v_required integer := greatest((p_policy ->> 'approvals')::integer, (v_proposal.data ->> 'approvals')::integer);
  v_moved jsonb;
  v_approval jsonb;
  v_posted jsonb;
begin
  perform private.lock_targets(v_proposal.data -> 'targets');
  v_moved := private.moved_targets(v_proposal.data -> 'targets');
  if v_moved <> '[]' then
    perform private.answer_decision(p_decision.decision_id, 'agent.decision_returned', jsonb_build_object('targets', v_moved), 'system');
    return jsonb_build_object('status', 'returned', 'targets', v_moved);
  elsif v_given < v_required then
    v_approval := private.answer_decision(p_decision.decision_id, 'agent.decision_endorsed',
      p_answer || jsonb_build_object('approvals', v_given, 'required', v_required), p_actor);
    return jsonb_build_object('status', 'proposed', 'answer', v_approval, 'events', '[]'::jsonb, 'approvals', v_given, 'required', v_required);
  end if;
  v_approval := private.answer_decision(p_decision.decision_id, 'agent.decision_approved', p_answer || jsonb_build_object('by', 'person',
    'approvals', v_given, 'level', p_policy -> 'level', 'policy_version', p_policy -> 'version'), p_actor);
  if (v_approval ->> 'created_at')::timestamptz >= p_decision.expires_at then
    raise exception 'the proposal expired at %', p_decision.expires_at using errcode = 'ES036';
  end if;
  v_posted := private.execute_decision(p_decision.decision_id, v_approval, false);
  return jsonb_build_object('status', case when v_posted is null then 'failed' else 'executed' end, 'answer', v_approval,
    'events', coalesce(v_posted, '[]'), 'approvals', v_given, 'required', v_required);
end;
$$;
comment on function private.approve_locked(private.decisions, jsonb, text, jsonb) is
  'One person''s approval of a locked decision: returned when a target moved, endorsed when more must say yes, else approved and executed. Errors: ES036, ES037.';

create function private.answerable(p_decision private.decisions, p_event_type text, p_actor text, p_version bigint) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_policy jsonb;
begin
  perform private.next_status(p_decision.decision_id, p_event_type);
  if p_decision.proposed_by = p_actor then
    raise exception '% proposed it: somebody else must approve', p_actor using errcode = 'ES031';
  elsif private.expire_if_due(p_decision) then
    return null;
  end if;
  perform private.require_version(p_decision.decision_id, p_version, p_event_type);
  v_policy := private.policy_for(p_decision.agent, p_decision.decision_type);
  if (v_policy ->> 'level')::integer = 0 then
    raise exception 'agent % decides % in shadow only', p_decision.agent, p_decision.decision_type using errcode = 'ES033';
  end if;
  return v_policy;
end;
$$;
comment on function private.answerable(private.decisions, text, text, bigint) is
  'The policy under which a person may say yes to a locked decision, edited or not; null when it expired just now. Errors: ES007, ES031 to ES034.';

create function private.approve_decision(p_decision_id uuid, p_version bigint, p_note text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_answer jsonb := jsonb_strip_nulls(jsonb_build_object('version', p_version, 'note', private.readable(p_note, 2000, 'note')));
  v_decision private.decisions;
  v_policy jsonb;
begin
  perform private.hold_policies();
  v_decision := private.locked_decision(p_decision_id);
  v_policy := private.answerable(v_decision, 'agent.decision_approved', v_actor, p_version);
  if v_policy is null then
    return jsonb_build_object('status', 'expired');
  end if;
  perform private.require_let(v_policy, (private.decision_content(p_decision_id)).data);
  return private.approve_locked(v_decision, v_policy, v_actor, v_answer);
end;
$$;
comment on function private.approve_decision(uuid, bigint, text) is 'See public.approve_decision.';

create function public.approve_decision(p_decision_id uuid, p_version bigint, p_note text default null) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.approve_decision(p_decision_id, p_version, p_note); $$;
comment on function public.approve_decision(uuid, bigint, text) is
  'The signed-in member of staff approves a decision as it stands at a version; the last approval that is needed posts its events in the same transaction. No key may call it. Returns {"status":"executed"|"failed"|"proposed","answer","events",…}, {"status":"returned","targets"} or {"status":"expired"}. Errors: 42501, ES007, ES022, ES030 to ES034, ES036, ES037.';

create function private.reject_decision(p_decision_id uuid, p_reason_code text, p_note text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.require_staff();
  v_answer jsonb := jsonb_strip_nulls(jsonb_build_object('reason_code', private.slug(p_reason_code, 'reason_code'), 'note', private.readable(p_note, 2000, 'note')));
  v_decision private.decisions := private.locked_decision(p_decision_id);
  v_type text := case when v_decision.veto_until is null then 'agent.decision_rejected' else 'agent.decision_vetoed' end;
begin
  perform private.next_status(p_decision_id, v_type);
  if private.expire_if_due(v_decision) then
    return jsonb_build_object('status', 'expired');
  end if;
  return jsonb_build_object('status', private.next_status(p_decision_id, v_type), 'answer', private.answer_decision(p_decision_id, v_type, v_answer, v_actor));
end;
$$;
comment on function private.reject_decision(uuid, text, text) is 'See public.reject_decision.';

create function public.reject_decision(p_decision_id uuid, p_reason_code text, p_note text default null) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.reject_decision(p_decision_id, p_reason_code, p_note); $$;
comment on function public.reject_decision(uuid, text, text) is
  'The signed-in member of staff says no; within a veto window that is a veto. Returns {"status":"rejected"|"vetoed"|"expired","answer"}. Errors: 42501, ES022, ES030, ES032.';

create function public.withdraw_decision(p_decision_id uuid, p_reason text, p_actor jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.creator_of(p_actor);
  v_decision private.decisions := private.locked_decision(p_decision_id);
begin
  if v_actor is distinct from v_decision.proposed_by and p_actor ->> 'kind' is distinct from 'service' then
    raise exception 'only who proposed it can take it back' using errcode = '42501';
  end if;
  return private.answer_decision(p_decision_id, 'agent.decision_withdrawn', jsonb_build_object('reason', private.readable(p_reason, 500, 'reason', true)), v_actor);
end;
$$;
comment on function public.withdraw_decision(uuid, text, jsonb) is 'Who proposed a decision, or the backend, takes it back; returns the event. Errors: 42501, ES022, ES030, ES032.';

create function public.edit_decision(p_decision_id uuid, p_version bigint, p_edit jsonb, p_user_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := 'user:' || p_user_id;
  v_decision private.decisions;
  v_policy jsonb;
  v_targets jsonb := (private.decision_proposal(p_decision_id)).data -> 'targets';
  v_moved jsonb;
begin
  if not exists (select 1 from public.user_roles r where r.user_id = p_user_id and r.role = 'staff') then
    raise exception 'this is for staff' using errcode = '42501';
  end if;
  perform private.hold_policies();
  v_decision := private.locked_decision(p_decision_id);
  v_policy := private.answerable(v_decision, 'agent.decision_edited', v_actor, p_version);
  if v_policy is null then
    return jsonb_build_object('status', 'expired');
  end if;
  v_moved := private.moved_targets(v_targets);
  if v_moved <> '[]' then
    perform private.answer_decision(p_decision_id, 'agent.decision_returned', jsonb_build_object('targets', v_moved), 'system');
    return jsonb_build_object('status', 'returned', 'targets', v_moved);
  end if;
  perform private.check_proposal(jsonb_build_object('proposed_events', p_edit -> 'proposed_events', 'targets', v_targets, 'evidence', '[]'::jsonb)
    || case when p_edit ? 'compensation' then jsonb_build_object('compensation', p_edit -> 'compensation') else '{}' end);
  perform private.require_let(v_policy, p_edit);
  return jsonb_build_object('status', 'proposed', 'answer', private.answer_decision(p_decision_id, 'agent.decision_edited', p_edit, v_actor));
end;
$$;
comment on function public.edit_decision(uuid, bigint, jsonb, uuid) is
  'A member of staff changes the events {"proposed_events","compensation"?,"magnitude","note"?} of an open decision, for the same targets; they were checked, and who may not approve may not edit. Approvals so far are void. Returns {"status":"proposed","answer"}, {"status":"returned","targets"} or {"status":"expired"}. Errors: 42501, ES001 to ES005, ES007, ES030 to ES034, ES039.';

create function public.record_outcome(p_decision_id uuid, p_outcome jsonb, p_actor jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_actor text := private.creator_of(p_actor);
  v_decision private.decisions;
  v_stored jsonb;
begin
  select d.* into v_decision from private.decisions d where d.decision_id = p_decision_id;
  perform private.lock_pair(v_decision.agent, v_decision.decision_type);
  v_decision := private.locked_decision(p_decision_id);
  if not (p_actor ->> 'kind' = 'service' or exists (
    select 1 from public.user_roles r where p_actor ->> 'kind' = 'user' and r.user_id = (p_actor ->> 'user_id')::uuid and r.role = 'staff')) then
    raise exception 'this is for staff' using errcode = '42501';
  elsif v_actor = v_decision.proposed_by then
    raise exception '% proposed it: somebody else must judge it', v_actor using errcode = 'ES031';
  elsif v_decision.judged and p_actor ->> 'kind' <> 'user' then
    raise exception 'a person measured the outcome: only people change that' using errcode = 'ES042';
  end if;
  v_stored := private.answer_decision(p_decision_id, 'agent.decision_outcome_measured', p_outcome, v_actor);
  if p_outcome ->> 'outcome' = 'bad' then
    perform private.demote(v_decision.agent, v_decision.decision_type, 'bad_outcome', p_decision_id, (v_stored ->> 'id')::uuid);
  end if;
  return v_stored;
end;
$$;
comment on function public.record_outcome(uuid, jsonb, jsonb) is
  'Records what came of a decision {"outcome","measured_value"?,"note"?}, on behalf of staff or the backend; a bad one ends the agent''s autonomy at once. Staff correct anybody''s, the backend no person''s. Errors: 42501, ES030 to ES032, ES042.';

revoke all on function public.approve_decision(uuid, bigint, text), public.reject_decision(uuid, text, text), public.withdraw_decision(uuid, text, jsonb),
  public.edit_decision(uuid, bigint, jsonb, uuid), public.record_outcome(uuid, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.approve_decision(uuid, bigint, text), private.approve_decision(uuid, bigint, text),
  public.reject_decision(uuid, text, text), private.reject_decision(uuid, text, text) to authenticated;
grant execute on function public.withdraw_decision(uuid, text, jsonb), public.edit_decision(uuid, bigint, jsonb, uuid), public.record_outcome(uuid, jsonb, jsonb) to service_role;
