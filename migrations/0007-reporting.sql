-- Half-yearly reports (BZ-32), and the orders in which the measures and the work lists read.

create table report (
  county text not null,
  id uuid not null,
  period text not null,
  as_of date not null,
  due_on date not null,
  organisation text not null,
  figures jsonb not null,
  body jsonb not null,
  drafted_on date not null,
  filed_on date,
  hash text,
  primary key (county, id)
);
comment on table report is 'A county''s report of a half year. body is its text; figures and text are frozen once filed_on and hash are set.';
create unique index report_period on report (county, period);
call protect_county_table('report');

create index placement_town on placement (county, town, from_on);
