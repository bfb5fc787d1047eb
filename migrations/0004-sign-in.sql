-- Accounts and their sessions. The sign-in library (better-auth) reads and writes the first four; role, scope and the like are ours.

create table account (
  id uuid primary key,
  username text not null unique,
  name text not null,
  email text not null unique,
  email_verified boolean not null,
  image text,
  role text not null,
  organisation uuid,
  scope text not null,
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table account is 'Who may sign in, as what and for which area. Never deleted: the journal names its username. email is a stand-in that the library asks for.';
create index account_scope on account (scope text_pattern_ops, username);

create table account_credential (
  id uuid primary key,
  account uuid not null references account,
  provider text not null,
  subject text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  token_scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider, subject)
);
create index account_credential_account on account_credential (account);

create table account_session (
  id uuid primary key,
  account uuid not null references account,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index account_session_account on account_session (account);

create table account_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index account_verification_identifier on account_verification (identifier);

grant select, insert, update on account to kangtu_app;
grant select, insert, update, delete on account_credential, account_session, account_verification to kangtu_app;
