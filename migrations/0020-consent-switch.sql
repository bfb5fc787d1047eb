-- Consent as a switch (PIPL 15, 23): an organisation that serves a person sees them while the consent lasts. The request's day decides, not a job.

create function actor_day() returns date stable parallel safe language sql
  as $$ select coalesce((actor_now() at time zone 'Asia/Shanghai')::date, 'infinity'::date) $$;
comment on function actor_day is 'The day of the request; where no time was told, the end of days, on which whatever can end has ended.';

-- As its owner it reads past the policy of consent, which itself asks whether the person is seen.
create function sharing_ended(of_county text, of_person uuid, since date, on_day date) returns date stable parallel safe cost 20
  language plpgsql security definer set search_path = pg_catalog, public
  as $$ begin
    if starts_with(of_county, actor_counties()) is not true then return null; end if;
    if exists (select from consent c where c.county = of_county and c.person = of_person and c.signed_on >= since and c.from_on <= on_day
        and (c.until_on is null or c.until_on >= on_day) and (c.withdrawn_on is null or c.withdrawn_on > on_day)) then
      return null;
    end if;
    return (select max(least(c.withdrawn_on, c.until_on + 1)) from consent c where c.county = of_county and c.person = of_person
      and c.signed_on >= since and least(c.withdrawn_on, c.until_on + 1) <= on_day);
  end $$;
comment on function sharing_ended is 'The day on which the last of the consents signed since a day ended; null while one is valid, and before the first.';
revoke all on function sharing_ended from public;
grant execute on function sharing_ended to kangtu_app, kangtu_report;

create or replace function sees_in_full(of_county text, of_person uuid) returns boolean stable parallel safe cost 10 language plpgsql
  as $$ begin
    if actor_reach() = 'organisation' then
      return exists (select 1 from sight s where s.county = of_county and s.person = of_person
        and s.organisation = actor_organisation()::uuid and s.until_on is null and s.level = 'full'
        and sharing_ended(s.county, s.person, s.from_on, actor_day()) is null);
    end if;
    return exists (select 1 from person p where p.county = of_county and p.id = of_person);
  end $$;

-- The minimum is seen for a referral's own ground, before there is a consent (docs/decisions/0008).
alter policy visible on person using (
  case when starts_with(county, (select actor_counties())) then case
    when (select sees_area()) then true
    when (select actor_reach()) = 'area' then town = (select actor_scope())
    when (select actor_reach()) = 'organisation' then exists (
      select 1 from sight s where s.county = person.county and s.person = person.id
        and s.organisation = (select actor_organisation())::uuid and s.until_on is null
        and (s.level = 'minimum' or sharing_ended(s.county, s.person, s.from_on, (select actor_day())) is null))
    when (select actor_reach()) = 'figures' then exists (
      select 1 from opening o where o.county = person.county and o.person = person.id and o.opened_by = (select actor_user())
        and o.ended_at is null and o.ends_at > (select actor_now()))
    else false end else false end)
  with check (starts_with(county, (select actor_counties())));
