-- What sign-in is held to: age and history of passwords, second factors, the last sign-in, and failures counted where all servers see them.

alter table account add column signed_in_at timestamptz;
comment on column account.signed_in_at is 'The last time its password was given rightly.';

alter table account_credential add column password_set_at timestamptz, add column must_change boolean not null default false;
comment on column account_credential.must_change is 'The password was set by somebody else: its owner chooses another one first.';
update account_credential set password_set_at = updated_at;

comment on column account_session.created_at is 'By the clock of the product, as updated_at and expires_at are.';
comment on column account_session.updated_at is 'When its owner last did something.';
-- Their instants were the library's, by another clock in a demo: everybody signs in anew.
delete from account_session;
alter table account_session add column second_factor_at timestamptz;

create table account_password (
  account uuid not null references account,
  hash text not null,
  set_at timestamptz not null,
  primary key (account, hash)
);
comment on table account_password is 'The last passwords of an account, the present one among them, so that none comes back.';
insert into account_password (account, hash, set_at)
  select account, password, updated_at from account_credential where provider = 'credential' and password is not null;

create table account_second_factor (
  account uuid primary key references account,
  secret text not null,
  proposed_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint
);
comment on table account_second_factor is 'The secret is sealed by a key outside the database. Counts once confirmed. last_step: a code works once.';

create table account_recovery_code (
  account uuid not null references account,
  hash text not null,
  primary key (account, hash)
);
comment on table account_recovery_code is 'Codes not yet used, hashed; one that is used is deleted.';

create table sign_in_failure (
  username text primary key,
  failures int not null,
  failed_at timestamptz not null
);
comment on table sign_in_failure is 'By name and not by account: names that do not exist are counted and locked alike.';
create index sign_in_failure_failed_at on sign_in_failure (failed_at);

grant select, insert, update, delete on account_password, account_second_factor, account_recovery_code, sign_in_failure to kangtu_app;
