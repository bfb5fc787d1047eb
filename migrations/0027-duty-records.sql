-- What is noted as done by whoever owes it, for duties and dated steps of which no other ledger of the product tells (DESIGN, policy packs).

create table duty_record (
  county text not null,
  id uuid not null,
  rule text not null,
  area text not null,
  organisation uuid,
  due_on date not null,
  step text,
  happened_on date not null,
  note text not null,
  recorded_by text not null,
  recorded_role text not null,
  recorded_organisation text,
  primary key (county, id)
);
comment on table duty_record is 'A note that a duty or a step of a milestone is done: rule of the pack, the area or organisation that owed it, the day on which it fell due.';
create index duty_record_rule on duty_record (county, rule, area, due_on);

call protect_county_table('duty_record');
