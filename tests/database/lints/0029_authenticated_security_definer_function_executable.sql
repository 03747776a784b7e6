-- Functions in the API's schema that run with their owner's rights and that authenticated may call.
select format('%s may be executed by authenticated', p.oid::regprocedure) as finding
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prosecdef
  and has_function_privilege('authenticated', p.oid, 'execute');
