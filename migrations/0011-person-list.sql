-- The list of a town: in order of names without sorting, and counted from the index alone.

create index person_town_name on person (county, town, name_initials collate "C", id) where linked_to is null;
