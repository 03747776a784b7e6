-- The log: append-only, ordered, one row per event.

create table public.events (
  id uuid not null,
  event_number bigserial not null,
  aggregate_version bigint not null,
  created_at timestamptz not null,
  aggregate_id uuid not null,
  user_id uuid,
  owner_id uuid,
  correlation_id uuid,
  causation_id uuid,
  schema_version integer not null,
  event_type varchar(100) not null,
  aggregate_type varchar(50) not null,
  created_by varchar(100) not null,
  idempotency_key varchar(255),
  data jsonb not null,
  metadata jsonb not null default '{}',
  processed boolean not null default false,
  processing_attempts integer not null default 0,
  processed_at timestamptz,
  next_attempt_at timestamptz,
  processing_error text,
  skip_reason text,
  constraint events_pkey primary key (id),
  constraint events_event_number_key unique (event_number),
  constraint events_aggregate_version_key unique (aggregate_type, aggregate_id, aggregate_version),
  constraint events_aggregate_version_is_positive check (aggregate_version > 0),
  constraint events_data_is_an_object check (jsonb_typeof(data) = 'object'),
  constraint events_metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
  constraint events_idempotency_key_is_not_empty check (idempotency_key <> ''),
  constraint events_created_by_is_user_agent_or_system
    check (created_by ~ '^(user:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|agent:[a-z0-9_]+|system)$')
) with (
  -- Room on each page for the one later update of each row's processing columns, which no index covers: it stays heap-only.
  fillfactor = 50,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);
comment on table public.events is 'Immutable log of everything that happened. Written by post_events alone; only the processing columns ever change.';
comment on column public.events.owner_id is 'User of the aggregate''s first event (none when staff created it): may read the whole aggregate.';
comment on column public.events.skip_reason is 'Set when staff skipped the event: it then counts as processed and changes no state.';

-- No foreign key to event_types: it would lock the same few catalog rows in every append. post_events checks instead.
-- The key first: look-ups write the creator as an expression, so that on a young log, of which the planner knows nothing, no other index can seem as good.
create unique index events_idempotency_key_idx on public.events (idempotency_key, created_by) where idempotency_key is not null;
create index events_event_type_idx on public.events (event_type, event_number);
create index events_created_by_idx on public.events (created_by, event_number);
create index events_user_id_idx on public.events (user_id, event_number) where user_id is not null;
create index events_owner_id_idx on public.events (owner_id, event_number) where owner_id is not null;
create index events_correlation_id_idx on public.events (correlation_id, event_number) where correlation_id is not null;
create index events_causation_id_idx on public.events (causation_id, event_number) where causation_id is not null;
create index events_failed_idx on public.events (event_number) where processing_error is not null;
create index events_created_at_idx on public.events using brin (created_at);

create function private.event_is_immutable() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'events are immutable: % is refused, post a compensating event instead', lower(tg_op) using errcode = 'ES010';
end;
$$;
comment on function private.event_is_immutable() is 'Refuses every change of an event but that of its processing columns, for every role.';

-- "update of" looks at the statement's columns, so marking events as processed costs no comparison.
create trigger events_are_immutable
  before update of id, event_number, aggregate_version, created_at, aggregate_id, user_id, owner_id, correlation_id, causation_id,
    schema_version, event_type, aggregate_type, created_by, idempotency_key, data, metadata on public.events
  for each statement execute function private.event_is_immutable();
create trigger events_are_never_deleted
  before delete on public.events for each statement execute function private.event_is_immutable();
create trigger events_are_never_truncated
  before truncate on public.events for each statement execute function private.event_is_immutable();

-- Also for replication and for sessions that switch triggers off.
alter table public.events enable always trigger events_are_immutable;
alter table public.events enable always trigger events_are_never_deleted;
alter table public.events enable always trigger events_are_never_truncated;

alter table public.events enable row level security;
revoke all on public.events from public, anon, authenticated, service_role;
revoke all on sequence public.events_event_number_seq from public, anon, authenticated, service_role;
grant select on public.events to authenticated, service_role;

create policy events_are_read_by_staff_and_owner on public.events
  for select to authenticated
  using (
    (select private.is_staff())
    or user_id = (select auth.uid())
    or owner_id = (select auth.uid())
  );

create table private.aggregates (
  aggregate_id uuid not null,
  aggregate_type varchar(50) not null,
  version bigint not null,
  owner_id uuid,
  constraint aggregates_pkey primary key (aggregate_type, aggregate_id)
) with (fillfactor = 70);
comment on table private.aggregates is 'Head of each aggregate: its version and owner. The row lock serialises appends to one aggregate.';

create table private.unprocessed_events (
  event_number bigint not null,
  partition smallint not null,
  blocked boolean not null default false,
  constraint unprocessed_events_pkey primary key (partition, blocked, event_number)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
comment on table private.unprocessed_events is 'Events that wait for the Database Manager: exactly those with processed = false. Kept apart so that neither append nor projection touches an index of events for it.';

revoke all on private.aggregates, private.unprocessed_events from public, anon, authenticated, service_role;

create view public.event_stream with (security_invoker = true) as
  select e.event_number, e.id, e.created_at, e.event_type, t.description, e.aggregate_type, e.aggregate_id, e.aggregate_version,
    e.data, e.metadata, e.created_by, e.user_id, e.correlation_id, e.causation_id, e.processed, e.processed_at, e.processing_error
  from public.events e
  left join public.event_types t on t.event_type = e.event_type;
comment on view public.event_stream is 'The log with each event''s description, for reading by people. Row level security of the reader applies.';
revoke all on public.event_stream from public, anon, authenticated, service_role;
grant select on public.event_stream to authenticated, service_role;
