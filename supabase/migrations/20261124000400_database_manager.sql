-- What the Database Manager keeps: state tables it may write, what each event changed, who works on what, what is stuck.

create table private.state_tables (
  table_name text not null,
  aggregate_type varchar(50) not null,
  property text,
  key text[] not null,
  parent_column text,
  constraint state_tables_pkey primary key (table_name),
  constraint state_tables_child_names_its_parent check ((property is null) = (parent_column is null))
);
comment on table private.state_tables is
  'The tables the Database Manager writes. One main table per aggregate type (property null, keyed by id) and child tables, each an array property of the state.';

create table public.state_changes (
  change_number bigint generated always as identity,
  event_number bigint not null,
  event_id uuid not null,
  table_name text not null,
  row_id text not null,
  operation text not null,
  before jsonb,
  after jsonb,
  created_at timestamptz not null default now(),
  constraint state_changes_pkey primary key (change_number),
  constraint state_changes_operation_is_known check (operation in ('insert', 'update', 'delete'))
);
comment on table public.state_changes is
  'Event-to-transaction mapping: what each event did to which row. before and after hold the changed columns (all of them for insert and delete).';
create index state_changes_event_id_idx on public.state_changes (event_id);
create index state_changes_row_idx on public.state_changes (table_name, row_id, change_number);

alter table public.state_changes enable row level security;
revoke all on public.state_changes from public, anon, authenticated, service_role;
grant select on public.state_changes to authenticated, service_role;
create policy state_changes_are_read_by_staff on public.state_changes
  for select to authenticated using ((select private.is_staff()));

create table private.partitions (
  partition smallint not null,
  holder uuid,
  token bigint not null default 0,
  leased_until timestamptz not null default '-infinity',
  heartbeat_at timestamptz,
  constraint partitions_pkey primary key (partition),
  constraint partitions_are_sixteen check (partition between 0 and 15)
) with (fillfactor = 10);
comment on table private.partitions is 'Sixteen shares of the work, each processed by one lease holder at a time. token fences: it grows with each lease.';
insert into private.partitions (partition) select generate_series(0, 15);

create table private.blocked_aggregates (
  aggregate_id uuid not null,
  aggregate_type varchar(50) not null,
  partition smallint not null,
  event_number bigint not null,
  attempts integer not null,
  error_code text not null,
  error text not null,
  next_attempt_at timestamptz,
  parked_at timestamptz,
  constraint blocked_aggregates_pkey primary key (aggregate_id, aggregate_type),
  constraint blocked_aggregates_event_number_key unique (event_number),
  constraint blocked_aggregates_wait_or_are_parked check ((next_attempt_at is null) = (parked_at is not null))
);
comment on table private.blocked_aggregates is
  'Aggregates behind a failed event: retried at next_attempt_at, or parked until staff act. Their later events wait; all other aggregates flow.';
create index blocked_aggregates_due_idx on private.blocked_aggregates (partition, next_attempt_at);

create table private.event_totals (
  partition smallint not null,
  event_type varchar(100) not null,
  processed bigint not null,
  constraint event_totals_pkey primary key (partition, event_type)
) with (fillfactor = 50);
comment on table private.event_totals is 'Processed events by type. Split by partition, so that two workers never wait for each other.';

create table private.hourly_totals (
  partition smallint not null,
  hour timestamptz not null,
  event_type varchar(100) not null,
  processed bigint not null,
  constraint hourly_totals_pkey primary key (hour, event_type, partition)
) with (fillfactor = 50);
comment on table private.hourly_totals is 'Processed events by type and hour of creation.';

create table private.doorbell (
  singleton boolean not null default true,
  closed_until timestamptz not null default '-infinity',
  webhook_seen_at timestamptz,
  sweep_seen_at timestamptz,
  sweep_catches bigint not null default 0,
  constraint doorbell_pkey primary key (singleton),
  constraint doorbell_is_one check (singleton)
) with (fillfactor = 10);
comment on table private.doorbell is 'While closed_until lies ahead a worker is draining the log and inserts need not ring. It expires, so a dead worker cannot silence it.';
insert into private.doorbell default values;

revoke all on private.state_tables, private.partitions, private.blocked_aggregates, private.event_totals, private.hourly_totals, private.doorbell
  from public, anon, authenticated, service_role;
