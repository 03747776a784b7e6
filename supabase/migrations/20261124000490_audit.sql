-- The rolling audit: proof, a little with every sweep, that no event was skipped. It reads the log itself, not the queue or the counters.

create function private.audit_events(p_after bigint, p_until bigint) returns void
language sql volatile set search_path = ''
as $$
  select private.store_findings('audit', (
    select jsonb_agg(to_jsonb(f))
    from (
      select case when e.processed then 'missing_receipt' else 'not_queued' end as kind, e.event_number, e.aggregate_type, e.aggregate_id,
        case when e.processed then e.event_type || ' counts as processed but changed nothing' else e.event_type || ' is not processed and waits in no queue' end as detail
      from public.events e
      where e.event_number > p_after and e.event_number <= p_until
        and case when e.processed
          then e.skip_reason is null and exists (select 1 from private.state_tables t where t.aggregate_type = e.aggregate_type)
            and not exists (select 1 from public.state_changes s where s.event_id = e.id)
          else not exists (select 1 from private.unprocessed_events u
            where u.partition = private.partition_of(e.aggregate_id) and u.blocked in (false, true) and u.event_number = e.event_number)
          end
    ) f
  ));
$$;
comment on function private.audit_events(bigint, bigint) is 'Looks for events without a receipt and for unprocessed ones that nobody will take.';

create function private.audit_versions(p_after bigint, p_until bigint) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_table record;
  v_findings jsonb;
  v_sound uuid[];
begin
  for v_table in select t.table_name, t.aggregate_type from private.state_tables t where t.property is null order by t.table_name loop
    execute format(
      'select jsonb_agg(jsonb_build_object(''kind'', ''version_mismatch'', ''aggregate_type'', %2$L, ''aggregate_id'', a.aggregate_id,
           ''detail'', format(''%1$s row is at version %%s, its last processed event is %%s'', coalesce(t.version::text, ''none''), m.version)))
           filter (where m.has_state and t.version is distinct from m.version),
         array_agg(a.aggregate_id) filter (where t.version is not distinct from m.version)
       from (select distinct e.aggregate_id from public.events e where e.event_number > $1 and e.event_number <= $2 and e.aggregate_type = %2$L) a
       cross join lateral (
         select max(e.aggregate_version) as version, bool_or(e.skip_reason is null) as has_state from public.events e
         where e.aggregate_type = %2$L and e.aggregate_id = a.aggregate_id and e.processed) m
       left join public.%1$I t on t.id = a.aggregate_id',
      v_table.table_name, v_table.aggregate_type)
    into v_findings, v_sound using p_after, p_until;
    perform private.store_findings('audit', v_findings);
    update private.findings f set resolved_at = clock_timestamp()
    where f.resolved_at is null and f.kind = 'version_mismatch' and f.aggregate_type = v_table.aggregate_type and f.aggregate_id = any (v_sound);
  end loop;
end;
$$;
comment on function private.audit_versions(bigint, bigint) is 'Looks for state rows that are not at the version of their last processed event; ends the finding of one that is again.';

create function private.audit_range(p_after bigint, p_events integer, p_older_than interval) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
  v_until bigint;
begin
  select max(r.event_number) into v_until
  from (select e.event_number, e.created_at from public.events e where e.event_number > p_after order by e.event_number limit p_events) r
  where r.created_at < clock_timestamp() - p_older_than;
  if v_until is not null then
    perform private.audit_events(p_after, v_until);
    perform private.audit_versions(p_after, v_until);
  end if;
  return v_until;
end;
$$;
comment on function private.audit_range(bigint, integer, interval) is 'Audits the next events after a number that are old enough to be settled; returns the last one looked at, null when there was none.';

create function private.run_audit(p_events integer default 500, p_older_than interval default '30 seconds') returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_audit private.audit;
  v_front bigint;
  v_rolling bigint;
begin
  select a.* into v_audit from private.audit a for update skip locked;
  if not found then
    return;
  end if;
  update private.findings f set resolved_at = clock_timestamp()
  from public.events e
  where f.resolved_at is null and f.kind in ('not_queued', 'missing_receipt') and e.event_number = f.event_number
    and case when e.processed then f.kind = 'not_queued' or exists (select 1 from public.state_changes s where s.event_id = e.id)
      else exists (select 1 from private.unprocessed_events u
        where u.partition = private.partition_of(e.aggregate_id) and u.blocked in (false, true) and u.event_number = e.event_number) end;

  v_front := private.audit_range(v_audit.front_after, p_events * 10, p_older_than);
  v_rolling := private.audit_range(v_audit.rolling_after, p_events, p_older_than);
  update private.audit a
  set checked_at = clock_timestamp(), front_after = coalesce(v_front, a.front_after), rolling_after = coalesce(v_rolling, 0),
    rounds = a.rounds + case when v_rolling is null then 1 else 0 end;
end;
$$;
comment on function private.run_audit(integer, interval) is 'One turn of the audit: new events behind the head, and the next stretch of the round through the whole log.';

create function private.revive_webhook_worker() returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if to_regprocedure('net.worker_restart()') is not null and not private.webhook_worker_is_up() then
    perform net.worker_restart();
  end if;
exception when others then
  raise warning 'the worker of pg_net is down and could not be restarted (%)', sqlstate;
end;
$$;
comment on function private.revive_webhook_worker() is 'Starts the worker of pg_net again when it is down: webhook and sweep both call through it.';

create function private.purge_differences(p_rebuilds integer default 5, p_rows integer default 20000) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_id uuid;
  v_rows integer;
begin
  select r.id into v_id from private.rebuilds r
  where r.finished_at is not null and r.purged_at is null
    and r.id not in (select l.id from private.rebuilds l where l.finished_at is not null order by l.finished_at desc limit p_rebuilds)
    -- The last switch can be rolled back, however many verifications came after it.
    and r.id not in (select l.id from private.rebuilds l where l.kind <> 'verify' and l.status = 'completed' order by l.finished_at desc limit 1)
  order by r.finished_at limit 1;
  if v_id is null then
    return;
  end if;
  update private.rebuilds r
  set differing_rows = coalesce(r.differing_rows, (select count(*) from private.rebuild_differences d where d.rebuild_id = v_id)) where r.id = v_id;
  delete from private.rebuild_differences d
  where d.rebuild_id = v_id and (d.table_name, d.row_id) in (
    select x.table_name, x.row_id from private.rebuild_differences x where x.rebuild_id = v_id limit p_rows);
  get diagnostics v_rows = row_count;
  if v_rows < p_rows then
    update private.rebuilds r set purged_at = clock_timestamp() where r.id = v_id;
  end if;
end;
$$;
comment on function private.purge_differences(integer, integer) is
  'Deletes some differences of the oldest rebuild that has any, but of none of the last few, nor of one that can be rolled back; their number stays.';

create function private.sweep() returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_due boolean := private.has_due_work();
begin
  if v_due or exists (select 1 from private.rebuilds r where r.finished_at is null and r.leased_until < clock_timestamp()
    and (r.status <> 'compared' or not r.switch_by_hand))
    or exists (select 1 from private.subscriptions s where private.has_due_deliveries(s)) then
    perform private.call_database_manager('sweep');
  end if;
  perform private.revive_webhook_worker();
  begin
    perform private.run_audit();
  exception when others then
    raise warning 'the audit failed: % (%)', sqlerrm, sqlstate; -- the call above must go out all the same
  end;
  perform private.broadcast_head();
  delete from private.batches b where b.committed_at < statement_timestamp() - interval '1 day';
  perform private.purge_differences();
  -- Last, so that no worker waits for the bell while the audit reads.
  update private.doorbell d set sweep_seen_at = clock_timestamp(),
    sweep_catches = d.sweep_catches + case when v_due and d.closed_until < clock_timestamp() then 1 else 0 end;
end;
$$;
comment on function private.sweep() is
  'Run by pg_cron every 10 seconds: calls the Database Manager when work is due, whatever became of the webhooks, goes on with a rebuild whose worker died and with deliveries that are due, and audits a little.';

do $$
begin
  if to_regprocedure('cron.schedule(text, text, text)') is not null then
    perform cron.schedule('database-manager-sweep', '10 seconds', 'select private.sweep()');
  end if;
end;
$$;
