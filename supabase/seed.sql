-- Three people to try things as, password `event-sourcing`. For local and throw-away projects only.

with people (id, email, name) as (
  values
    ('5eed0000-0000-4000-8000-000000000001'::uuid, 'staff@example.com', 'Sam Staff'),
    ('5eed0000-0000-4000-8000-000000000002'::uuid, 'approver@example.com', 'Avery Approver'),
    ('5eed0000-0000-4000-8000-000000000003'::uuid, 'customer@example.com', 'Casey Customer')
),
users as (
  insert into auth.users (
    instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
    raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
    -- GoTrue cannot read null in these.
    confirmation_token, recovery_token, email_change_token_new, email_change,
    email_change_token_current, phone_change, phone_change_token, reauthentication_token
  )
  select
    '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email,
    extensions.crypt('event-sourcing', extensions.gen_salt('bf')), now(),
    '{"provider": "email", "providers": ["email"]}', jsonb_build_object('name', name), now(), now(),
    '', '', '', '', '', '', '', ''
  from people
  on conflict do nothing
  returning id, email
)
insert into auth.identities (
  provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at
)
select
  id::text, id,
  jsonb_build_object('sub', id, 'email', email, 'email_verified', true, 'phone_verified', false),
  'email', now(), now(), now()
from users
on conflict do nothing;

insert into public.user_roles (user_id, role)
select id, 'staff'
from auth.users
where email in ('staff@example.com', 'approver@example.com')
on conflict do nothing;
