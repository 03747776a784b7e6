-- The database webhook: an insert into events wakes the Database Manager. The log is the truth, the ring only a hint.

do $$
begin
  if exists (select 1 from pg_available_extensions where name = 'pg_net') then
    create extension if not exists pg_net with schema extensions;
  end if;
  if exists (select 1 from pg_available_extensions where name = 'pg_cron') then
    create extension if not exists pg_cron with schema pg_catalog;
  end if;
end;
$$;

create function private.call_function(p_path text, p_body jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_url text;
  v_key text;
begin
  select max(s.decrypted_secret) filter (where s.name = 'project_url'), max(s.decrypted_secret) filter (where s.name = 'automations_key')
  into v_url, v_key
  from vault.decrypted_secrets s where s.name in ('project_url', 'automations_key');
  if v_url is null or v_key is null then
    return;
  end if;
  perform net.http_post(
    url := v_url || '/functions/v1/' || p_path,
    body := p_body,
    headers := jsonb_build_object('Content-Type', 'application/json', 'apikey', v_key),
    timeout_milliseconds := 5000
  );
end;
$$;
comment on function private.call_function(text, jsonb) is
  'Posts to an edge function through pg_net after commit. URL and key come from the Vault secrets project_url and automations_key; without them nothing is sent.';

create function private.call_database_manager(p_source text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.call_function('database-manager', jsonb_build_object('type', 'INSERT', 'schema', 'public', 'table', 'events', 'source', p_source));
end;
$$;
comment on function private.call_database_manager(text) is 'Calls the Database Manager after commit, as the database webhook does.';

create function private.ring_doorbell() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if (select d.closed_until > clock_timestamp() from private.doorbell d) or current_setting('doorbell.rung', true) = 'true' then
    return null;
  end if;
  perform set_config('doorbell.rung', 'true', true); -- once per transaction; whoever appends then broadcasts, too
  begin
    perform private.call_database_manager('insert');
  exception when others then
    raise warning 'the Database Manager could not be called (%); the sweep will', sqlstate;
  end;
  return null;
end;
$$;
comment on function private.ring_doorbell() is
  'Wakes the Database Manager, unless a worker is draining already, who then tells followers, too. It takes no lock, and no failure of it reaches the append.';

-- Without a transition table: that would copy each appended row.
create trigger events_ring_the_database_manager
  after insert on public.events for each statement execute function private.ring_doorbell();

create function private.has_due_work() returns boolean
language sql volatile set search_path = ''
as $$ select not private.is_held() and exists (select 1 from private.partitions p where private.has_due_work(p.partition)); $$;
comment on function private.has_due_work() is 'True when an event waits that could be processed now.';

create function public.open_doorbell(p_call_again boolean default false) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.doorbell d set closed_until = '-infinity' where d.closed_until > '-infinity';
  if p_call_again and private.has_due_work() then
    perform private.call_database_manager('continue');
  end if;
end;
$$;
comment on function public.open_doorbell(boolean) is
  'Inserts ring again from now on; a worker calls it before its last look at the log. With p_call_again it also calls the next worker when work is left.';

create function public.note_call(p_source text) returns void
language sql volatile security definer set search_path = ''
as $$ update private.doorbell d set webhook_seen_at = clock_timestamp() where p_source = 'insert'; $$;
comment on function public.note_call(text) is 'Records that a webhook arrived, so that a silent pg_net shows.';

revoke all on function public.open_doorbell(boolean), public.note_call(text) from public, anon, authenticated, service_role;
grant execute on function public.open_doorbell(boolean), public.note_call(text) to service_role;
