-- Bodies that documents ask for, their rosters, meetings and what was resolved to be done.

create table body (
  county text not null,
  id uuid not null,
  kind text not null,
  division text not null,
  name text not null,
  office text,
  village text,
  person uuid,
  opened_on date not null,
  closed_on date,
  primary key (county, id)
);
comment on table body is 'A leading group, joint meeting, expert group or care team. person: whom a care team is for; all rows of that body are then seen by who sees the person. A city''s own bodies have its four digits for a county.';
create index body_division on body (division, kind);
create index body_person on body (county, person) where person is not null;

create table body_member (
  county text not null,
  id uuid not null,
  body uuid not null,
  person uuid,
  name text not null,
  unit text,
  duty text not null,
  item text,
  staff uuid,
  family boolean not null,
  phone text,
  from_on date not null,
  until_on date,
  primary key (county, id)
);
comment on table body_member is 'In the body on D when from_on <= D and until_on is null or > D. item: which required member of the policy''s list this is. person is the body''s, not the member.';
create index body_member_body on body_member (county, body);

create table meeting (
  county text not null,
  id uuid not null,
  body uuid not null,
  person uuid,
  held_on date not null,
  place text,
  agenda text not null,
  decisions text,
  present uuid[] not null,
  absent uuid[] not null,
  guests text[] not null,
  recorded_at timestamptz not null,
  primary key (county, id)
);
create index meeting_body on meeting (county, body, held_on);
create index meeting_held on meeting (county, held_on);

create table meeting_task (
  county text not null,
  meeting uuid not null,
  id uuid not null,
  body uuid not null,
  person uuid,
  position int not null,
  text text not null,
  responsible text not null,
  due_on date not null,
  closed_on date,
  note text,
  primary key (county, meeting, id)
);
create index meeting_task_open on meeting_task (county, due_on) where closed_on is null;

-- What is about nobody is seen by the county's accounts, as staff are; what is about a person, by who sees that person in full, and never
-- above the county, not even while a file of the person is open there.
create procedure protect_body_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy body on %I using (case when starts_with(county, (select actor_counties())) then case
    when person is null or (select sees_area()) then true
    when (select actor_reach()) in (''figures'', ''none'') then false
    else sees_in_full(county, person) end else false end)
    with check (starts_with(county, (select actor_counties())))', name);
  execute format('grant select, insert, update, delete on %I to kangtu_app', name);
  execute format('grant select on %I to kangtu_report', name);
end $$;

call protect_body_table('body');
call protect_body_table('body_member');
call protect_body_table('meeting');
call protect_body_table('meeting_task');
