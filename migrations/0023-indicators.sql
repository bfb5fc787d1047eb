-- What the indicators ask as of a day and no row told: backgrounds of staff, pauses of service with their reason, and where listed persons lived.

create table staff_qualification (
  county text not null,
  staff uuid not null,
  from_on date not null,
  kind text not null,
  entry uuid not null,
  primary key (county, staff, from_on, entry)
);
comment on table staff_qualification is 'The background of a member of staff from a day on (BZ-21); the newest that has begun holds. Who joined before it was asked has none.';
call protect_county_table('staff_qualification');

create table suspension (
  county text not null,
  id uuid not null,
  person uuid not null,
  reason text not null,
  from_on date not null,
  primary key (county, id)
);
comment on table suspension is 'A pause of service and why: relapse, hospital, family, other.';
create index suspension_person on suspension (county, person, from_on);
call protect_person_table('suspension');
alter policy person on suspension using (case when starts_with(county, (select actor_counties())) then
  case when (select sees_area()) then true else sees_in_full(county, person) end else false end);

create table residence (
  county text not null,
  person uuid not null,
  from_on date not null,
  town text not null,
  entry uuid not null,
  primary key (county, person, from_on, entry)
);
comment on table residence is 'The town of a listed person from a day on; the newest that has begun holds. Where registered persons are counted says placement.';
call protect_person_table('residence');

-- Entries that were voided or corrected away do not stand; none of these types has corrections.
insert into suspension (county, id, person, reason, from_on)
select e.county, e.id, s.subject, e.body ->> 'reason', e.happened_on
from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'person' and s.about
where e.type = 'service.suspend';

insert into residence (county, person, from_on, town, entry)
select e.county, s.subject, e.happened_on, e.body #>> '{identity,town}', e.id
from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'person' and s.about
where e.type in ('person.list', 'person.update') and e.body #>> '{identity,town}' is not null;

create index organisation_opened on organisation (kind, opened_on);
