-- The catalog of event types. Rows come from the definitions in code and from registration; none is ever deleted.

create table public.event_types (
  event_type varchar(100) not null,
  aggregate_type varchar(50) not null,
  description text not null,
  json_schema jsonb not null,
  example jsonb not null,
  schema_version integer not null default 1,
  posted_by text[] not null,
  active boolean not null default true,
  source text not null default 'registered',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint event_types_pkey primary key (event_type),
  constraint event_types_type_is_aggregate_dot_action check (event_type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  constraint event_types_aggregate_type_is_a_name check (aggregate_type ~ '^[a-z][a-z0-9_]*$'),
  constraint event_types_schema_is_an_object check (jsonb_typeof(json_schema) = 'object'),
  constraint event_types_schema_version_is_positive check (schema_version > 0),
  constraint event_types_posters_are_known check (posted_by <@ array['user', 'staff', 'agent', 'service']),
  constraint event_types_source_is_known check (source in ('code', 'registered'))
);
comment on table public.event_types is 'Catalog of event types: what may be posted, its JSON Schema and example, and who may post it.';

alter table public.event_types enable row level security;
revoke all on public.event_types from public, anon, authenticated, service_role;
grant select on public.event_types to authenticated, service_role;

create policy event_types_are_read_by_anyone_signed_in on public.event_types
  for select to authenticated using (true);

create function private.event_type_is_permanent() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'event types are never deleted: set active to false instead' using errcode = 'ES010';
end;
$$;
comment on function private.event_type_is_permanent() is 'Refuses to delete event types: events refer to them for ever.';

create trigger event_types_are_permanent
  before delete or truncate on public.event_types
  for each statement execute function private.event_type_is_permanent();
alter table public.event_types enable always trigger event_types_are_permanent;
