-- Keys of sealed fields, and persons found without their names in clear: the columns that hold them become ciphertext.

create table sealing_key (
  county text not null,
  subject uuid not null,
  wrapped text,
  master text,
  withheld_at timestamptz,
  destroyed_at timestamptz,
  primary key (county, subject)
);
comment on table sealing_key is 'The data key of a person, of a list, or (nil) of a county for what is about several persons, wrapped by the master key that is named. A destroyed key is null, for good; a withheld one opens and seals nothing until it is released.';
call protect_county_table('sealing_key');
revoke all on sealing_key from kangtu_report;
revoke delete on sealing_key from kangtu_app;

drop index person_id_number, person_certificate, person_name, person_initials, person_id_tail, person_certificate_tail, person_town_name;
alter table person drop column name_initials,
  add column name_index bigint, add column id_number_index bigint, add column certificate_index bigint,
  add column name_search bigint[], add column id_number_search bigint[], add column certificate_search bigint[],
  add column phone_search bigint[], add column guardian_search bigint[],
  add column withheld_on date, add column erased_on date;
comment on column person.name_index is 'Keyed hash of the name, as are the other indexes of theirs. The searches hash what a person is sought by: parts and initials of the name, ends of numbers.';
create index person_id_number on person (county, id_number_index);
create index person_certificate on person (county, certificate_index);
create index person_name on person (county, name_index, birth_date);
create index person_town_listed on person (county, town, listed_on desc nulls last, id desc) where linked_to is null;

drop index census_row_id_number, census_row_certificate;
alter table census_row drop column id_number, drop column certificate_number,
  add column id_number_index bigint, add column certificate_index bigint;
create index census_row_id_number on census_row (id_number_index, list) where planned in ('create', 'update');
create index census_row_certificate on census_row (certificate_index, list) where planned in ('create', 'update');
