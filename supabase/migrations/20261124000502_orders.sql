-- State of the order aggregate. Written by the Database Manager only.

create table public.orders (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  customer_id uuid not null,
  status text not null,
  payment_status text not null,
  total numeric(14, 2) not null,
  amount_paid numeric(14, 2) not null,
  amount_refunded numeric(14, 2) not null,
  notes text,
  shipping_address jsonb,
  placed_at timestamptz,
  fulfilled_at timestamptz,
  carrier text,
  tracking_number text,
  cancelled_at timestamptz,
  cancellation_reason text,
  constraint orders_pkey primary key (id),
  constraint orders_version_is_positive check (version > 0),
  constraint orders_status_is_known
    check (status in ('draft', 'placed', 'processing', 'on_hold', 'shipped', 'fulfilled', 'cancelled')),
  constraint orders_payment_status_is_known check (payment_status in ('unpaid', 'partially_paid', 'paid', 'refunded')),
  constraint orders_total_is_not_negative check (total >= 0),
  constraint orders_refunds_are_at_most_what_was_paid check (amount_refunded between 0 and amount_paid)
) with (fillfactor = 80);
comment on table public.orders is 'Carts and orders: one row per order, projected from its events. A draft is a cart; from placed on the customer is bound.';
comment on column public.orders.placed_at is 'When the customer committed: by order.placed, or by paying for the draft.';

create table public.order_items (
  order_id uuid not null,
  line integer not null,
  owner_id uuid,
  product_id uuid not null,
  sku text not null,
  name text not null,
  quantity integer not null,
  unit_price numeric(14, 2) not null,
  line_total numeric(14, 2) not null,
  constraint order_items_pkey primary key (order_id, line),
  constraint order_items_belong_to_an_order foreign key (order_id) references public.orders (id) deferrable initially deferred,
  constraint order_items_line_is_positive check (line > 0),
  constraint order_items_quantity_is_positive check (quantity > 0),
  constraint order_items_line_total_is_the_product check (line_total = quantity * unit_price)
);
comment on table public.order_items is 'Lines of orders, with article and price as the customer was shown them.';
comment on column public.order_items.owner_id is 'The order''s owner, so that row level security needs no join.';

create index orders_owner_id_idx on public.orders (owner_id);
create index order_items_owner_id_idx on public.order_items (owner_id);

alter table public.orders enable row level security;
alter table public.order_items enable row level security;
revoke all on public.orders, public.order_items from public, anon, authenticated, service_role;
grant select on public.orders, public.order_items to authenticated, service_role;

create policy orders_are_read_by_staff_and_owner on public.orders
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

create policy order_items_are_read_by_staff_and_owner on public.order_items
  for select to authenticated
  using ((select private.is_staff()) or owner_id = (select auth.uid()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('orders', 'order', null, '{id}', null),
  ('order_items', 'order', 'items', '{order_id,line}', 'order_id');
