-- Reports of towns besides those of counties (QS-13, QS-12), for other periods than half a year, and due at a time of day.

alter table report add column area text, add column from_on date, add column due_before text, add column filed_at timestamptz;
update report set area = county;
update report r set filed_at = (
  select max(e.recorded_at) from entry_subject s join entry e on e.county = s.county and e.id = s.entry
  where s.county = r.county and s.kind = 'report' and s.subject = r.id and e.type = 'report.file')
where r.filed_on is not null;
alter table report alter column area set not null;
comment on table report is 'What an office (area: county or town) reports of a period. body is its text; figures and text are frozen once filed_on and hash are set.';

drop index report_period;
create unique index report_period on report (county, area, period);

-- A county's report goes to the city; a town's goes to its county, and neither a sister town nor an office above the county reads it.
drop policy county on report;
create policy area on report using (case when starts_with(county, (select actor_counties())) then case
    when area = county then true
    when (select current_setting('kangtu.reach', true)) = 'area' then starts_with(area, (select actor_scope()))
    else false end else false end)
  with check (starts_with(county, (select actor_counties())));
