-- What appending is compared with: the seed's columns and nine indexes, and nothing that makes it an event store.
create schema if not exists bench authorization postgres;
set role postgres;

create table bench.plain_events (
  id uuid primary key,
  event_number bigserial unique,
  event_type varchar(100) not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  data jsonb not null,
  metadata jsonb,
  created_by varchar(100) not null,
  user_id uuid,
  created_at timestamptz not null default now(),
  processed boolean not null default false,
  correlation_id uuid,
  causation_id uuid,
  idempotency_key varchar(255) unique
);
create index on bench.plain_events (event_type);
create index on bench.plain_events (aggregate_type, aggregate_id);
create index on bench.plain_events (created_by);
create index on bench.plain_events (created_at);
create index on bench.plain_events (correlation_id);
create index on bench.plain_events (processed) where not processed;

reset role;
