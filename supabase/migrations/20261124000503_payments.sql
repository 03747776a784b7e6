-- State of the payment aggregate. Written by the Database Manager only.

create table public.payments (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  order_id uuid not null,
  amount numeric(14, 2) not null,
  amount_refunded numeric(14, 2) not null,
  method text not null,
  reference text,
  status text not null,
  failure_reason text,
  constraint payments_pkey primary key (id),
  constraint payments_version_is_positive check (version > 0),
  constraint payments_amount_is_positive check (amount > 0),
  constraint payments_refunds_are_at_most_the_amount check (amount_refunded between 0 and amount),
  constraint payments_method_is_known check (method in ('card', 'upi', 'bank_transfer', 'cash', 'cheque', 'other')),
  constraint payments_status_is_known check (status in ('failed', 'received', 'partially_refunded', 'refunded'))
) with (fillfactor = 80);
comment on table public.payments is 'Attempts to pay for orders: one row per payment, projected from its events.';
comment on column public.payments.order_id is 'The order paid for. No foreign key: aggregates are projected in no fixed order.';

create index payments_owner_id_idx on public.payments (owner_id);

alter table public.payments enable row level security;
revoke all on public.payments from public, anon, authenticated, service_role;
grant select on public.payments to authenticated, service_role;

create policy payments_are_read_by_staff_and_owner on public.payments
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('payments', 'payment', null, '{id}', null);
