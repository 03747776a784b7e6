-- Executing a decision: limits, targets, and the append of its events.

create function private.lock_targets(p_targets jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  -- One at a time makes products, or two at once would not see each other's SKUs. Before any row, so that nobody who holds one waits for it.
  if p_targets @> '[{"aggregate_type": "product", "version": 0}]' then
    perform pg_advisory_xact_lock(1163284301, 3);
  end if;
  -- In the order in which every append locks its aggregates.
  perform 1 from private.aggregates a
  where (a.aggregate_type, a.aggregate_id) in (
    select t.aggregate_type, t.aggregate_id from jsonb_to_recordset(p_targets) as t(aggregate_type varchar(50), aggregate_id uuid))
  order by a.aggregate_type collate "C", a.aggregate_id
  for update;
end;
$$;
comment on function private.lock_targets(jsonb) is 'Locks the heads of target aggregates: none of them moves, and nobody else makes products by a decision, until the end of the transaction.';

create function private.happened_since(p_type varchar, p_id uuid, p_version bigint, p_event_types text[]) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  -- "offset 0": first that aggregate's few events by its own index, then their types; never an index of types.
  return exists (
    select from (
      select e.event_type from public.events e
      where e.aggregate_type = p_type and e.aggregate_id = p_id and e.aggregate_version > p_version offset 0
    ) f
    where f.event_type = any (p_event_types));
end;
$$;
comment on function private.happened_since(varchar, uuid, bigint, text[]) is 'True when an event of one of the types happened to an aggregate after a version.';

create function private.standing_targets(p_targets jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('aggregate_type', t.aggregate_type, 'aggregate_id', t.aggregate_id,
      'version', t.version, 'depends_on', to_jsonb(t.depends_on), 'current_version', coalesce(a.version, 0), 'moved',
      case when t.depends_on is null or t.version >= coalesce(a.version, 0) then t.version <> coalesce(a.version, 0)
        else private.happened_since(t.aggregate_type, t.aggregate_id, t.version, t.depends_on) end)) order by t.ord)
    from rows from (jsonb_to_recordset(p_targets) as (aggregate_type varchar(50), aggregate_id uuid, version bigint, depends_on text[])) with ordinality
      as t(aggregate_type, aggregate_id, version, depends_on, ord)
    left join private.aggregates a on a.aggregate_type = t.aggregate_type and a.aggregate_id = t.aggregate_id);
end;
$$;
comment on function private.standing_targets(jsonb) is
  'Targets with the version that each is at now, and whether it moved: by any event since it was read, or by one of the types that the decision depends on.';

create function private.moved_targets(p_targets jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (select coalesce(jsonb_agg(t - 'moved' order by ord), '[]')
    from jsonb_array_elements(private.standing_targets(p_targets)) with ordinality as s(t, ord) where (t -> 'moved')::boolean);
end;
$$;
comment on function private.moved_targets(jsonb) is 'The targets to which something happened, since the agent read them, that the decision depends on.';

create function private.exceeded_size(p_policy jsonb, p_magnitude jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when (l.max_amount is null or (m.amount is not null and m.amount <= l.max_amount))
      and (l.max_percent is null or (m.percent is not null and m.percent <= l.max_percent)) then null
    when l.max_amount is not null and (m.amount is null or m.amount > l.max_amount) then 'max_amount'
    else 'max_percent' end
  from jsonb_to_record(p_policy -> 'limits') as l(max_amount numeric, max_percent numeric)
  left join lateral jsonb_to_record(case jsonb_typeof(p_magnitude) when 'object' then p_magnitude end) as m(amount numeric, percent numeric) on true;
$$;
comment on function private.exceeded_size(jsonb, jsonb) is 'The limit of size that a change exceeds, null when none. A change of unknown size exceeds any limit.';

create function private.broken_limit(p_policy jsonb, p_magnitude jsonb, p_targets jsonb) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_agent text := p_policy ->> 'agent';
  v_type text := p_policy ->> 'decision_type';
  v_since timestamptz := clock_timestamp() - interval '1 day';
  v_limits record;
begin
  select * into v_limits from jsonb_to_record(p_policy -> 'limits') as l(max_amount numeric, max_percent numeric, max_per_day integer);
  if v_limits.max_per_day <= (select count(distinct a.decision_id) from private.autonomous_acts a
    where a.agent = v_agent and a.decision_type = v_type and a.acted_at > v_since) then
    return 'max_per_day';
  elsif exists (
    select 1 from private.autonomous_acts a
    join jsonb_to_recordset(p_targets) as t(aggregate_type varchar(50), aggregate_id uuid)
      on t.aggregate_type = a.aggregate_type and t.aggregate_id = a.aggregate_id
    where a.agent = v_agent and a.decision_type = v_type and a.acted_at > v_since
    group by a.aggregate_type, a.aggregate_id
    having sum(a.amount) + (p_magnitude ->> 'amount')::numeric > v_limits.max_amount
      or sum(a.percent) + (p_magnitude ->> 'percent')::numeric > v_limits.max_percent
  ) then
    return 'sum_per_target';
  end if;
  return null;
end;
$$;
comment on function private.broken_limit(jsonb, jsonb, jsonb) is
  'The limit that an agent would break by acting once more: too many decisions within a day, or on one target small steps that together are too large.';

create function private.demote(p_agent text, p_decision_type text, p_cause text, p_decision_id uuid, p_causation_id uuid) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  v_policy jsonb := private.agent_policy(p_agent, p_decision_type);
begin
  if v_policy is null or (v_policy ->> 'level')::integer < 2 then
    return false;
  end if;
  perform private.append_fact('agent.demoted', private.policy_id(p_agent, p_decision_type),
    (v_policy - array['version', 'since', 'reason', 'from_level', 'cause', 'decision_id']) || jsonb_build_object(
      'level', 1, 'from_level', v_policy -> 'level', 'cause', p_cause, 'decision_id', p_decision_id), 'system', p_causation_id);
  return true;
end;
$$;
comment on function private.demote(text, text, text, uuid, uuid) is
  'Takes an agent''s autonomy away: people approve again. False when it has none. The pair should be locked.';

create function private.post_decided(p_proposed jsonb, p_targets jsonb, p_cause jsonb, p_author text, p_metadata jsonb, p_key text) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_events private.new_event[];
begin
  select array_agg(row(p.event_type, p.aggregate_type, p.aggregate_id, p.schema_version, p.data,
      p_metadata || jsonb_strip_nulls(jsonb_build_object('correlation_key', p_cause #> '{metadata,correlation_key}')),
      p_author, null, (p_cause ->> 'correlation_id')::uuid, (p_cause ->> 'id')::uuid, p_key || p.ord,
      case when p.nth > 1 then null when t.depends_on is null then t.version else t.current_version end, 'staff', null)::private.new_event order by p.ord)
  into v_events
  from (
    select e.*, row_number() over (partition by e.aggregate_type, e.aggregate_id order by e.ord) as nth
    from rows from (jsonb_to_recordset(p_proposed) as (event_type text, aggregate_type text, aggregate_id uuid, schema_version integer, data jsonb)) with ordinality
      as e(event_type, aggregate_type, aggregate_id, schema_version, data, ord)
  ) p
  left join jsonb_to_recordset(private.standing_targets(p_targets)) as t(aggregate_type text, aggregate_id uuid, version bigint, current_version bigint, depends_on text[])
    on t.aggregate_type = p.aggregate_type and t.aggregate_id = p.aggregate_id;
  perform private.check_catalog(v_events);
  return private.append_events(v_events);
end;
$$;
comment on function private.post_decided(jsonb, jsonb, jsonb, text, jsonb, text) is
  'Posts events of a decision, caused by an event of it, each at the version its target was read, or at today''s where the decision depends on some types only. An agent may have posted what staff may post.';

create function private.require_free_skus(p_events jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_sku text;
begin
  if not p_events @> '[{"event_type": "product.created"}]' then
    return;
  end if;
  select n.sku into v_sku
  from (
    select e #>> '{data,sku}' as sku, (e ->> 'aggregate_id')::uuid as id, count(*) over (partition by e #>> '{data,sku}') as claims
    from jsonb_array_elements(p_events) e where e ->> 'event_type' = 'product.created'
  ) n
  where n.claims > 1 or exists (
    select from public.events o
    where o.event_type = 'product.created' and o.data ->> 'sku' = n.sku and o.aggregate_id <> n.id and o.skip_reason is null)
  order by n.sku limit 1;
  if found then
    raise exception 'another product has the SKU "%"', v_sku using errcode = 'unique_violation';
  end if;
end;
$$;
comment on function private.require_free_skus(jsonb) is
  'Refuses (23505) events of a decision that create a product under a SKU which another one was created with: they would be posted and then parked. The targets must be locked.';

create function private.execute_decision(p_decision_id uuid, p_approval jsonb, p_review boolean) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_content public.events := private.decision_content(p_decision_id);
  v_proposal public.events := private.decision_proposal(p_decision_id);
  v_approval_id uuid := (p_approval ->> 'id')::uuid;
  v_actor text := p_approval ->> 'created_by';
  v_posted jsonb;
  v_code text;
  v_message text;
begin
  begin
    perform private.require_free_skus(v_content.data -> 'proposed_events');
    -- Whoever wrote the events is their author: the agent, or the person who edited them.
    v_posted := private.post_decided(v_content.data -> 'proposed_events', v_proposal.data -> 'targets', p_approval,
      case v_content.event_type when 'agent.decision_edited' then v_content.created_by else 'agent:' || (v_proposal.data ->> 'agent') end,
      jsonb_build_object('decision_id', p_decision_id, 'approved_by', v_actor), 'decision:' || p_decision_id || ':');
  exception when others then
    get stacked diagnostics v_code = returned_sqlstate, v_message = message_text;
    if v_code !~ '^(ES|22|23)' then
      -- No refusal of these events but trouble of the whole transaction.
      raise;
    end if;
    perform private.answer_decision(p_decision_id, 'agent.decision_failed',
      jsonb_build_object('error_code', v_code, 'error', left(v_message, 1000)), v_actor, v_approval_id);
    return null;
  end;
  perform private.answer_decision(p_decision_id, 'agent.decision_executed', jsonb_build_object(
    'event_ids', (select jsonb_agg(e -> 'id' order by (e ->> 'event_number')::bigint) from jsonb_array_elements(v_posted) e), 'review', p_review), v_actor, v_approval_id);
  return v_posted;
end;
$$;
comment on function private.execute_decision(uuid, jsonb, boolean) is
  'Posts an approved decision''s events and records that; or, when they are refused, that it failed (null). The decision and its targets must be locked.';

create function private.execute_by_policy(p_decision_id uuid, p_policy jsonb) returns text
language plpgsql volatile set search_path = ''
as $$
declare
  v_proposal public.events := private.decision_proposal(p_decision_id);
  v_targets jsonb := v_proposal.data -> 'targets';
  v_magnitude jsonb := v_proposal.data -> 'magnitude';
  v_moved jsonb;
  v_limit text := case when private.rests_on_replaced(v_proposal.data -> 'evidence', v_proposal.data -> 'proposed_events') then 'evidence_replaced'
    else private.exceeded_size(p_policy, v_magnitude) end;
  -- What people decide anyway breaks no limit of the agent.
  v_broken text := case when v_limit is distinct from 'evidence_replaced' then private.broken_limit(p_policy, v_magnitude, v_targets) end;
  v_approval jsonb;
begin
  v_moved := private.moved_targets(v_targets);
  if v_moved <> '[]' then
    perform private.answer_decision(p_decision_id, 'agent.decision_returned', jsonb_build_object('targets', v_moved), 'system');
    return 'returned';
  elsif v_limit is not null or v_broken is not null then
    v_approval := private.answer_decision(p_decision_id, 'agent.decision_held', jsonb_build_object('limit', coalesce(v_limit, v_broken)), 'system');
    if v_broken is not null then
      perform private.demote(p_policy ->> 'agent', p_policy ->> 'decision_type', 'limit_broken', p_decision_id, (v_approval ->> 'id')::uuid);
    end if;
    return 'proposed';
  end if;
  v_approval := private.answer_decision(p_decision_id, 'agent.decision_approved', jsonb_build_object('by', 'policy', 'approvals', 0,
    'version', (select max(e.aggregate_version) from public.events e where e.aggregate_type = 'agent_decision' and e.aggregate_id = p_decision_id),
    'level', p_policy -> 'level', 'policy_version', p_policy -> 'version'), 'system');
  if private.execute_decision(p_decision_id, v_approval, (p_policy ->> 'level')::integer = 4
    and abs(hashtext(p_decision_id::text)::bigint) % 10000 < (p_policy ->> 'review_share')::numeric * 10000) is null then
    return 'failed';
  end if;
  insert into private.autonomous_acts (decision_id, aggregate_type, aggregate_id, agent, decision_type, acted_at, amount, percent)
  select p_decision_id, t.aggregate_type, t.aggregate_id, p_policy ->> 'agent', p_policy ->> 'decision_type', clock_timestamp(),
    (v_magnitude ->> 'amount')::numeric, (v_magnitude ->> 'percent')::numeric
  from jsonb_to_recordset(v_targets) as t(aggregate_type varchar(50), aggregate_id uuid);
  return 'executed';
end;
$$;
comment on function private.execute_by_policy(uuid, jsonb) is
  'Executes a decision without people, within the limits and while the settings it rests on hold; else it waits for them, or goes back when a target moved. Returns its status. Pair, decision and targets must be locked.';
