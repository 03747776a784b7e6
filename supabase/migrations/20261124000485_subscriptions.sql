-- Durable subscriptions: a named place in the feed, kept here, with events pushed to a webhook or pulled by the subscriber.

create table private.subscriptions (
  name text not null,
  url text,
  secret_id uuid,
  event_types text[],
  aggregate_type varchar(50),
  aggregate_id uuid,
  cursor bigint not null,
  max_attempts integer not null default 8,
  created_by varchar(100) not null,
  created_at timestamptz not null default clock_timestamp(),
  delivered bigint not null default 0,
  last_delivered_at timestamptz,
  worker uuid,
  token bigint not null default 0,
  leased_until timestamptz not null default '-infinity',
  paused_at timestamptz,
  pause_reason text,
  constraint subscriptions_pkey primary key (name),
  constraint subscriptions_name_is_a_slug check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  constraint subscriptions_url_is_http check (url ~ '^https?://'),
  constraint subscriptions_push_has_a_secret check ((url is null) = (secret_id is null)),
  constraint subscriptions_max_attempts_is_sane check (max_attempts between 1 and 20),
  constraint subscriptions_pause_has_a_reason check ((paused_at is null) = (pause_reason is null))
);
comment on table private.subscriptions is
  'Named subscriptions. cursor: every event up to it is delivered, acknowledged, or waits behind a failed delivery of its aggregate.';

create table private.failed_deliveries (
  subscription text not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  event_number bigint not null,
  attempts integer not null,
  error text not null,
  next_attempt_at timestamptz,
  parked_at timestamptz,
  constraint failed_deliveries_pkey primary key (subscription, aggregate_type, aggregate_id),
  constraint failed_deliveries_subscription_fkey foreign key (subscription) references private.subscriptions (name) on delete cascade,
  constraint failed_deliveries_wait_or_are_parked check ((next_attempt_at is null) = (parked_at is not null))
);
comment on table private.failed_deliveries is
  'Aggregates behind a delivery that failed: retried at next_attempt_at, or parked until replayed. Their later events wait, so that order per aggregate holds.';
create index failed_deliveries_due_idx on private.failed_deliveries (next_attempt_at);

revoke all on private.subscriptions, private.failed_deliveries from public, anon, authenticated, service_role;

create function private.has_due_deliveries(s private.subscriptions) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  return s.url is not null and s.paused_at is null and s.leased_until < clock_timestamp() and (
    exists (select 1 from public.events e where e.event_number > s.cursor)
    or exists (select 1 from private.failed_deliveries d where d.subscription = s.name and d.next_attempt_at <= clock_timestamp()));
end;
$$;
comment on function private.has_due_deliveries(private.subscriptions) is 'True when something could be pushed to a subscriber now and nobody does.';

create function private.may_subscribe(p_actor text) returns boolean
language sql stable set search_path = ''
as $$
  select p_actor not like 'user:%' or exists (
    select 1 from public.user_roles r where r.user_id::text = substr(p_actor, 6) and r.role = 'staff');
$$;
comment on function private.may_subscribe(text) is 'Whether an actor may follow the log now: keys always, a user while staff.';

create function private.waiting_deliveries(s private.subscriptions, d private.failed_deliveries, p_limit integer) returns setof public.events
language sql stable set search_path = ''
as $$
  select e.* from public.events e
  where e.aggregate_type = d.aggregate_type and e.aggregate_id = d.aggregate_id and e.event_number <= s.cursor
    and e.aggregate_version >= (select f.aggregate_version from public.events f where f.event_number = d.event_number)
    and (s.event_types is null or exists (select 1 from unnest(s.event_types) t
      where e.event_type = t or (t like '%.*' and starts_with(e.event_type, left(t, -1)))))
  order by e.aggregate_version limit p_limit;
$$;
comment on function private.waiting_deliveries(private.subscriptions, private.failed_deliveries, integer) is 'The events of a failed aggregate, in order, that wait to be delivered.';

create function private.lag_of(s private.subscriptions) returns bigint
language sql stable set search_path = ''
as $$
  select count(*) filter (where (s.event_types is null or exists (select 1 from unnest(s.event_types) t
        where w.event_type = t or (t like '%.*' and starts_with(w.event_type, left(t, -1)))))
      and (s.aggregate_type is null or w.aggregate_type = s.aggregate_type) and (s.aggregate_id is null or w.aggregate_id = s.aggregate_id))
    + case when count(*) = 10000 then (select max(e.event_number) from public.events e) - max(w.event_number) else 0 end
  from (
    select e.event_number, e.event_type, e.aggregate_type, e.aggregate_id from public.events e
    where e.event_number > s.cursor order by e.event_number limit 10000
  ) w;
$$;
comment on function private.lag_of(private.subscriptions) is
  'Events after the cursor that the subscription wants; beyond the first 10000 of the log all are counted, so that asking stays cheap.';

create function private.subscription_json(s private.subscriptions) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('name', s.name, 'url', s.url, 'event_types', s.event_types, 'aggregate_type', s.aggregate_type, 'aggregate_id', s.aggregate_id,
    'cursor', s.cursor, 'lag_events', private.lag_of(s), 'max_attempts', s.max_attempts,
    'undelivered', (
      select count(*) from private.failed_deliveries d cross join lateral private.waiting_deliveries(s, d, null) w where d.subscription = s.name),
    'paused_at', s.paused_at, 'pause_reason', s.pause_reason, 'created_by', s.created_by, 'created_at', s.created_at, 'delivered', s.delivered, 'last_delivered_at', s.last_delivered_at,
    'failed', coalesce((
      select jsonb_agg(to_jsonb(f) - 'subscription' order by f.event_number)
      from (select * from private.failed_deliveries d where d.subscription = s.name order by d.event_number limit 100) f), '[]'));
$$;
comment on function private.subscription_json(private.subscriptions) is 'A subscription as the API shows it: never its secret.';

create function private.find_subscription(p_name text, p_actor text) returns private.subscriptions
language plpgsql stable set search_path = ''
as $$
declare
  v_subscription private.subscriptions;
begin
  select s.* into v_subscription from private.subscriptions s
  where s.name = p_name and (p_actor not like 'agent:%' or s.created_by = p_actor);
  if not found then
    raise exception 'there is no subscription "%"', p_name using errcode = 'ES018';
  end if;
  return v_subscription;
end;
$$;
comment on function private.find_subscription(text, text) is
  'A subscription; an agent finds only its own (ES018). Locks nothing: a worker passes over what is locked, and would look again only when it is called.';

create function private.own_subscription(p_name text, p_actor text) returns private.subscriptions
language plpgsql volatile set search_path = ''
as $$
begin
  perform private.find_subscription(p_name, p_actor);
  perform 1 from private.subscriptions s where s.name = p_name for update;
  return private.find_subscription(p_name, p_actor);
end;
$$;
comment on function private.own_subscription(text, text) is 'Locks a subscription, to change it; an agent finds only its own (ES018).';

create function public.create_subscription(p_subscription jsonb, p_actor text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_new private.subscriptions := jsonb_populate_record(null::private.subscriptions, p_subscription);
  v_secret text;
begin
  if v_new.name = 'category-agent' and p_actor <> 'agent:category' then
    raise exception 'the name "category-agent" is kept for the pricing agent' using errcode = 'ES022';
  elsif exists (select 1 from private.subscriptions s where s.name = v_new.name) then
    raise unique_violation;
  end if;
  perform private.check_cursor(v_new.cursor);
  v_new.cursor := coalesce(v_new.cursor, (public.read_feed(null) ->> 'next')::bigint);
  if v_new.url is not null then
    v_secret := 'whsec_' || encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64');
    v_new.secret_id := vault.create_secret(v_secret, 'subscription:' || v_new.name, 'Signs the webhooks of a subscription');
  end if;
  insert into private.subscriptions as s (name, url, secret_id, event_types, aggregate_type, aggregate_id, cursor, max_attempts, created_by)
  values (v_new.name, v_new.url, v_new.secret_id, v_new.event_types, v_new.aggregate_type, v_new.aggregate_id,
    v_new.cursor, coalesce(v_new.max_attempts, 8), p_actor)
  returning s.* into v_new;
  perform private.call_database_manager('deliver');
  return private.subscription_json(v_new) || jsonb_build_object('secret', v_secret);
exception when unique_violation then -- also of the secret, when two take the name at once
  raise exception 'there is a subscription "%" already', p_subscription ->> 'name' using errcode = 'ES019';
end;
$$;
comment on function public.create_subscription(jsonb, text) is
  'Makes a subscription {name, url, event_types, aggregate_type, aggregate_id, cursor, max_attempts}; without a cursor it begins at the head; the name category-agent is for the pricing agent alone. The secret is shown this once. Errors: ES019, ES022.';

create function public.list_subscriptions(p_actor text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(private.subscription_json(s) order by s.name), '[]') from private.subscriptions s
  where p_actor not like 'agent:%' or s.created_by = p_actor;
$$;
comment on function public.list_subscriptions(text) is 'All subscriptions; for an agent its own.';

create function public.get_subscription(p_name text, p_actor text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$ begin return private.subscription_json(private.find_subscription(p_name, p_actor)); end; $$;
comment on function public.get_subscription(text, text) is 'One subscription with its failed deliveries. Errors: ES018.';

create function public.delete_subscription(p_name text, p_actor text) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_subscription private.subscriptions := private.own_subscription(p_name, p_actor);
begin
  delete from private.subscriptions s where s.name = v_subscription.name;
  delete from vault.secrets s where s.id = v_subscription.secret_id;
  return v_subscription.leased_until > clock_timestamp();
end;
$$;
comment on function public.delete_subscription(text, text) is
  'Ends a subscription. True when a worker was delivering it: it asks holds_deliveries soon, and then stops. Errors: ES018.';

create function public.ack_subscription(p_name text, p_event_number bigint, p_actor text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_subscription private.subscriptions := private.own_subscription(p_name, p_actor);
begin
  if v_subscription.url is not null then
    raise exception 'subscription "%" is pushed: its webhook acknowledges by its answer', p_name using errcode = 'ES016';
  end if;
  perform private.check_cursor(p_event_number);
  update private.subscriptions s set cursor = greatest(s.cursor, p_event_number), last_delivered_at = clock_timestamp()
  where s.name = p_name returning s.* into v_subscription;
  return private.subscription_json(v_subscription);
end;
$$;
comment on function public.ack_subscription(text, bigint, text) is
  'Moves the cursor of a pulled subscription forward to an event; never back. Errors: ES016, ES018, ES022.';

create function public.replay_subscription(p_name text, p_after bigint, p_actor text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_subscription private.subscriptions := private.own_subscription(p_name, p_actor);
begin
  if p_after is null then
    update private.failed_deliveries d set next_attempt_at = clock_timestamp(), parked_at = null, attempts = 0 where d.subscription = p_name;
  else
    perform private.check_cursor(p_after);
    -- A replay never goes forward, and what waits or is parked before its point was not delivered: it stays. What waits after it
    -- comes again with everything else.
    delete from private.failed_deliveries d where d.subscription = p_name and d.event_number > least(v_subscription.cursor, p_after);
    -- Whoever is delivering now loses the lease: its result would move the cursor on.
    update private.subscriptions s set cursor = least(s.cursor, p_after), token = s.token + 1, leased_until = '-infinity' where s.name = p_name;
  end if;
  update private.subscriptions s set paused_at = null, pause_reason = null where s.name = p_name returning s.* into v_subscription;
  perform private.call_database_manager('deliver');
  return private.subscription_json(v_subscription);
end;
$$;
comment on function public.replay_subscription(text, bigint, text) is
  'Delivers again from after an event number, or, without one, retries failed and parked deliveries now; ends a pause. Never skips: a point beyond the cursor changes nothing, and what waits or is parked before the point stays. Errors: ES018, ES022.';

create function private.due_redeliveries(s private.subscriptions, p_limit integer) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('aggregate_type', d.aggregate_type, 'aggregate_id', d.aggregate_id, 'attempts', d.attempts,
    'rest', (select w.event_number from private.waiting_deliveries(s, d, p_limit + 1) w order by w.event_number offset p_limit),
    'events', (select jsonb_agg(to_jsonb(w) order by w.event_number) from private.waiting_deliveries(s, d, p_limit) w))), '[]')
  from (
    select * from private.failed_deliveries f
    where f.subscription = s.name and f.next_attempt_at <= clock_timestamp() order by f.next_attempt_at limit 8
  ) d;
$$;
comment on function private.due_redeliveries(private.subscriptions, integer) is
  'Failed aggregates that are due, with the events that wait in them; rest = number of the first of them beyond the limit.';

create function public.take_deliveries(p_worker uuid, p_limit integer default 40, p_lease_seconds integer default 60) returns json
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_subscription private.subscriptions;
  v_page json;
begin
  update private.subscriptions s
  set paused_at = clock_timestamp(), pause_reason = 'Its creator may not follow the log any more; a replay goes on once they may again'
  where s.name in (
    select d.name from private.subscriptions d
    where not private.may_subscribe(d.created_by) and private.has_due_deliveries(d) for update skip locked);
  select s.* into v_subscription from private.subscriptions s
  where private.has_due_deliveries(s) order by s.leased_until limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  update private.subscriptions s
  set worker = p_worker, token = s.token + 1, leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
  where s.name = v_subscription.name returning s.* into v_subscription;
  v_page := public.read_feed(v_subscription.cursor, p_limit, v_subscription.event_types, v_subscription.aggregate_type, v_subscription.aggregate_id);
  return json_build_object(
    'name', v_subscription.name, 'url', v_subscription.url, 'token', v_subscription.token, 'max_attempts', v_subscription.max_attempts,
    'cursor', v_subscription.cursor,
    'secret', (select v.decrypted_secret from vault.decrypted_secrets v where v.id = v_subscription.secret_id),
    'page', v_page,
    'due', private.due_redeliveries(v_subscription, p_limit),
    'blocked', coalesce((
      select jsonb_agg(distinct d.aggregate_type || ':' || d.aggregate_id)
      from json_to_recordset(v_page -> 'events') as e(aggregate_type text, aggregate_id uuid)
      join private.failed_deliveries d
        on d.subscription = v_subscription.name and d.aggregate_type = e.aggregate_type and d.aggregate_id = e.aggregate_id), '[]'));
end;
$$;
comment on function public.take_deliveries(uuid, integer, integer) is
  'Leases the subscription that was served longest ago of those with something to push: its next events, the redeliveries that are due and which aggregates of the events wait. Null when there is none.';

create function public.holds_deliveries(p_worker uuid, p_name text, p_token bigint) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select 1 from private.subscriptions s
    where s.name = p_name and s.worker = p_worker and s.token = p_token and s.leased_until > clock_timestamp()
      and private.may_subscribe(s.created_by));
$$;
comment on function public.holds_deliveries(uuid, text, bigint) is
  'Whether what a worker took is still its to push: not deleted, replayed or taken over, and its creator may still follow the log.';

create function public.commit_deliveries(p_worker uuid, p_name text, p_token bigint, p_result jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.subscriptions s
  set cursor = (p_result ->> 'cursor')::bigint, delivered = s.delivered + (p_result ->> 'delivered')::bigint,
    leased_until = clock_timestamp(), -- over, and the place in the line of those that wait for a worker
    last_delivered_at = case when (p_result ->> 'delivered')::bigint > 0 then clock_timestamp() else s.last_delivered_at end
  where s.name = p_name and s.worker = p_worker and s.token = p_token and s.leased_until > clock_timestamp();
  if not found then
    raise exception 'the lease of subscription "%" has expired or passed to another', p_name using errcode = 'ES012';
  end if;
  delete from private.failed_deliveries d using jsonb_to_recordset(p_result -> 'released') as r(aggregate_type text, aggregate_id uuid)
  where d.subscription = p_name and d.aggregate_type = r.aggregate_type and d.aggregate_id = r.aggregate_id;
  insert into private.failed_deliveries as d (subscription, aggregate_type, aggregate_id, event_number, attempts, error, next_attempt_at, parked_at)
  select p_name, f.aggregate_type, f.aggregate_id, f.event_number, f.attempts, f.error,
    clock_timestamp() + make_interval(secs => f.retry_seconds), case when f.retry_seconds is null then clock_timestamp() end
  from jsonb_to_recordset(p_result -> 'failures')
    as f(aggregate_type text, aggregate_id uuid, event_number bigint, attempts integer, error text, retry_seconds double precision)
  on conflict (subscription, aggregate_type, aggregate_id) do update
    set event_number = excluded.event_number, attempts = excluded.attempts, error = excluded.error,
      next_attempt_at = excluded.next_attempt_at, parked_at = excluded.parked_at;
  if (p_result ->> 'call_again')::boolean and exists (select 1 from private.subscriptions s where private.has_due_deliveries(s)) then
    perform private.call_database_manager('deliver');
  end if;
end;
$$;
comment on function public.commit_deliveries(uuid, text, bigint, jsonb) is
  'Keeps what was delivered {"cursor","delivered","released":[aggregate],"failures":[…]} and gives the lease back; with "call_again" it calls the next worker when something is due. Errors: ES012 when the lease was lost; the events are then delivered again.';

revoke all on function public.create_subscription(jsonb, text), public.list_subscriptions(text), public.get_subscription(text, text), public.delete_subscription(text, text),
  public.ack_subscription(text, bigint, text), public.replay_subscription(text, bigint, text), public.take_deliveries(uuid, integer, integer),
  public.holds_deliveries(uuid, text, bigint), public.commit_deliveries(uuid, text, bigint, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_subscription(jsonb, text), public.list_subscriptions(text), public.get_subscription(text, text), public.delete_subscription(text, text),
  public.ack_subscription(text, bigint, text), public.replay_subscription(text, bigint, text), public.take_deliveries(uuid, integer, integer),
  public.holds_deliveries(uuid, text, bigint), public.commit_deliveries(uuid, text, bigint, jsonb) to service_role;
