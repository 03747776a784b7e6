-- Relations of which anybody with the publishable key may read a column, and whose shape pg_graphql would therefore tell.
-- Stricter than the lint: asked whether or not pg_graphql is there.
select format('%s may be read by anon', c.oid::regclass) as finding
from pg_class c
where c.relnamespace::regnamespace::text in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and has_any_column_privilege('anon', c.oid, 'select');
