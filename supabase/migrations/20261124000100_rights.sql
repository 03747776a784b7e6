-- Who may do what: the private schema, staff, and no right that is not granted by name.

create schema private;
comment on schema private is 'What the API never exposes: helpers of policies, queues, leases, projections in the making.';

revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Postgres grants execute on every new function to public; here each function names its callers.
alter default privileges revoke execute on functions from public;

create table public.user_roles (
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default now(),
  constraint user_roles_pkey primary key (user_id, role),
  constraint user_roles_role_is_known check (role in ('staff'))
);
comment on table public.user_roles is 'Rights of users, given by SQL as the database owner; revoking one works at once, whatever a token says.';

create function private.is_staff() returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select 1 from public.user_roles r
    where r.user_id = (select auth.uid()) and r.role = 'staff'
  );
$$;
comment on function private.is_staff() is 'True when the caller is a signed-in user with the role staff. Used by policies, once per statement.';
grant execute on function private.is_staff() to authenticated, service_role;

create function public.am_i_staff() returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.is_staff(); $$;
comment on function public.am_i_staff() is 'True when the caller is staff.';

revoke all on function public.am_i_staff() from public, anon, authenticated, service_role;
grant execute on function public.am_i_staff() to authenticated;

alter table public.user_roles enable row level security;
revoke all on public.user_roles from public, anon, authenticated, service_role;
grant select on public.user_roles to authenticated, service_role;

create policy user_roles_are_read_by_staff_and_owner on public.user_roles
  for select to authenticated
  using ((select private.is_staff()) or user_id = (select auth.uid()));

create function private.emails_of(p_user_ids uuid[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_object_agg(u.id, u.email) filter (where u.email <> ''), '{}')
  from auth.users u
  where u.id = any (p_user_ids[1:1000]) and (select private.is_staff());
$$;
comment on function private.emails_of(uuid[]) is 'See public.emails_of.';

create function public.emails_of(p_user_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.emails_of(p_user_ids); $$;
comment on function public.emails_of(uuid[]) is
  'To staff: the e-mail of each of at most 1000 people {"<user id>": "…"}, of those who have one. To others: nobody''s.';

revoke all on function public.emails_of(uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.emails_of(uuid[]), private.emails_of(uuid[]) to authenticated;
