-- Activities and training events, and the staff who took part.

create table activity (
  county text not null,
  id uuid not null,
  kind text not null,
  division text not null,
  organisation uuid,
  title text not null,
  place text,
  held_on date not null,
  hours numeric not null,
  reached int,
  families int,
  leaflets int,
  note text,
  recorded_at timestamptz not null,
  primary key (county, id)
);
create index activity_held on activity (county, held_on);

create table activity_staff (
  county text not null,
  activity uuid not null,
  staff uuid not null,
  hours numeric not null,
  credits numeric,
  primary key (county, activity, staff)
);
create index activity_staff_staff on activity_staff (county, staff);

call protect_county_table('activity');
call protect_county_table('activity_staff');
