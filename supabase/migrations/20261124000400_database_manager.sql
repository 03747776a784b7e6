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
create index state_changes_event_id_idx on public.state_changes (event_id, change_number);
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
  constraint blocked_aggregates_pkey primary key (aggregate_type, aggregate_id),
  constraint blocked_aggregates_event_number_key unique (event_number),
  constraint blocked_aggregates_wait_or_are_parked check ((next_attempt_at is null) = (parked_at is not null))
);
comment on table private.blocked_aggregates is
  'Aggregates behind a failed event: retried at next_attempt_at, or parked until staff act. Their later events wait; all other aggregates flow.';
create index blocked_aggregates_due_idx on private.blocked_aggregates (partition, next_attempt_at);

create table private.failed_attempts (
  event_number bigint not null,
  attempt integer not null,
  failed_at timestamptz not null default clock_timestamp(),
  error_code text not null,
  error text not null,
  constraint failed_attempts_pkey primary key (event_number, attempt)
);
comment on table private.failed_attempts is 'Each attempt to process an event that failed, also when a later one succeeded.';

create table private.pauses (
  aggregate_type varchar(50) not null,
  reason text not null,
  paused_by varchar(100) not null,
  paused_at timestamptz not null default clock_timestamp(),
  constraint pauses_pkey primary key (aggregate_type)
);
comment on table private.pauses is 'What staff told the Database Manager to leave alone: one aggregate type, or everything ("*").';

create table private.batches (
  id bigint generated always as identity,
  committed_at timestamptz not null default clock_timestamp(),
  worker uuid not null,
  processed integer not null,
  failed integer not null,
  constraint batches_pkey primary key (id)
);
comment on table private.batches is 'Each batch committed in the last day, for rates and charts.';
create index batches_committed_at_idx on private.batches using brin (committed_at) with (pages_per_range = 8);

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
  processed bigint not null,
  constraint hourly_totals_pkey primary key (hour, partition)
) with (fillfactor = 50);
comment on table private.hourly_totals is 'Processed events by hour of creation. Split by partition, as event_totals.';

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

create table private.rebuilds (
  id uuid not null,
  kind text not null,
  status text not null default 'scanning',
  aggregate_types text[] not null,
  generations jsonb not null default '{}',
  previous_generations jsonb not null default '{}',
  switch_by_hand boolean not null default false,
  rolls_back uuid,
  requested_by varchar(100) not null,
  reason text,
  after_type varchar(50) not null default '',
  after_id uuid not null default '00000000-0000-0000-0000-000000000000',
  after_version bigint not null default 0,
  partial_state jsonb,
  events_done bigint not null default 0,
  events_total bigint not null,
  kept_rows bigint not null default 0,
  differing_rows bigint,
  purged_at timestamptz,
  attempts integer not null default 0,
  worker uuid,
  leased_until timestamptz not null default '-infinity',
  hold_until timestamptz not null default '-infinity',
  started_at timestamptz not null default clock_timestamp(),
  scanned_at timestamptz,
  finished_at timestamptz,
  error text,
  constraint rebuilds_pkey primary key (id),
  constraint rebuilds_kind_is_known check (kind in ('rebuild', 'verify', 'rollback')),
  constraint rebuilds_status_is_known check (status in ('scanning', 'compared', 'switching', 'completed', 'failed', 'cancelled')),
  constraint rebuilds_end_when_finished check ((finished_at is not null) = (status in ('completed', 'failed', 'cancelled')))
);
comment on table private.rebuilds is
  'Fresh folds of the log, compared with the state tables: to switch to (rebuild), to report (verify), or to go back (rollback). The after_ columns are the resume point, attempts counts since the last progress.';
-- One at a time: two would compare against each other's switch.
create unique index rebuilds_one_at_a_time_idx on private.rebuilds ((true)) where finished_at is null;

create table private.rebuild_differences (
  rebuild_id uuid not null,
  table_name text not null,
  row_id text not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  version bigint not null,
  operation text not null,
  before jsonb,
  after jsonb,
  constraint rebuild_differences_pkey primary key (rebuild_id, table_name, row_id),
  constraint rebuild_differences_rebuild_id_fkey foreign key (rebuild_id) references private.rebuilds (id) on delete cascade,
  constraint rebuild_differences_operation_is_known check (operation in ('insert', 'update', 'delete'))
);
comment on table private.rebuild_differences is
  'Rows in which the fresh fold differs from the state table: before = the row as found, after = the row as folded, at the aggregate''s version.';
create index rebuild_differences_aggregate_idx on private.rebuild_differences (rebuild_id, aggregate_type, aggregate_id);

create table private.findings (
  finding_number bigint generated always as identity,
  kind text not null,
  found_by text[] not null,
  event_number bigint,
  aggregate_type varchar(50),
  aggregate_id uuid,
  detail text not null,
  found_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  constraint findings_pkey primary key (finding_number),
  constraint findings_kind_is_known
    check (kind in ('missing_receipt', 'not_queued', 'version_mismatch', 'version_hole', 'fold_failed', 'orphan_row'))
);
comment on table private.findings is 'What the rolling audit or a verification found wrong: an event skipped, a receipt or a version missing, a row without events.';
create unique index findings_open_idx on private.findings (kind, coalesce(event_number, 0), coalesce(aggregate_id, '00000000-0000-0000-0000-000000000000'), aggregate_type)
  nulls not distinct where resolved_at is null;

create table private.generations (
  aggregate_type varchar(50) not null,
  generation integer not null,
  rebuild_id uuid,
  since timestamptz not null default clock_timestamp(),
  constraint generations_pkey primary key (aggregate_type)
);
comment on table private.generations is 'The generation of the code whose fold a state table holds; absent = the first. A newer one in code asks for a rebuild.';

create table private.audit (
  singleton boolean not null default true,
  rolling_after bigint not null default 0,
  front_after bigint not null default 0,
  rounds bigint not null default 0,
  checked_at timestamptz,
  constraint audit_pkey primary key (singleton),
  constraint audit_is_one check (singleton)
);
comment on table private.audit is 'How far the rolling audit has come: once behind the head, for new events, and once round and round through the whole log.';
insert into private.audit default values;

revoke all on private.state_tables, private.partitions, private.blocked_aggregates, private.pauses, private.batches, private.rebuilds,
  private.rebuild_differences, private.findings, private.generations, private.audit, private.event_totals, private.hourly_totals, private.doorbell
  from public, anon, authenticated, service_role;
