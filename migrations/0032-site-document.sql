-- Photos and documents of a check (BZ-04, QS-07): what each is, folded from the journal, and its content, which is kept beside it and goes when it is voided.

create table site_document (
  county text not null,
  id uuid not null,
  organisation uuid not null,
  site_check uuid not null,
  item text,
  caption text not null,
  media_type text not null,
  bytes int not null,
  sha256 text not null,
  added_on date not null,
  recorder text not null,
  primary key (county, id)
);
comment on table site_document is 'A photo or document of a check, of one item of its list where that is named. sha256: of the content as it is kept, sealed like the caption.';
comment on column site_document.recorder is 'The role that added it.';
create index site_document_organisation on site_document (county, organisation, site_check);
call protect_county_table('site_document');

create table attachment (
  county text not null,
  id uuid not null,
  organisation uuid not null,
  content bytea not null,
  primary key (county, id)
);
comment on table attachment is 'The content of a site_document, by its id, sealed with the county''s key. No projection: the journal does not hold it, and a replay leaves it.';
-- Ciphertext cannot be compressed.
alter table attachment alter column content set storage external;
call protect_county_table('attachment');
revoke all on attachment from kangtu_report;

-- Who serves sees those of its own place, departments those of their area; above the counties they are nobody's.
do $$
declare
  name text;
begin
  foreach name in array array['site_document', 'attachment'] loop
    execute format('alter policy county on %I using (
      case when starts_with(county, (select actor_counties())) then case
        when (select actor_reach()) = ''area'' then true
        when (select actor_reach()) = ''organisation'' then organisation = (select actor_organisation())::uuid
        else false end else false end)', name);
  end loop;
end $$;
