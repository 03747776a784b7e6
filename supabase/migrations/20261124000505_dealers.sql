-- State of the dealer aggregate. Written by the Database Manager only.

create table public.dealers (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  company_name text not null,
  contact_name text not null,
  email text not null,
  phone text,
  tax_id text,
  territory text,
  status text not null,
  status_reason text,
  tier text,
  discount_percent numeric(5, 2) not null,
  credit_limit numeric(14, 2) not null,
  constraint dealers_pkey primary key (id),
  constraint dealers_version_is_positive check (version > 0),
  constraint dealers_status_is_known check (status in ('applied', 'approved', 'rejected', 'suspended')),
  constraint dealers_discount_is_a_percentage check (discount_percent between 0 and 100),
  constraint dealers_credit_limit_is_not_negative check (credit_limit >= 0)
) with (fillfactor = 80);
comment on table public.dealers is 'Companies that resell, from their application on: one row per dealer, projected from its events.';
comment on column public.dealers.status_reason is 'Why the dealer is rejected or suspended.';

create table public.dealer_prices (
  dealer_id uuid not null,
  product_id uuid not null,
  owner_id uuid,
  sku text not null,
  price numeric(14, 2) not null,
  constraint dealer_prices_pkey primary key (dealer_id, product_id),
  constraint dealer_prices_belong_to_a_dealer foreign key (dealer_id) references public.dealers (id) deferrable initially deferred,
  constraint dealer_prices_price_is_not_negative check (price >= 0)
);
comment on table public.dealer_prices is 'Prices agreed with single dealers, in place of the list price.';
comment on column public.dealer_prices.owner_id is 'The dealer''s owner, so that row level security needs no join.';

create index dealers_owner_id_idx on public.dealers (owner_id);
create index dealer_prices_owner_id_idx on public.dealer_prices (owner_id);

alter table public.dealers enable row level security;
alter table public.dealer_prices enable row level security;
revoke all on public.dealers, public.dealer_prices from public, anon, authenticated, service_role;
grant select on public.dealers, public.dealer_prices to authenticated, service_role;

create policy dealers_are_read_by_staff_and_owner on public.dealers
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

create policy dealer_prices_are_read_by_staff_and_owner on public.dealer_prices
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('dealers', 'dealer', null, '{id}', null),
  ('dealer_prices', 'dealer', 'prices', '{dealer_id,product_id}', 'dealer_id');
