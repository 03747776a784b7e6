-- State of the agent_decision aggregate. Written by the Database Manager only; nothing is decided by reading it.

create table public.agent_decisions (
  id uuid not null,
  version bigint not null,
  owner_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  agent text not null,
  decision_type text not null,
  status text not null,
  targets jsonb not null,
  proposed_events jsonb not null,
  compensation jsonb,
  evidence uuid[] not null,
  confidence double precision not null,
  rationale text not null,
  expected_effect jsonb,
  magnitude jsonb,
  level smallint not null,
  policy_version bigint not null,
  approvals smallint not null,
  approved_by text[] not null,
  expires_at timestamptz not null,
  veto_until timestamptz,
  held text,
  proposed_by text not null,
  edited_by text,
  decided_by text,
  decided_at timestamptz,
  reason_code text,
  decision_note text,
  review text,
  outcome text,
  measured_value double precision,
  compensated_by text,
  compensation_reason text,
  constraint agent_decisions_pkey primary key (id),
  constraint agent_decisions_version_is_positive check (version > 0),
  constraint agent_decisions_confidence_is_a_share check (confidence between 0 and 1),
  constraint agent_decisions_level_is_known check (level between 0 and 4),
  constraint agent_decisions_status_is_known check (status in ('proposed', 'shadowed', 'approved', 'rejected', 'vetoed', 'expired', 'superseded',
    'withdrawn', 'returned', 'executed', 'failed', 'measured', 'compensated')),
  constraint agent_decisions_outcome_is_known check (outcome in ('good', 'neutral', 'bad')),
  constraint agent_decisions_review_is_known check (review in ('waiting', 'done')),
  constraint agent_decisions_are_decided_by_somebody check (status in ('proposed', 'shadowed', 'measured') or decided_by is not null),
  constraint agent_decisions_are_compensated_by_somebody check ((status = 'compensated') = (compensated_by is not null)),
  constraint agent_decisions_are_not_approved_by_the_proposer check (not proposed_by = any (approved_by))
) with (fillfactor = 80);
comment on table public.agent_decisions is 'What agents propose and people decide: one row per decision, projected from its events.';
comment on column public.agent_decisions.evidence is 'Ids of the events the proposal rests on.';
comment on column public.agent_decisions.review is 'Of those that were drawn for review at level 4: whether a person has measured the outcome or taken it back. null: not drawn.';
comment on column public.agent_decisions.confidence is 'From 0 to 1. Floating point, so that any value comes back as it was stated.';

-- Ids are in the order of time: pages go by them.
create index agent_decisions_status_idx on public.agent_decisions (status, id);
create index agent_decisions_agent_idx on public.agent_decisions (agent, id);
create index agent_decisions_review_idx on public.agent_decisions (review, id) where review is not null;

alter table public.agent_decisions enable row level security;
revoke all on public.agent_decisions from public, anon, authenticated, service_role;
grant select on public.agent_decisions to authenticated, service_role;

create policy agent_decisions_are_read_by_staff on public.agent_decisions
  for select to authenticated using ((select private.is_staff()));

insert into private.state_tables (table_name, aggregate_type, property, key, parent_column) values
  ('agent_decisions', 'agent_decision', null, '{id}', null);

-- A new database has no rows of the first generation, whose decisions knew less.
insert into private.generations (aggregate_type, generation) values ('agent_decision', 5);
