-- The kernel: journal, tallies, receipts, settings, and the helpers that every row-level policy uses.

create function actor_scope() returns text stable parallel safe language sql
  as $$ select nullif(current_setting('kangtu.scope', true), 'unset') $$;
create function actor_organisation() returns text stable parallel safe language sql
  as $$ select nullif(current_setting('kangtu.organisation', true), '') $$;
create function actor_reach() returns text stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('kangtu.reach', true), ''), 'none') $$;
create function actor_user() returns text stable parallel safe language sql
  as $$ select nullif(current_setting('kangtu.actor', true), '') $$;

-- A connection that has said nothing about its actor sees nothing: the scope is then null and every comparison with it.
create function in_scope(county text, scope text) returns boolean immutable parallel safe language sql
  as $$ select starts_with(county, left(scope, 6)) $$;

create table entry (
  county text not null,
  id uuid not null,
  seq bigint generated always as identity,
  place bigint,
  root uuid,
  type text not null,
  happened_on date not null,
  recorded_at timestamptz not null,
  actor text not null,
  role text not null,
  organisation text,
  device text,
  body jsonb not null,
  findings jsonb not null,
  replaces uuid,
  hash bytea not null,
  primary key (county, id)
);
comment on table entry is 'The journal: every fact, never edited. A correcting entry carries the root it stands for and the place where that stood.';
create unique index entry_replaces on entry (county, replaces) where replaces is not null;
create index entry_seq on entry (county, seq);
create index entry_type on entry (county, type, happened_on);

create table entry_subject (
  county text not null,
  entry uuid not null,
  kind text not null,
  subject uuid not null,
  link int not null,
  about boolean not null,
  hash bytea not null,
  primary key (county, entry, kind, subject)
);
comment on table entry_subject is 'Whom an entry is about, with the link of the subject''s hash chain. about is false where a correction dropped the subject.';
create unique index entry_subject_chain on entry_subject (county, kind, subject, link);

create table chain (
  county text not null,
  kind text not null,
  subject uuid not null,
  length int not null,
  hash bytea not null,
  primary key (county, kind, subject)
);

create table tally (
  county text not null,
  kind text not null,
  subject uuid not null,
  type text not null,
  part text not null,
  month text not null,
  count int not null,
  amount numeric not null,
  primary key (county, kind, subject, type, part, month)
);
comment on table tally is 'Counts and amounts per subject, entry type, part and month, kept in the statement that writes the entry.';
create index tally_month on tally (county, type, part, month) include (subject, count);

create table receipt (
  id uuid primary key,
  actor text not null,
  operation text not null,
  input_hash bytea not null,
  result jsonb not null,
  recorded_at timestamptz not null
);
comment on table receipt is 'The first answer to each write, given again to a repeat.';

create table setting (
  name text primary key,
  value jsonb not null
);

-- County rows: an actor reaches the counties of its scope.
create procedure protect_county_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy county on %I using (in_scope(county, (select actor_scope()))) with check (in_scope(county, (select actor_scope())))', name);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

-- Rows about one person: seen by whoever sees the person, written inside the actor's counties.
create procedure protect_person_table(name text) language plpgsql as $$
declare
  -- A case, not an or: the planner then does not take the whole policy for a filter that leaves one row.
  visible text := 'in_scope(county, (select actor_scope())) and case
    when (select actor_reach()) = ''area'' and length((select actor_scope())) <= 6 then true
    else exists (select 1 from person p where p.county = ' || quote_ident(name) || '.county and p.id = ' || quote_ident(name) || '.person) end';
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy person on %I using (%s) with check (in_scope(county, (select actor_scope())))', name, visible);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

call protect_county_table('entry_subject');
call protect_county_table('chain');
call protect_county_table('tally');

alter table entry enable row level security;
grant select, insert on entry to kangtu_app;
grant select on entry to kangtu_report;

-- Receipts belong to whoever wrote them.
alter table receipt enable row level security;
create policy own on receipt using (actor = (select actor_user())) with check (actor = (select actor_user()));
grant select, insert on receipt to kangtu_app;

grant select, insert, update on setting to kangtu_app;
