-- What places have decided about policy packs: a text that holds there from a day, or that a document holds no longer.

create table pack_adoption (
  county text not null,
  id uuid not null,
  subject uuid not null,
  pack text not null,
  version text,
  text text,
  areas text[] not null,
  from_on date not null,
  reason text not null,
  recorded_at timestamptz not null,
  primary key (county, id),
  check ((version is null) = (text is null))
);
comment on table pack_adoption is 'One decision of a place; county is the deciding office''s area. Without a text: withdrawn. The text is kept as it was adopted, so that another file of the product changes nothing there.';
grant select, insert, update, delete on pack_adoption to kangtu_app;
grant select on pack_adoption to kangtu_report;
