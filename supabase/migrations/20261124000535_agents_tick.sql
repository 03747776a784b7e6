-- What time does to decisions: they expire, and what nobody vetoed is executed. Run every 10 seconds, by any number of sessions.

create function private.expire_decisions(p_limit integer) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  v_due private.decisions[];
  v_version integer := (select t.schema_version from public.event_types t where t.event_type = 'agent.decision_expired');
  v_stored jsonb;
begin
  select array_agg(d order by d.decision_id) into v_due
  from (
    select d.* from private.decisions d
    where d.status = 'proposed' and d.expires_at <= clock_timestamp()
    order by d.expires_at limit p_limit for update skip locked
  ) d
  where private.decision_status(d.decision_id) = 'proposed';
  if v_due is null then
    return 0;
  end if;
  v_stored := private.append_events((
    select array_agg(row('agent.decision_expired', 'agent_decision', d.decision_id, v_version, jsonb_build_object('expires_at', d.expires_at),
      jsonb_strip_nulls(jsonb_build_object('correlation_key', p.metadata -> 'correlation_key')), 'system', null, p.correlation_id, p.id, null, null, null, null)::private.new_event order by d.decision_id)
    from unnest(v_due) d cross join lateral private.decision_proposal(d.decision_id) p));
  update private.decisions d set status = 'expired' from unnest(v_due) e where d.decision_id = e.decision_id;
  delete from private.open_targets o using unnest(v_due) e where o.decision_id = e.decision_id;
  return jsonb_array_length(v_stored);
end;
$$;
comment on function private.expire_decisions(integer) is 'Ends open decisions whose time is over, the oldest first; one that is being answered is left alone. Returns how many.';

create function private.take_unvetoed(p_limit integer) returns private.decisions[]
language plpgsql volatile set search_path = ''
as $$
declare
  v_pair record;
  v_all private.decisions[] := '{}';
  v_some private.decisions[];
begin
  for v_pair in
    select d.agent, d.decision_type from private.decisions d
    where d.status = 'proposed' and d.veto_until is not null and d.veto_until <= clock_timestamp()
    group by d.agent, d.decision_type order by min(d.veto_until)
  loop
    -- A pair that is busy has its turn with the next tick.
    if private.lock_pair(v_pair.agent, v_pair.decision_type, false) then
      select array_agg(d order by d.veto_until, d.decision_id) into v_some
      from (
        select d.* from private.decisions d
        where d.agent = v_pair.agent and d.decision_type = v_pair.decision_type
          and d.status = 'proposed' and d.veto_until <= clock_timestamp() and d.expires_at > clock_timestamp()
        order by d.veto_until limit p_limit - cardinality(v_all) for update skip locked
      ) d
      where private.decision_status(d.decision_id) = 'proposed';
      v_all := v_all || coalesce(v_some, '{}');
    end if;
    exit when cardinality(v_all) >= p_limit;
  end loop;
  return v_all;
end;
$$;
comment on function private.take_unvetoed(integer) is
  'Locks the decisions whose veto window has passed, with their pairs. It waits for nobody.';

create function private.lapsed_leave(p_decision private.decisions, p_policy jsonb) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_proposal public.events := private.decision_proposal(p_decision.decision_id);
begin
  if private.agent_stopped_after(p_decision.agent, v_proposal.event_number) then
    return 'agent_stopped';
  elsif p_policy -> 'version' is distinct from v_proposal.data -> 'policy_version' then
    return 'policy_changed';
  end if;
  return null;
end;
$$;
comment on function private.lapsed_leave(private.decisions, jsonb) is
  'Why silence is no consent any more: the agent was stopped since it proposed, or another policy was set; null while it is.';

create function private.end_veto_window(p_decision private.decisions) returns text
language plpgsql volatile set search_path = ''
as $$
declare
  -- Read anew for each: the one before may have ended the agent's autonomy.
  v_policy jsonb := private.agent_policy(p_decision.agent, p_decision.decision_type);
  v_lapsed text := private.lapsed_leave(p_decision, v_policy);
begin
  if v_lapsed is null then
    return private.execute_by_policy(p_decision.decision_id, v_policy);
  end if;
  perform private.answer_decision(p_decision.decision_id, 'agent.decision_held', jsonb_build_object('limit', v_lapsed), 'system');
  return 'proposed';
end;
$$;
comment on function private.end_veto_window(private.decisions) is
  'Executes a decision that nobody vetoed, under the very policy it was proposed under; else it waits for people, whatever is allowed later. Returns its status.';

create function private.execute_unvetoed(p_limit integer) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_due private.decisions[];
  v_decision private.decisions;
  v_statuses text[] := '{}';
begin
  perform private.hold_policies();
  v_due := private.take_unvetoed(p_limit);
  -- All targets at once, in the order of every append, so that nothing deadlocks.
  perform private.lock_targets((
    select jsonb_agg(t) from unnest(v_due) d cross join lateral jsonb_array_elements((private.decision_proposal(d.decision_id)).data -> 'targets') t));
  foreach v_decision in array v_due loop
    v_statuses := v_statuses || private.end_veto_window(v_decision);
  end loop;
  return (select jsonb_build_object('executed', count(*) filter (where s = 'executed'), 'returned', count(*) filter (where s = 'returned'),
    'held', count(*) filter (where s = 'proposed'), 'failed', count(*) filter (where s = 'failed')) from unnest(v_statuses) s);
end;
$$;
comment on function private.execute_unvetoed(integer) is 'Executes or holds what nobody vetoed in time, each in its own right; returns what became of how many.';

create function public.agents_tick(p_limit integer default 500) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_expired integer := private.expire_decisions(p_limit);
begin
  delete from private.autonomous_acts a where a.acted_at < clock_timestamp() - interval '2 days';
  return jsonb_build_object('expired', v_expired) || private.execute_unvetoed(p_limit);
end;
$$;
comment on function public.agents_tick(integer) is
  'Expires and executes decisions that are due, at most p_limit of each; returns {"expired","executed","returned","held","failed"}. Any number may run at once: none does the work of another.';

create function private.tick_agents() returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform public.agents_tick();
  if exists (select 1 from private.record_reviews) then
    perform private.call_function('agents/tick', '{"source": "sweep"}');
  end if;
end;
$$;
comment on function private.tick_agents() is 'Run by pg_cron every 10 seconds: agents_tick, and a call of the agents function when a record is to be looked at.';

do $$
begin
  if to_regprocedure('cron.schedule(text, text, text)') is not null then
    perform cron.schedule('agents-tick', '10 seconds', 'select private.tick_agents()');
  end if;
end;
$$;

revoke all on function public.agents_tick(integer) from public, anon, authenticated, service_role;
grant execute on function public.agents_tick(integer) to service_role;
