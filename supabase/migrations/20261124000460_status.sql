-- What the Database Manager shows of itself.

create function private.webhook_worker_is_up() returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  perform net.check_worker_is_up();
  return true;
exception when others then
  return false;
end;
$$;
comment on function private.webhook_worker_is_up() is 'True when pg_net''s worker runs; it can be down without any other sign.';

create function private.parked_events(p_limit integer) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(x)), '[]')
  from (
    select b.aggregate_type, b.aggregate_id, e.id as event_id, b.event_number, e.event_type, b.error_code, b.error, b.attempts,
      b.next_attempt_at, b.parked_at, h.version - e.aggregate_version as waiting_behind
    from private.blocked_aggregates b
    join public.events e on e.event_number = b.event_number
    join private.aggregates h on h.aggregate_type = b.aggregate_type and h.aggregate_id = b.aggregate_id
    order by b.event_number limit p_limit
  ) x;
$$;
comment on function private.parked_events(integer) is 'Failed events that block their aggregates, oldest first, with error, attempts and how many events wait behind.';

create function private.processing_rate() returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'last_minute', coalesce(sum(b.processed) filter (where b.committed_at > statement_timestamp() - interval '1 minute'), 0),
    'last_hour', coalesce(sum(b.processed), 0))
  from private.batches b where b.committed_at > statement_timestamp() - interval '1 hour';
$$;
comment on function private.processing_rate() is 'Events processed in the last minute and the last hour.';

create function public.database_manager_status(p_generations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_statistics jsonb := public.event_statistics();
  v_unprocessed bigint := (v_statistics ->> 'unprocessed')::bigint;
  v_total bigint := (v_statistics ->> 'total')::bigint;
  -- Events that no queue knows of any more; the audit has found them.
  v_lost bigint := (select count(*) from private.findings f where f.resolved_at is null and f.kind in ('not_queued', 'missing_receipt'));
begin
  return jsonb_build_object(
    'head', v_statistics -> 'last_event_number',
    'total', v_total,
    'unprocessed', v_unprocessed,
    'waiting', v_unprocessed - (v_statistics ->> 'blocked')::bigint,
    'blocked', v_statistics -> 'blocked',
    'lag_events', v_statistics -> 'lag_events',
    'lag_seconds', v_statistics -> 'lag_seconds',
    'oldest_unprocessed', v_statistics -> 'oldest_unprocessed',
    -- Rounded down: 100 only when nothing at all is left.
    'percent_processed', case when v_unprocessed + v_lost = 0 then 100
      else least(99.99, trunc(100.0 * greatest(0, v_total - v_unprocessed) / greatest(1, v_total), 2)) end,
    'rate', private.processing_rate(),
    'partitions', (
      select jsonb_agg(jsonb_build_object('partition', p.partition, 'holder', p.holder, 'heartbeat_at', p.heartbeat_at,
        'leased_until', case when p.leased_until > clock_timestamp() then p.leased_until end, 'has_due_work', private.has_due_work(p.partition)) order by p.partition)
      from private.partitions p),
    'workers', (select count(distinct p.holder) from private.partitions p where p.leased_until > clock_timestamp()),
    'webhook', (
      select jsonb_build_object('worker_is_up', private.webhook_worker_is_up(), 'configured', public.platform_health() -> 'webhook_configured',
        'last_seen_at', d.webhook_seen_at, 'last_sweep_at', d.sweep_seen_at, 'sweep_catches', d.sweep_catches)
      from private.doorbell d),
    'paused', coalesce((select jsonb_agg(to_jsonb(z) order by z.aggregate_type) from private.pauses z), '[]'),
    'failed', v_statistics -> 'failed',
    'failed_events', private.parked_events(100),
    'audit', (
      select jsonb_build_object('checked_at', a.checked_at, 'rounds', a.rounds, 'rolling_after', a.rolling_after, 'front_after', a.front_after,
        'open_findings', (select count(*) from private.findings f where f.resolved_at is null),
        'findings', coalesce((select jsonb_agg(to_jsonb(f) order by f.finding_number)
          from (select * from private.findings f where f.resolved_at is null order by f.finding_number limit 100) f), '[]'))
      from private.audit a),
    'needs_rebuild', coalesce((
      select jsonb_agg(g.key order by g.key) from jsonb_each_text(p_generations) g
      left join private.generations s on s.aggregate_type = g.key
      where g.value::integer <> coalesce(s.generation, 1)), '[]'),
    'rebuild', (select jsonb_build_object('id', r.id, 'kind', r.kind, 'status', r.status) from private.rebuilds r where r.finished_at is null)
  );
end;
$$;
comment on function public.database_manager_status(jsonb) is
  'Backlog, lag, rate, partitions, webhook, pauses, failed events, audit and rebuilds. p_generations = {aggregate_type: generation} of the running code.';

create function public.failed_attempts(p_event_id uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(f) - 'event_number' order by f.attempt), '[]')
  from public.events e join private.failed_attempts f on f.event_number = e.event_number
  where e.id = p_event_id;
$$;
comment on function public.failed_attempts(uuid) is 'The attempts to process an event that failed, in order: [{"attempt","failed_at","error_code","error"}].';

revoke all on function public.failed_attempts(uuid) from public, anon, authenticated, service_role;
grant execute on function public.failed_attempts(uuid) to service_role;

revoke all on function public.database_manager_status(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.database_manager_status(jsonb) to service_role;
