-- Organisations, persons, their facts, their file and who may see it.

create table organisation (
  id uuid primary key,
  county text not null,
  division text not null,
  kind text not null,
  tier text not null,
  name text not null,
  parent uuid,
  phone text,
  address text,
  functions text[] not null,
  capacity int,
  opened_on date not null,
  closed_on date,
  entry uuid not null
);
comment on table organisation is 'A reference table: offices, hospitals, centres and sites. Names only, no person.';
create index organisation_division on organisation (division, kind);
grant select, insert, update, delete on organisation to kangtu_app;
grant select on organisation to kangtu_report;

create table staff (
  county text not null,
  id uuid not null,
  organisation uuid not null,
  name text not null,
  discipline text not null,
  qualification text,
  assessor_trained_on date,
  since_on date not null,
  until_on date,
  entry uuid not null,
  primary key (county, id)
);
create index staff_organisation on staff (organisation);
call protect_county_table('staff');

create table person (
  county text not null,
  id uuid not null,
  name text not null,
  name_initials text not null,
  sex text not null,
  birth_date date,
  id_number text,
  id_kind text,
  certificate_number text,
  phone text,
  address text,
  town text,
  village text,
  household_division text,
  guardian jsonb,
  linked_to uuid,
  listed_on date not null,
  entry uuid not null,
  primary key (county, id)
);
comment on table person is 'A record of a person. linked_to names the record that stands for the same human; un-linking clears it, nothing is merged.';
create index person_id_number on person (county, id_number);
create index person_certificate on person (county, certificate_number);
create index person_name on person (county, name, birth_date);
create index person_town on person (county, town, id);
create index person_linked on person (county, linked_to) where linked_to is not null;

create table fact (
  county text not null,
  person uuid not null,
  kind text not null,
  happened_on date not null,
  value jsonb not null,
  source text not null,
  entry uuid not null,
  position int not null,
  primary key (county, person, kind, happened_on, entry, position)
);
comment on table fact is 'Every fact ever given about a person, with its source and day; the newest stands, none is overwritten.';

create table file (
  county text not null,
  id uuid not null,
  person uuid not null,
  episode int not null,
  stage text not null,
  stage_on date not null,
  town text,
  site uuid,
  applied_on date,
  registered_on date,
  referred_on date,
  queued_on date,
  accepted_on date,
  in_service_on date,
  ended_on date,
  outcome text,
  entry uuid not null,
  primary key (county, id)
);
comment on table file is 'One episode of a person''s file (一人一档): its stage now and the days of its steps.';
create unique index file_person on file (county, person, episode);
create index file_stage on file (county, stage, stage_on);
create index file_registered on file (county, registered_on, ended_on);
create index file_site on file (county, site, stage);

create table placement (
  county text not null,
  person uuid not null,
  file uuid not null,
  town text,
  site uuid,
  from_on date not null,
  until_on date,
  entry uuid not null,
  primary key (county, person, file, from_on, entry)
);
comment on table placement is 'Where a registered person is counted, day by day: until_on is the first day it no longer holds.';
create index placement_site on placement (county, site, from_on);

create table sight (
  county text not null,
  person uuid not null,
  organisation uuid not null,
  level text not null,
  from_on date not null,
  until_on date,
  primary key (county, person, organisation)
);
comment on table sight is 'Organisations that may see a person: minimum while a referral waits, full while they serve.';
create index sight_organisation on sight (organisation, county, person);

alter table person enable row level security;
create policy visible on person using (
  in_scope(county, (select actor_scope())) and case (select actor_reach())
    when 'area' then length((select actor_scope())) <= 6 or town = (select actor_scope())
    when 'organisation' then exists (
      select 1 from sight s where s.county = person.county and s.person = person.id
        and s.organisation = (select actor_organisation())::uuid and s.until_on is null)
    else false end)
  with check (in_scope(county, (select actor_scope())));
grant select, insert, update, delete on person to kangtu_app;
grant select on person to kangtu_report;

call protect_county_table('sight');
call protect_person_table('fact');
call protect_person_table('file');
call protect_person_table('placement');

create policy visible on entry using (
  in_scope(county, (select actor_scope())) and case
    when (select actor_reach()) = 'area' and length((select actor_scope())) <= 6 then true
    else actor = (select actor_user())
      or exists (select 1 from entry_subject s join person p on p.county = s.county and p.id = s.subject
        where s.county = entry.county and s.entry = entry.id and s.kind = 'person') end)
  with check (in_scope(county, (select actor_scope())) and (select actor_user()) in (actor, 'kangtu'));
