-- Census lists while they are worked on: working data, not state of the journal. What is imported enters as entries only.

create table census_list (
  county text not null,
  id uuid not null,
  sender text not null,
  file_name text not null,
  status text not null,
  listed_on date not null,
  tables jsonb not null,
  rows int not null,
  done int not null,
  job uuid,
  counts jsonb not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  finished_at timestamptz,
  primary key (county, id)
);
comment on table census_list is 'A department''s list. county is the area it is for: a county (6 digits), a city (4) whose rows name their county, or empty for the nation. done counts the rows of the step under way.';
create index census_list_uploaded on census_list (county, uploaded_at desc, id);

create table census_row (
  county text not null,
  list uuid not null,
  position int not null,
  sheet text not null,
  row_number int not null,
  epoch int not null,
  cells jsonb not null,
  reading jsonb,
  planned text,
  plan jsonb,
  outcome text,
  person uuid,
  id_number text,
  certificate_number text,
  birth_date date,
  primary key (county, list, position)
);
comment on table census_row is 'A row of a list as it came (cells), as it was read, what the dry run planned, and what came of it. outcome waiting: a person decides.';
create index census_row_outcome on census_row (county, list, (coalesce(outcome, planned)), position);
create index census_row_id_number on census_row (county, list, id_number) where planned in ('create', 'update');
create index census_row_certificate on census_row (county, list, certificate_number) where planned in ('create', 'update');
create index census_row_birth on census_row (county, list, birth_date) where planned in ('create', 'update');
create index census_row_person on census_row (county, list, person) where person is not null;
create index census_row_waiting on census_row (county, list, position) where outcome = 'waiting';

create table census_mapping (
  county text not null,
  sender text not null,
  columns jsonb not null,
  primary key (county, sender)
);
comment on table census_mapping is 'Which column is which field, as confirmed for the last list of a sender.';

create table census_decision (
  county text not null,
  fingerprint text not null,
  person uuid not null,
  decided_on date not null,
  primary key (county, fingerprint)
);
comment on table census_decision is 'Whom a doubtful row was decided to be, by a hash of what it says, so that the same row is not asked about again.';

-- Whole lists are seen by those who see every person of the area; a town or a site works on persons, not on lists.
create procedure protect_census_table(name text) language plpgsql as $$
declare
  visible text := 'in_scope(county, (select actor_scope())) and (select actor_reach()) = ''area'' and length((select actor_scope())) <= 6';
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy area on %I using (%s) with check (%s)', name, visible, visible);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
end $$;
call protect_census_table('census_list');
call protect_census_table('census_row');
call protect_census_table('census_mapping');
call protect_census_table('census_decision');
drop procedure protect_census_table(text);

create index person_birth on person (county, birth_date);
