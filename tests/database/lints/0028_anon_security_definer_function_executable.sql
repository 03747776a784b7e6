-- Functions in the API's schema that run with their owner's rights and that anon may call.
select format('%s may be executed by anon', p.oid::regprocedure) as finding
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prosecdef
  and has_function_privilege('anon', p.oid, 'execute');
