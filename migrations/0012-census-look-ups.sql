-- The look-ups of a dry run begin with the key itself: beside two equal columns first, the four indexes looked alike to a planner whose
-- statistics were of before the list, and it walked the whole list for every key.

drop index census_row_id_number;
drop index census_row_certificate;
drop index census_row_birth;
drop index census_row_person;
create index census_row_id_number on census_row (id_number, list) where planned in ('create', 'update');
create index census_row_certificate on census_row (certificate_number, list) where planned in ('create', 'update');
create index census_row_birth on census_row (birth_date, list) where planned in ('create', 'update');
create index census_row_person on census_row (person, list) where person is not null;
