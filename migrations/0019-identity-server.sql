-- Signing in by an identity server; accounts that wait for a second administrator, and what the security administrator thought of them.

alter table account_session add column by_identity_server boolean not null default false;
comment on column account_session.by_identity_server is 'Began without our password, whose age and owner then do not matter.';
comment on column account_credential.subject is 'provider identityServer: who the account is there. Tokens of that server are never kept.';

alter table account add column pending_at timestamptz, add column pending_for text[] not null default '{}';
comment on column account.pending_at is 'Until a security administrator has confirmed what is in pending_for nobody signs in with it.';

alter table account add column reviewed_at timestamptz, add column reviewed_by text, add column review text, add column review_note text;
comment on column account.review is 'confirmed or flagged: what the security administrator said last.';
