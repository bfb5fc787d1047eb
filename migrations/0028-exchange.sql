-- Monthly exchange of data between departments (CM-07): batches that went out, their receipts, and the lists that came back.

create table exchange (
  county text not null,
  id uuid not null,
  month text not null,
  sender text not null,
  receiver text not null,
  kind text not null,
  rows int not null,
  hash text not null,
  purpose text not null,
  sent_on date not null,
  sent_at timestamptz not null,
  sent_by text not null,
  received_on date,
  received_rows int,
  remark text,
  received_by text,
  primary key (county, id)
);
comment on table exchange is 'A batch from one department to another. hash: of its lines, sealed. received_rows: the lines that the receiver counted; the receipt agrees when they are as many as rows.';
create index exchange_month on exchange (county, month);

create table exchange_row (
  county text not null,
  exchange uuid not null,
  position int not null,
  person uuid not null,
  cells jsonb not null,
  primary key (county, exchange, position)
);
comment on table exchange_row is 'The lines of a batch that has no agreeing receipt yet, each sealed with its person''s key. On their way only: no projection, and gone with the receipt.';

create table exchange_list (
  county text not null,
  list uuid not null,
  month text not null,
  department text not null,
  taken_on date not null,
  reconciled_on date,
  matched int,
  created int,
  refused int,
  dismissed int,
  primary key (county, list)
);
comment on table exchange_list is 'A department''s census list that counts as its part of a month''s exchange; the counts are those of the day it was reconciled.';
create index exchange_list_month on exchange_list (county, month);

call protect_county_table('exchange');
call protect_person_table('exchange_row');
call protect_county_table('exchange_list');
