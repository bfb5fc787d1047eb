-- Replay and verify walk the journal in windows of places.
create index entry_place on entry (county, place) where place is not null;
