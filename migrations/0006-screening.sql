-- Screenings with the findings they rest on, and the orders in which persons are listed and found.

create table screening (
  county text not null,
  id uuid not null,
  person uuid not null,
  happened_on date not null,
  outcome text not null,
  pack text not null,
  version text not null,
  findings jsonb not null,
  primary key (county, id)
);
comment on table screening is 'outcome: eligible, ineligible, unknown, by the pack and version named. The newest is the one of the last day, then of the last id.';
create index screening_person on screening (county, person, happened_on desc, id desc);
call protect_person_table('screening');

create index person_initials on person (county, name_initials collate "C", id);
create index person_id_tail on person (county, right(id_number, 4));
create index person_certificate_tail on person (county, right(certificate_number, 4));
