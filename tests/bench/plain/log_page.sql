-- The plain way to read the log aggregate by aggregate over PostgREST: whole events, nothing beside them.
create or replace function public.bench_log_page(p_type text, p_id uuid, p_version bigint, p_limit integer) returns json
language sql stable
as $$
  select coalesce(json_agg(to_json(e)), '[]')
  from (
    select * from public.events e
    where (e.aggregate_type, e.aggregate_id, e.aggregate_version) > (p_type, p_id, p_version)
    order by e.aggregate_type, e.aggregate_id, e.aggregate_version
    limit p_limit
  ) e
$$;
grant execute on function public.bench_log_page(text, uuid, bigint, integer) to service_role;
notify pgrst, 'reload schema';
