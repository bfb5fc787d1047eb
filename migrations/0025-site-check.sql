-- Changes of an organisation (QS-11), checks of sites against the place's lists (BZ-04, QS-07, QS-14), and the hazards that they find.

alter table organisation add column changed_on date;
comment on column organisation.changed_on is 'Day of the newest change; null: as it was opened.';

create table site_check (
  county text not null,
  id uuid not null,
  organisation uuid not null,
  kind text not null,
  happened_on date not null,
  ok int not null,
  asked int not null,
  items jsonb not null,
  inspectors text[] not null,
  departments text[] not null,
  recorder text not null,
  primary key (county, id)
);
comment on table site_check is 'A check of an organisation. items: what was asked and found; ok of asked items are in order, those that do not apply are not asked.';
comment on column site_check.recorder is 'The role that recorded it.';
create index site_check_organisation on site_check (county, organisation, kind, happened_on desc, id desc);
call protect_county_table('site_check');

create table hazard (
  county text not null,
  id uuid not null,
  organisation uuid not null,
  found_by uuid not null,
  kind text not null,
  item text not null,
  label text not null,
  remark text not null,
  found_on date not null,
  due_on date not null,
  closed_on date,
  done text,
  primary key (county, id)
);
comment on table hazard is 'What a check found and must be put right by due_on: every gap of safety, and other gaps with a day set. A later check that finds the item in order ends it as well, without closed_on.';
create index hazard_organisation on hazard (county, organisation, found_on);
call protect_county_table('hazard');

-- Who serves sees what was found at its own place, departments what was found in their area.
alter policy county on site_check using (
  case when starts_with(county, (select actor_counties())) then case
    when (select actor_reach()) in ('area', 'figures') then true
    when (select actor_reach()) = 'organisation' then organisation = (select actor_organisation())::uuid
    else false end else false end);
alter policy county on hazard using (
  case when starts_with(county, (select actor_counties())) then case
    when (select actor_reach()) in ('area', 'figures') then true
    when (select actor_reach()) = 'organisation' then organisation = (select actor_organisation())::uuid
    else false end else false end);

-- Which other service a session was, where the place's document counts them apart (SY-07).
alter table attendance add column service text;
