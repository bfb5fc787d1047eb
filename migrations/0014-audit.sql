-- The audit: who saw and did what, one line each, that the app can add to and never change; and the chain that proves it.

create function actor_role() returns text stable parallel safe language sql
  as $$ select coalesce(current_setting('kangtu.role', true), '') $$;

create table audit_line (
  seq bigint generated always as identity primary key,
  day date not null,
  at timestamptz not null,
  actor text not null,
  role text not null,
  organisation uuid,
  scope text,
  address text,
  operation text not null,
  kind text not null,
  outcome text not null,
  persons uuid[] not null,
  details jsonb not null
);
comment on table audit_line is 'One line for each sign-in, reading, search, export, change and refusal. Persons by id alone; no personal data. scope is null where nobody had signed in.';
create index audit_line_day on audit_line (day, seq);
-- Searches name nobody: they need no place in this index.
create index audit_line_persons on audit_line using gin (persons) where persons <> '{}';

alter table audit_line enable row level security;
create policy written on audit_line for insert
  with check ((select actor_user()) in (actor, 'kangtu'));
create policy audited on audit_line for select
  using (case when (select actor_role()) = 'auditAdmin' then scope is null or starts_with(scope, (select actor_scope())) else false end);
grant insert, select on audit_line to kangtu_app;

create table audit_link (
  place bigint primary key,
  day date not null,
  seq bigint not null unique,
  hash text not null
);
comment on table audit_link is 'The place of each line in the one chain, and the hash of the line and all before it. day is when it was chained, never earlier than the link before.';
create index audit_link_day on audit_link (day, place);

create table audit_day (
  day date primary key,
  first_place bigint not null,
  last_place bigint not null,
  previous text not null,
  hash text not null,
  archived_at timestamptz not null
);
comment on table audit_day is 'A day whose lines were written to a file and removed: what its part of the chain began and ended with.';

-- Neither is the app's to write: links come from chain_audit alone, days from the archive, which works as the owner.
alter table audit_link enable row level security;
alter table audit_day enable row level security;

create function audit_text(line audit_line) returns text stable language sql as $$
  select jsonb_build_object('seq', line.seq, 'day', line.day, 'at', to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor', line.actor, 'role', line.role, 'organisation', line.organisation, 'scope', line.scope, 'address', line.address,
    'operation', line.operation, 'kind', line.kind, 'outcome', line.outcome, 'persons', line.persons, 'details', line.details)::text $$;

-- Runs as the owner, so that the app can have lines chained but can neither write a link nor choose a hash. Lines commit out of order:
-- the newest 10,000 are looked through, or all of them where `everything` is asked for.
create function chain_audit(everything boolean) returns int language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  line audit_line;
  last_place bigint;
  last_day date;
  last_hash text;
  done int := 0;
begin
  perform pg_advisory_xact_lock(724684);
  select place, day, hash into last_place, last_day, last_hash from audit_link order by place desc limit 1;
  if not found then
    select d.last_place, d.day, d.hash into last_place, last_day, last_hash from audit_day d order by day desc limit 1;
  end if;
  for line in
    select l.* from audit_line l
    where (everything or l.seq > coalesce((select max(seq) from audit_link), 0) - 10000)
      and not exists (select 1 from audit_link k where k.seq = l.seq)
    order by l.day, l.seq
  loop
    last_place := coalesce(last_place, 0) + 1;
    last_day := greatest(last_day, line.day);
    last_hash := encode(sha256(convert_to(coalesce(last_hash, '') || audit_text(line), 'UTF8')), 'hex');
    insert into audit_link (place, day, seq, hash) values (last_place, last_day, line.seq, last_hash);
    done := done + 1;
  end loop;
  return done;
end $$;
revoke all on function chain_audit(boolean) from public;
grant execute on function chain_audit(boolean) to kangtu_app;

-- "Who opened my file": the records that the actor asks about and sees; for an audit administrator those that were asked about.
create function audit_persons() returns uuid[] stable language plpgsql as $$
declare
  asked uuid[] := nullif(current_setting('kangtu.audit_persons', true), '')::uuid[];
begin
  if actor_role() = 'auditAdmin' then return asked; end if;
  return (select array_agg(p.id) from person p where p.county = current_setting('kangtu.audit_county', true) and p.id = any (asked));
end $$;

-- As its owner it reads past the policy of audit_line, so that the index by persons is used; the policy of person holds inside audit_persons().
create view audit_of_persons as
  select * from audit_line
  where persons <> '{}' and persons && (select audit_persons())
    and case when (select actor_role()) = 'auditAdmin' then scope is null or starts_with(scope, (select actor_scope())) else true end;
grant select on audit_of_persons to kangtu_app;
