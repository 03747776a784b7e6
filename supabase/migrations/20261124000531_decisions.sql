-- Decisions as the database guards them: what may follow what, and an index of those that are open.

create table private.decision_transitions (
  event_type text not null,
  from_status text not null,
  to_status text not null,
  constraint decision_transitions_pkey primary key (event_type, from_status)
);
comment on table private.decision_transitions is 'What each event makes of a decision, by the status it may come upon. The domain code holds the same table; a test compares them.';

insert into private.decision_transitions (event_type, from_status, to_status) values
  ('agent.decision_edited', 'proposed', 'proposed'),
  ('agent.decision_endorsed', 'proposed', 'proposed'),
  ('agent.decision_held', 'proposed', 'proposed'),
  ('agent.decision_approved', 'proposed', 'approved'),
  ('agent.decision_rejected', 'proposed', 'rejected'),
  ('agent.decision_vetoed', 'proposed', 'vetoed'),
  ('agent.decision_expired', 'proposed', 'expired'),
  ('agent.decision_superseded', 'proposed', 'superseded'),
  ('agent.decision_withdrawn', 'proposed', 'withdrawn'),
  ('agent.decision_returned', 'proposed', 'returned'),
  ('agent.decision_executed', 'approved', 'executed'),
  ('agent.decision_failed', 'approved', 'failed'),
  ('agent.decision_compensated', 'executed', 'compensated'),
  ('agent.decision_compensated', 'measured', 'compensated'),
  ('agent.decision_outcome_measured', 'shadowed', 'measured'),
  ('agent.decision_outcome_measured', 'executed', 'measured'),
  ('agent.decision_outcome_measured', 'measured', 'measured');

create table private.decisions (
  decision_id uuid not null,
  agent text not null,
  decision_type text not null,
  proposed_by text not null,
  status text not null,
  confidence double precision not null,
  expires_at timestamptz not null,
  veto_until timestamptz,
  edited boolean not null default false,
  by_policy boolean not null default false,
  decided_at timestamptz,
  outcome text,
  judged boolean not null default false,
  constraint decisions_pkey primary key (decision_id)
) with (fillfactor = 80);
comment on table private.decisions is
  'Finds decisions that are due, superseded or part of a record. Written in the transaction of each event; its row lock serialises answers to one decision. What a decision''s status is, its events say.';
comment on column private.decisions.judged is 'A person measured its outcome: no key changes that any more.';
comment on column private.decisions.decided_at is 'When it became a case of the agent''s record: approved, rejected or vetoed, or measured in shadow.';

create index decisions_expiring_idx on private.decisions (expires_at) where status = 'proposed';
create index decisions_vetoable_idx on private.decisions (veto_until) where status = 'proposed' and veto_until is not null;
create index decisions_record_idx on private.decisions (agent, decision_type, decided_at) where decided_at is not null;

create table private.open_targets (
  agent text not null,
  decision_type text not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  decision_id uuid not null,
  constraint open_targets_hold_one_decision primary key (agent, decision_type, aggregate_type, aggregate_id)
);
comment on table private.open_targets is 'The one decision of an agent and type that is open for a target.';
create index open_targets_decision_idx on private.open_targets (decision_id);

create table private.autonomous_acts (
  decision_id uuid not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  agent text not null,
  decision_type text not null,
  acted_at timestamptz not null,
  amount numeric,
  percent numeric,
  constraint autonomous_acts_pkey primary key (decision_id, aggregate_type, aggregate_id)
);
comment on table private.autonomous_acts is 'What agents executed without people within the last day, by target: for the limits.';
create index autonomous_acts_agent_idx on private.autonomous_acts (agent, decision_type, acted_at);

create table private.record_reviews (
  agent text not null,
  decision_type text not null,
  constraint record_reviews_pkey primary key (agent, decision_type)
);
comment on table private.record_reviews is 'Records that got a new case since they were last looked at for promotion or drift.';

revoke all on private.decision_transitions, private.decisions, private.open_targets, private.autonomous_acts, private.record_reviews
  from public, anon, authenticated, service_role;

create function private.lock_pair(p_agent text, p_decision_type text, p_wait boolean default true) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  v_key integer := hashtext(p_agent || ':' || p_decision_type);
begin
  if not p_wait then
    return pg_try_advisory_xact_lock(1163284302, v_key);
  end if;
  perform pg_advisory_xact_lock(1163284302, v_key);
  return true;
end;
$$;
comment on function private.lock_pair(text, text, boolean) is
  'One transaction at a time proposes or executes by policy for an agent and type. Taken before any decision''s row, never after.';

create function private.decision_status(p_decision_id uuid) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select case when e.event_type = 'agent.decision_proposed'
      then case e.data ->> 'level' when '0' then 'shadowed' else 'proposed' end
      else (select max(t.to_status) from private.decision_transitions t where t.event_type = e.event_type) end
    from public.events e
    where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id
      and (e.event_type = 'agent.decision_proposed' or exists (select 1 from private.decision_transitions t where t.event_type = e.event_type))
    order by e.aggregate_version desc limit 1);
end;
$$;
comment on function private.decision_status(uuid) is 'Status of a decision as its events say; null when there is none.';

create function private.decision_event(p_decision_id uuid, p_event_type text) returns public.events
language plpgsql stable set search_path = ''
as $$
declare
  v_event public.events;
begin
  select e.* into v_event from public.events e
  where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id and e.event_type = p_event_type
  order by e.aggregate_version limit 1;
  return v_event;
end;
$$;
comment on function private.decision_event(uuid, text) is 'The first event of a type in a decision; null when there is none.';

create function private.decision_proposal(p_decision_id uuid) returns public.events
language plpgsql stable set search_path = ''
as $$ begin return private.decision_event(p_decision_id, 'agent.decision_proposed'); end; $$;
comment on function private.decision_proposal(uuid) is 'The event that proposed a decision.';

create function private.decision_content(p_decision_id uuid) returns public.events
language plpgsql stable set search_path = ''
as $$
declare
  v_event public.events;
begin
  select e.* into v_event from public.events e
  where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id
    and e.event_type in ('agent.decision_proposed', 'agent.decision_edited')
  order by e.aggregate_version desc limit 1;
  return v_event;
end;
$$;
comment on function private.decision_content(uuid) is 'The event with the proposed events as they stand: the proposal, or its last edit.';

create function private.locked_decision(p_decision_id uuid) returns private.decisions
language plpgsql volatile set search_path = ''
as $$
declare
  v_decision private.decisions;
begin
  select d.* into v_decision from private.decisions d where d.decision_id = p_decision_id for update;
  if not found then
    raise exception 'there is no decision %', p_decision_id using errcode = 'ES030';
  end if;
  return v_decision;
end;
$$;
comment on function private.locked_decision(uuid) is 'Locks a decision against any other answer and returns it. Errors: ES030.';

create function private.next_status(p_decision_id uuid, p_event_type text) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_status text := private.decision_status(p_decision_id);
  v_next text;
begin
  select t.to_status into v_next from private.decision_transitions t where t.event_type = p_event_type and t.from_status = v_status;
  if not found then
    raise exception 'decision % is % already', p_decision_id, v_status using errcode = 'ES032', detail = jsonb_build_object('decision_status', v_status)::text;
  end if;
  return v_next;
end;
$$;
comment on function private.next_status(uuid, text) is 'The status after an event; refuses one that may not come now (ES032). The decision must be locked.';

create function private.note_status(p_event jsonb, p_status text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_id uuid := (p_event ->> 'aggregate_id')::uuid;
  v_type text := p_event ->> 'event_type';
  v_at timestamptz := (p_event ->> 'created_at')::timestamptz;
  v_case boolean := v_type in ('agent.decision_approved', 'agent.decision_rejected', 'agent.decision_vetoed', 'agent.decision_outcome_measured', 'agent.decision_compensated');
begin
  update private.decisions d
  set status = p_status, edited = d.edited or v_type = 'agent.decision_edited',
    veto_until = case when v_type not in ('agent.decision_held', 'agent.decision_edited') then d.veto_until end,
    by_policy = d.by_policy or (v_type = 'agent.decision_approved' and p_event #>> '{data,by}' = 'policy'),
    decided_at = case when v_case then coalesce(d.decided_at, v_at) else d.decided_at end,
    outcome = case when v_type = 'agent.decision_outcome_measured' then p_event #>> '{data,outcome}' else d.outcome end,
    judged = d.judged or (v_type = 'agent.decision_outcome_measured' and p_event ->> 'created_by' like 'user:%')
  where d.decision_id = v_id;
  if p_status <> 'proposed' then
    delete from private.open_targets o where o.decision_id = v_id;
  end if;
  if v_case then
    insert into private.record_reviews (agent, decision_type)
    select d.agent, d.decision_type from private.decisions d where d.decision_id = v_id
    on conflict do nothing;
  end if;
end;
$$;
comment on function private.note_status(jsonb, text) is 'Brings the index of decisions up to an event that was just appended.';

create function private.answer_decision(p_decision_id uuid, p_event_type text, p_data jsonb, p_actor text, p_causation_id uuid default null) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_proposal public.events := private.decision_proposal(p_decision_id);
  v_status text := private.next_status(p_decision_id, p_event_type);
  v_event private.new_event;
  v_stored jsonb;
begin
  v_event.event_type := p_event_type;
  v_event.aggregate_type := 'agent_decision';
  v_event.aggregate_id := p_decision_id;
  v_event.schema_version := (select t.schema_version from public.event_types t where t.event_type = p_event_type);
  v_event.data := p_data;
  v_event.metadata := jsonb_strip_nulls(jsonb_build_object('correlation_key', v_proposal.metadata -> 'correlation_key'));
  v_event.created_by := p_actor;
  v_event.user_id := case when p_actor like 'user:%' then substr(p_actor, 6)::uuid end;
  v_event.correlation_id := v_proposal.correlation_id;
  v_event.causation_id := coalesce(p_causation_id, v_proposal.id);
  v_stored := private.append_events(array[v_event]) -> 0;
  perform private.note_status(v_stored, v_status);
  return v_stored;
end;
$$;
comment on function private.answer_decision(uuid, text, jsonb, text, uuid) is
  'Appends an event of a locked decision, when it may come now (else ES032), and returns it. Without a cause of its own it is caused by the proposal.';
