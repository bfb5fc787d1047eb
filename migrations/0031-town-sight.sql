-- What an office of a town sees, asked inside the statement: a call of sees_person() for each row of the county that is not the town's made
-- such an office wait ten times as long as the county's. The persons of the town are gathered once for each table of a statement; looked up
-- one by one, they would make every statement of the county's look dear to the planner. Nobody sees more or less by it.

-- As its owner it reads past the policy of person and says the same for an office of a town, so that a statement over seven tables does
-- not carry seven copies of that policy; for every other reach it is empty.
create view town_person as
  select county, id from person where county = actor_counties() and town = actor_scope() and actor_reach() = 'area';
comment on view town_person is 'The persons whom an office of a town sees: `person` under its policy, without what other offices see.';
create view town_entry as
  select s.county, s.entry from entry_subject s join person p on p.county = s.county and p.id = s.subject
  where s.county = actor_counties() and s.kind = 'person' and p.county = actor_counties() and p.town = actor_scope() and actor_reach() = 'area';
comment on view town_entry is 'The entries about the persons of `town_person`.';
grant select on town_person, town_entry to kangtu_app, kangtu_report;

create function seen_in_town(of_table text) returns text immutable language sql
  as $$ select format('when (select actor_reach()) = ''area'' then (%1$I.county, %1$I.person) in (select t.county, t.id from town_person t)', of_table) $$;
comment on function seen_in_town is 'The branch of a policy by which an office of a town sees the rows about its persons.';

create or replace procedure protect_person_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('drop policy if exists person on %I', name);
  execute format('create policy person on %I using (case when starts_with(county, (select actor_counties())) then
    case when (select sees_area()) then true %s else sees_person(county, person) end else false end)
    with check (starts_with(county, (select actor_counties())))', name, seen_in_town(name));
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

create or replace procedure protect_body_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy body on %I using (
    case when starts_with(county, (select actor_counties())) then case
      when person is null or (select sees_area()) then true
      when (select actor_reach()) in (''figures'', ''none'') then false
      %s else sees_in_full(county, person) end else false end)
    with check (starts_with(county, (select actor_counties())))', name, seen_in_town(name));
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

-- Whatever stands in a policy about persons stays as it is, but for offices of towns.
do $$
declare
  found record;
  asked text;
begin
  for found in select tablename, policyname, qual from pg_policies where schemaname = 'public' and qual ~ 'ELSE sees_(person|in_full)\(county, person\)' loop
    asked := regexp_replace(found.qual, 'ELSE (sees_(person|in_full)\(county, person\))', seen_in_town(found.tablename) || ' else \1');
    execute format('alter policy %I on %I using (%s)', found.policyname, found.tablename, asked);
  end loop;
end $$;

alter policy visible on entry using (
  case when starts_with(county, (select actor_counties())) then case
    when (select sees_area()) then true
    when actor = (select actor_user()) then true
    when (select actor_reach()) = 'area' then exists (select from town_entry t where t.county = entry.county and t.entry = entry.id)
    else sees_subject(county, id) end else false end);
