-- Yearly joint sweeps (CM-06) and which towns and villages they have covered.

create table sweep (
  county text not null,
  id uuid not null,
  year int not null,
  title text not null,
  from_on date not null,
  to_on date not null,
  departments text[] not null,
  towns text[] not null,
  opened_on date not null,
  closed_on date,
  summary text,
  primary key (county, id)
);

create table sweep_cover (
  county text not null,
  id uuid not null,
  sweep uuid not null,
  town text not null,
  village text,
  households int not null,
  residents int not null,
  found int not null,
  note text,
  covered_on date not null,
  recorded_by text not null,
  primary key (county, id)
);
create index sweep_cover_sweep on sweep_cover (county, sweep, town);

call protect_county_table('sweep');
call protect_county_table('sweep_cover');
