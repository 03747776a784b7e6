-- State of the product aggregate. Written by the Database Manager only.

create table public.products (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sku text not null,
  name text not null,
  category text,
  description text,
  base_price numeric(14, 2) not null,
  price_effective_date date,
  stock_quantity integer not null,
  status text not null,
  constraint products_pkey primary key (id),
  constraint products_sku_is_unique unique (sku),
  constraint products_version_is_positive check (version > 0),
  constraint products_base_price_is_not_negative check (base_price >= 0),
  constraint products_status_is_known check (status in ('active', 'discontinued'))
) with (fillfactor = 80);
comment on table public.products is 'What the shop sells: one row per product, projected from its events.';
comment on column public.products.stock_quantity is 'Below 0 when more was sold than counted.';
comment on column public.products.price_effective_date is 'The day stated with the latest price change, if any. base_price holds already.';

create table public.product_costs (
  product_id uuid not null,
  cost numeric(14, 2) not null,
  constraint product_costs_pkey primary key (product_id),
  constraint product_costs_belong_to_a_product foreign key (product_id) references public.products (id) deferrable initially deferred,
  constraint product_costs_cost_is_not_negative check (cost >= 0)
);
comment on table public.product_costs is 'What the shop pays for a product, where stated. Apart from products, which every signed-in user may read.';

alter table public.products enable row level security;
alter table public.product_costs enable row level security;
revoke all on public.products, public.product_costs from public, anon, authenticated, service_role;
grant select on public.products, public.product_costs to authenticated, service_role;

create policy products_are_read_by_anyone_signed_in on public.products
  for select to authenticated using (true);

create policy product_costs_are_read_by_staff on public.product_costs
  for select to authenticated using ((select private.is_staff()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('products', 'product', null, '{id}', null),
  ('product_costs', 'product', 'costs', '{product_id}', 'product_id');

-- Which products claim a SKU: a decision that would claim one again is not executed, before the table above could say so.
create index events_created_sku_idx on public.events ((data ->> 'sku')) where event_type = 'product.created';
