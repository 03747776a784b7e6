-- State of the customer aggregate. Written by the Database Manager only.

create table public.customers (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  email text not null,
  name text not null,
  phone text,
  address jsonb,
  status text not null,
  constraint customers_pkey primary key (id),
  constraint customers_version_is_positive check (version > 0),
  constraint customers_status_is_known check (status in ('active', 'deactivated'))
) with (fillfactor = 80);
comment on table public.customers is 'Who buys: one row per customer, projected from its events.';

create index customers_owner_id_idx on public.customers (owner_id);

alter table public.customers enable row level security;
revoke all on public.customers from public, anon, authenticated, service_role;
grant select on public.customers to authenticated, service_role;

create policy customers_are_read_by_staff_and_owner on public.customers
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('customers', 'customer', null, '{id}', null);
