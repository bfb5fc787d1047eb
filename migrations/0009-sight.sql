-- The policies once more, cheap to plan and to run: what depends on the actor alone is asked once a statement, and whether a person is
-- seen is a function, so that a statement over seven tables does not carry seven copies of the policy of `person`.
-- Each is one `case`: the planner takes a case to leave half of the rows, but starts_with() to leave one in two hundred, and then joins
-- as if there were only a handful.

create function actor_counties() returns text stable parallel safe language sql
  as $$ select left(nullif(current_setting('kangtu.scope', true), 'unset'), 6) $$;
comment on function actor_counties is 'What the county codes of the actor''s scope begin with; null sees nothing.';

create function sees_area() returns boolean stable parallel safe language sql
  as $$ select current_setting('kangtu.reach', true) = 'area' and length(actor_scope()) <= 6 $$;
comment on function sees_area is 'Whether the actor sees every person of the scope''s counties, so that no person need be looked up.';

-- Their callers' row-level security holds inside them. In plpgsql, because a function in SQL would be unfolded into the statement again.
create function sees_person(of_county text, of_person uuid) returns boolean stable parallel safe cost 10 language plpgsql
  as $$ begin return exists (select 1 from person p where p.county = of_county and p.id = of_person); end $$;
create function sees_subject(of_county text, of_entry uuid) returns boolean stable parallel safe cost 10 language plpgsql
  as $$ begin return exists (select 1 from entry_subject s join person p on p.county = s.county and p.id = s.subject
    where s.county = of_county and s.entry = of_entry and s.kind = 'person'); end $$;

create or replace procedure protect_county_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('drop policy if exists county on %I', name);
  execute format('create policy county on %I using (case when starts_with(county, (select actor_counties())) then true else false end)', name);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

create or replace procedure protect_person_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('drop policy if exists person on %I', name);
  execute format('create policy person on %I using (case when starts_with(county, (select actor_counties())) then
    case when (select sees_area()) then true else sees_person(county, person) end else false end)
    with check (starts_with(county, (select actor_counties())))', name);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

do $$
declare found record;
begin
  for found in select tablename, policyname from pg_policies where schemaname = 'public' and policyname in ('county', 'person', 'area') loop
    if found.policyname = 'county' then call protect_county_table(found.tablename);
    elsif found.policyname = 'person' then call protect_person_table(found.tablename);
    else execute format('alter policy area on %I using (case when starts_with(county, (select actor_counties())) then (select sees_area()) else false end)
      with check (starts_with(county, (select actor_counties())) and (select sees_area()))', found.tablename);
    end if;
  end loop;
end $$;

alter policy visible on person using (
  case when starts_with(county, (select actor_counties())) then case
    when (select sees_area()) then true
    when (select actor_reach()) = 'area' then town = (select actor_scope())
    when (select actor_reach()) = 'organisation' then exists (
      select 1 from sight s where s.county = person.county and s.person = person.id
        and s.organisation = (select actor_organisation())::uuid and s.until_on is null)
    else false end else false end)
  with check (starts_with(county, (select actor_counties())));

alter policy visible on entry using (
  case when starts_with(county, (select actor_counties())) then case
    when (select sees_area()) then true
    else actor = (select actor_user()) or sees_subject(county, id) end else false end)
  with check (starts_with(county, (select actor_counties())) and (select actor_user()) in (actor, 'kangtu'));

drop function in_scope(text, text);
