create schema net;

create domain net.http_method as text
check (value in ('GET', 'POST', 'DELETE'));

-- Unlogged as in pg_net: a crash of Postgres forgets the requests not yet sent.
create unlogged table net.http_request_queue (
  id bigserial,
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);

create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out bool,
  error_msg text,
  created timestamptz not null default now()
);
create index _http_response_created_idx on net._http_response (created);

create function net._encode_params(url text, params jsonb) returns text
language sql immutable set search_path = '' as $$
  select url || coalesce(
    case when strpos(url, '?') > 0 then '&' else '?' end || nullif(string_agg(
      key || '=' || regexp_replace(
        encode(convert_to(value, 'utf8'), 'hex'), '(..)', '%\1', 'g'
      ), '&'), ''),
    '')
  from jsonb_each_text(coalesce(params, '{}'::jsonb))
$$;

create function net._enqueue(
  method net.http_method, url text, headers jsonb, body bytea, timeout_milliseconds int
) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (method, url, headers, body, timeout_milliseconds)
  returning id into v_id;
  -- Delivered at commit, never on rollback, once per transaction.
  perform pg_notify('pg_net', '');
  return v_id;
end;
$$;

create function net.http_get(
  url text,
  params jsonb default '{}'::jsonb,
  headers jsonb default '{}'::jsonb,
  timeout_milliseconds int default 5000
) returns bigint language sql set search_path = '' as $$
  select net._enqueue('GET', net._encode_params(url, params), headers, null, timeout_milliseconds)
$$;

create function net.http_post(
  url text,
  body jsonb default '{}'::jsonb,
  params jsonb default '{}'::jsonb,
  headers jsonb default '{"Content-Type": "application/json"}'::jsonb,
  timeout_milliseconds int default 5000
) returns bigint language plpgsql set search_path = '' as $$
declare
  v_content_type text;
begin
  select header.value into v_content_type
  from jsonb_each_text(coalesce(headers, '{}'::jsonb)) as header
  where lower(header.key) = 'content-type'
  limit 1;
  if v_content_type is null then
    headers := coalesce(headers, '{}'::jsonb) || '{"Content-Type": "application/json"}'::jsonb;
  elsif v_content_type <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  end if;
  return net._enqueue(
    'POST', net._encode_params(url, params), headers,
    convert_to(body::text, 'utf8'), timeout_milliseconds
  );
end;
$$;

create function net.check_worker_is_up() returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from pg_catalog.pg_stat_activity where application_name = 'pg_net') then
    raise exception using
      message = 'the pg_net background worker is not up',
      detail = 'the pg_net background worker is down due to an internal error and cannot process requests';
  end if;
end;
$$;

grant usage on schema net to postgres, anon, authenticated, service_role;
grant all on net.http_request_queue, net._http_response to postgres with grant option;
grant all on sequence net.http_request_queue_id_seq to postgres with grant option;
