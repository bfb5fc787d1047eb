-- What each episode had and when, as the rate asks it: one row instead of many papers (DESIGN, Standardized-service rate).

create table standing (
  county text not null,
  person uuid not null,
  file uuid not null,
  consent datemultirange not null,
  agreement datemultirange not null,
  plan datemultirange not null,
  asked_from date,
  baseline_on date,
  assessed_on date[] not null,
  primary key (county, file)
);
comment on table standing is 'The days of an episode on which a consent, agreement or plan was in force, the first day of its first agreement, its first baseline, and all days of baseline and process assessments in order.';
create index standing_person on standing (county, person);
call protect_person_table('standing');

-- Papers and assessments belong to the episode in whose time they were signed or made.
create function standing_of(of_county text, of_persons uuid[]) returns setof standing stable language sql as $$
  select f.county, f.person, f.id,
    coalesce((select range_agg(daterange(c.from_on, least(c.until_on + 1, c.withdrawn_on))) from consent c
      where c.county = of_county and c.person = f.person and c.signed_on >= f.registered_on and (f.next_on is null or c.signed_on < f.next_on)
        and (least(c.until_on + 1, c.withdrawn_on) is null or c.from_on < least(c.until_on + 1, c.withdrawn_on))), '{}'),
    coalesce((select range_agg(daterange(a.from_on, a.until_on + 1)) from agreement a
      where a.county = of_county and a.person = f.person and a.signed_on >= f.registered_on and (f.next_on is null or a.signed_on < f.next_on)
        and (a.until_on is null or a.from_on <= a.until_on)), '{}'),
    coalesce((select range_agg(daterange(l.from_on, least(l.until_on + 1, l.superseded_on))) from plan l
      where l.county = of_county and l.person = f.person and l.made_on >= f.registered_on and (f.next_on is null or l.made_on < f.next_on)
        and (least(l.until_on + 1, l.superseded_on) is null or l.from_on < least(l.until_on + 1, l.superseded_on))), '{}'),
    (select min(a.from_on) from agreement a
      where a.county = of_county and a.person = f.person and a.signed_on >= f.registered_on and (f.next_on is null or a.signed_on < f.next_on)),
    s.baseline_on, coalesce(s.assessed_on, '{}')
  from (select county, person, id, registered_on, lead(registered_on) over (partition by person order by episode) as next_on from file
      where county = of_county and person = any(of_persons) and registered_on is not null) f
  cross join lateral (select min(x.happened_on) filter (where x.kind = 'baseline') as baseline_on, array_agg(x.happened_on order by x.happened_on) as assessed_on
    from assessment x where x.county = of_county and x.person = f.person and x.kind in ('baseline', 'process')
      and x.happened_on >= f.registered_on and (f.next_on is null or x.happened_on < f.next_on)) s
$$;

insert into standing select s.* from (select county, array_agg(distinct person) as persons from file where registered_on is not null group by county) f
cross join lateral standing_of(f.county, f.persons) s;
