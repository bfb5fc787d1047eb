-- Offices above the counties see no person (reach `figures`), but whom they have opened for a reason and for a time.

create function actor_now() returns timestamptz stable parallel safe language sql
  as $$ select nullif(current_setting('kangtu.now', true), '')::timestamptz $$;
comment on function actor_now is 'The instant of the request, by the clock of the app; null where nothing was said, and then nothing is open.';

create table opening (
  county text not null,
  id uuid not null,
  person uuid not null,
  opened_by text not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  primary key (county, id)
);
comment on table opening is 'A person shown to an officer above the county for a reason and until an instant; the county may end it earlier. The reason stands in the entry of the same id.';
create index opening_person on opening (county, person, opened_by, ends_at);
create index opening_by on opening (opened_by, opened_at);

alter table opening enable row level security;
create policy opened on opening using (
  case when starts_with(county, (select actor_counties())) then (select sees_area()) or opened_by = (select actor_user()) else false end)
  with check (starts_with(county, (select actor_counties())));
grant select, insert, update, delete on opening to kangtu_app;
grant select on opening to kangtu_report;

alter policy visible on person using (
  case when starts_with(county, (select actor_counties())) then case
    when (select sees_area()) then true
    when (select actor_reach()) = 'area' then town = (select actor_scope())
    when (select actor_reach()) = 'organisation' then exists (
      select 1 from sight s where s.county = person.county and s.person = person.id
        and s.organisation = (select actor_organisation())::uuid and s.until_on is null)
    when (select actor_reach()) = 'figures' then exists (
      select 1 from opening o where o.county = person.county and o.person = person.id and o.opened_by = (select actor_user())
        and o.ended_at is null and o.ends_at > (select actor_now()))
    else false end else false end)
  with check (starts_with(county, (select actor_counties())));

-- BZ-12: whom an organisation was only sent, it sees by name, stage and its own referral. What is known of the person beyond that is
-- hidden here, so that no statement of any slice can forget it. Row-level security of sight and person holds inside the functions.
create function sees_in_full(of_county text, of_person uuid) returns boolean stable parallel safe cost 10 language plpgsql
  as $$ begin
    if actor_reach() = 'organisation' then
      return exists (select 1 from sight s where s.county = of_county and s.person = of_person
        and s.organisation = actor_organisation()::uuid and s.until_on is null and s.level = 'full');
    end if;
    return exists (select 1 from person p where p.county = of_county and p.id = of_person);
  end $$;

create or replace function sees_subject(of_county text, of_entry uuid) returns boolean stable parallel safe cost 10 language plpgsql
  as $$ begin return exists (select 1 from entry_subject s
    where s.county = of_county and s.entry = of_entry and s.kind = 'person' and sees_in_full(s.county, s.subject)); end $$;

-- Everything said of a person but the episodes of the file and where the person is counted: those say no more than the referral.
do $$
declare name text;
begin
  foreach name in array array['fact', 'application', 'team_assessment', 'assessment', 'consent', 'agreement', 'plan', 'attendance',
    'screening', 'standing'] loop
    execute format('alter policy person on %I using (case when starts_with(county, (select actor_counties())) then
      case when (select sees_area()) then true else sees_in_full(county, person) end else false end)', name);
  end loop;
end $$;

alter policy person on referral using (case when starts_with(county, (select actor_counties())) then
  case when (select sees_area()) then true
    when (select actor_organisation()) in (organisation::text, origin::text) then sees_person(county, person)
    else sees_in_full(county, person) end else false end);
