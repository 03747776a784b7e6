-- Signed-in users do read tables here, under row-level security; what must not be is pg_graphql, which tells the tables' shape.
select 'pg_graphql is installed' as finding
from pg_extension e
where e.extname = 'pg_graphql';
