-- What the pricing agent reads in one look, and what wakes it.

insert into private.settings (event_type, key, governs, state_table, state_column)
values ('category.pricing_rules_set', 'category', '{product.price_changed,price.changed,product.price_corrected}', 'products', 'category');

create index products_category_idx on public.products (category, sku) where status = 'active';

create function private.is_word_of(e public.events, p_agent text) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return e.created_by = p_agent or (e.idempotency_key like 'decision:%' and exists (
    select 1 from private.decisions d
    where d.decision_id = split_part(e.idempotency_key, ':', 2)::uuid and 'agent:' || d.agent = p_agent));
end;
$$;
comment on function private.is_word_of(public.events, text) is
  'True when an agent (as created_by has it) stated an event, or a decision of its own posted it: approved, edited or taken back by whomever.';

create function private.pricing_events(p_type text, p_id uuid, p_until bigint, p_event_types text[], p_since timestamptz, p_limit integer, p_not_by text default null)
returns setof public.events
language sql stable set search_path = ''
as $$
  select e.* from public.events e
  where e.aggregate_type = p_type and e.aggregate_id = p_id and e.aggregate_version <= p_until
    and e.event_type = any (p_event_types) and e.created_at >= p_since and e.skip_reason is null
    and not (p_not_by is not null and private.is_word_of(e, p_not_by))
  order by e.aggregate_version desc limit p_limit;
$$;
comment on function private.pricing_events(text, uuid, bigint, text[], timestamptz, integer, text) is
  'The latest events of some types of one aggregate up to a version, but what was skipped and the word of one agent. Reads that aggregate by its index, never the log.';

create function private.pricing_facts(p_id uuid, p_version bigint) returns setof public.events
language sql stable set search_path = ''
as $$
  -- Each kind by itself: however often one comes, it pushes out no other.
  select * from private.pricing_events('product', p_id, p_version, '{product.created,product.price_changed,price.changed,product.price_corrected}', '-infinity', 200)
  union
  select * from private.pricing_events('product', p_id, p_version, '{product.ladder_placed}', '-infinity', 1)
  union
  (select * from private.pricing_events('product', p_id, p_version, '{product.cost_changed,product.updated}', '-infinity', 10000) c
  where c.event_type = 'product.cost_changed' or c.data ? 'cost' order by c.aggregate_version desc limit 1);
$$;
comment on function private.pricing_facts(uuid, bigint) is 'The events of a product that its price, cost and ladder come from.';

create function private.pricing_market(p_id uuid, p_agent text) returns setof public.events
language sql stable set search_path = ''
as $$
  -- Of each name the latest that can be seen by now: who is observed every minute pushes out nobody.
  (select distinct on (o.data ->> 'competitor') o.*
  from private.pricing_events('market', p_id, 9223372036854775807, '{market.competitor_price_observed}', '-infinity', 10000, p_agent) o
  where (o.data ->> 'observed_at')::timestamptz <= clock_timestamp()
  order by o.data ->> 'competitor', (o.data ->> 'observed_at')::timestamptz desc, o.aggregate_version desc)
  union all
  select * from private.pricing_events('market', p_id, 9223372036854775807, '{market.sales_recorded}', '-infinity', 300, p_agent);
$$;
comment on function private.pricing_market(uuid, text) is
  'The latest price of each competitor of a product and its recorded sales, but the word of one agent: it must not feed on its own.';

create function private.pricing_list(p_events public.events[]) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'event_type', f.event_type, 'aggregate_version', f.aggregate_version,
    'created_at', f.created_at, 'data', f.data) order by f.aggregate_version), '[]')
  from unnest(p_events) f;
$$;
comment on function private.pricing_list(public.events[]) is 'What the pricing agent reads of events, oldest first.';

create function public.pricing_inputs(p_category text, p_since timestamptz, p_agent text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'rules', (
      select jsonb_build_object('id', e.id, 'data', e.data) from public.events e
      where e.event_type = 'category.pricing_rules_set' and e.data ->> 'category' = p_category and e.skip_reason is null
      order by e.event_number desc limit 1),
    'products', coalesce(jsonb_agg(jsonb_build_object(
      'id', p.id, 'sku', p.sku, 'version', p.version, 'base_price', p.base_price, 'stock_quantity', p.stock_quantity,
      'cost', (select c.cost from public.product_costs c where c.product_id = p.id),
      'changed_at', (
        select max(e.aggregate_version) from (
          select x.event_type, x.aggregate_version from public.events x
          where x.aggregate_type = 'product' and x.aggregate_id = p.id and x.aggregate_version <= p.version offset 0
        ) e where e.event_type <> 'product.stock_updated'),
      'facts', private.pricing_list(array(select private.pricing_facts(p.id, p.version))),
      'orders', private.pricing_list(array(select private.pricing_events('product', p.id, p.version, '{product.stock_updated}', p_since, 1000, p_agent))),
      'market', private.pricing_list(array(select private.pricing_market(p.id, p_agent)))) order by p.sku), '[]'),
    'left_out', greatest((select count(*) from public.products x where x.category = p_category and x.status = 'active') - 500, 0))
  from (
    select * from public.products x where x.category = p_category and x.status = 'active' order by x.sku limit 500
  ) p;
$$;
comment on function public.pricing_inputs(text, timestamptz, text) is
  'The pricing rules of a category and its first 500 active products by SKU (how many more there are is "left_out"), at the versions their rows are at, with the events that prices are found from, but what p_agent (as created_by has it) itself says of market and sales.';

create function public.priced_categories() returns setof text
language sql stable security definer set search_path = ''
as $$
  select distinct e.data ->> 'category' from public.events e where e.event_type = 'category.pricing_rules_set' order by 1;
$$;
comment on function public.priced_categories() is 'The categories that have pricing rules: those the pricing agent may look at by itself.';

create function public.blocked_events(p_event_numbers bigint[]) returns bigint[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(u.event_number), '{}') from public.events e
  join private.unprocessed_events u on u.partition = private.partition_of(e.aggregate_id) and u.blocked and u.event_number = e.event_number
  where e.event_number = any (p_event_numbers);
$$;
comment on function public.blocked_events(bigint[]) is 'Which of these events wait behind a failed one or for a paused type: nothing is to be expected of them for now.';

create function private.pricing_news() returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select 1 from public.events e
    where e.event_number > coalesce((select s.cursor from private.subscriptions s where s.name = 'category-agent'), 0)
      and e.event_type in ('category.pricing_rules_set', 'market.competitor_price_observed', 'market.sales_recorded', 'product.created',
        'product.updated', 'product.price_changed', 'price.changed', 'product.price_corrected', 'product.cost_changed', 'product.ladder_placed',
        'agent.decision_returned', 'agent.resumed', 'agent.all_resumed', 'agent.policy_set'));
$$;
comment on function private.pricing_news() is 'True when something happened after the pricing agent''s place in the feed that it prices by.';

create function private.call_category_agent(p_whole boolean) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_url text;
  v_key text;
begin
  if not p_whole and not private.pricing_news() then
    return;
  end if;
  select max(s.decrypted_secret) filter (where s.name = 'project_url'), max(s.decrypted_secret) filter (where s.name = 'automations_key')
  into v_url, v_key
  from vault.decrypted_secrets s where s.name in ('project_url', 'automations_key');
  if v_url is null or v_key is null then
    return;
  end if;
  perform net.http_post(
    url := v_url || '/functions/v1/category-agent/wake',
    body := jsonb_build_object('whole', p_whole),
    headers := jsonb_build_object('Content-Type', 'application/json', 'apikey', v_key),
    timeout_milliseconds := 5000
  );
end;
$$;
comment on function private.call_category_agent(boolean) is
  'Wakes the pricing agent: for every category that has rules, or only when there is news. URL and key come from the Vault, as those of the Database Manager.';

revoke all on function private.is_word_of(public.events, text), private.pricing_facts(uuid, bigint), private.pricing_market(uuid, text),
  private.pricing_list(public.events[]), public.blocked_events(bigint[]), private.pricing_events(text, uuid, bigint, text[], timestamptz, integer, text), private.pricing_news(),
  private.call_category_agent(boolean), public.pricing_inputs(text, timestamptz, text), public.priced_categories()
  from public, anon, authenticated, service_role;
grant execute on function public.pricing_inputs(text, timestamptz, text), public.priced_categories(), public.blocked_events(bigint[]) to service_role;

do $$
begin
  if to_regprocedure('cron.schedule(text, text, text)') is not null then
    perform cron.schedule('category-agent-news', '* * * * *', 'select private.call_category_agent(false)');
    perform cron.schedule('category-agent-nightly', '30 2 * * *', 'select private.call_category_agent(true)');
  end if;
end;
$$;
