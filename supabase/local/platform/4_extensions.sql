-- The stand-ins for Supabase's own extensions (see ../extensions), already there as on a project that enabled them.

create extension supabase_vault with schema extensions;
create extension pg_net with schema extensions;
create extension pg_cron with schema pg_catalog;
