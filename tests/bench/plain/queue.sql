-- What projecting is compared with: a queue taken by SKIP LOCKED, 100 at a time, and one row updated for each job.
create schema if not exists bench authorization postgres;
set role postgres;

create table bench.jobs (
  id bigserial primary key,
  row_id integer not null,
  payload jsonb not null
);
create table bench.state (
  id integer primary key,
  version bigint not null default 0,
  payload jsonb
) with (fillfactor = 80);
insert into bench.state (id) select generate_series(0, 3999);

reset role;
