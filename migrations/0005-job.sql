-- Background jobs as their owners see them; the queue itself is pg-boss's, in its own schema.

create table job (
  id uuid primary key,
  kind text not null,
  owner text not null,
  actor jsonb not null,
  payload jsonb not null,
  state text not null,
  done int not null,
  total int,
  note text,
  result jsonb,
  version int not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
comment on table job is 'state: waiting, running, done, failed. Payload, note and result name records by id and hold no personal data. version grows with every change.';
create index job_owner on job (owner, created_at);

alter table job enable row level security;
create policy own on job using ((select actor_user()) in (owner, 'kangtu')) with check ((select actor_user()) in (owner, 'kangtu'));
grant select, insert, update, delete on job to kangtu_app;
