-- The pathway: applications, referrals, assessments, consent and agreement, plans, sessions.

create table application (
  county text not null,
  id uuid not null,
  person uuid not null,
  route text not null,
  applicant text not null,
  relation text,
  phone text,
  needs text,
  client_willing boolean not null,
  guardian_willing boolean,
  received_on date not null,
  decision text,
  decided_on date,
  reason text,
  primary key (county, id)
);
create index application_person on application (county, person);
create index application_open on application (county, received_on) where decision is null;
call protect_person_table('application');

create table referral (
  county text not null,
  id uuid not null,
  person uuid not null,
  organisation uuid not null,
  origin uuid,
  reason text not null,
  situation text,
  suggestion text,
  status text not null,
  sent_on date not null,
  queued_on date,
  reviewed_on date,
  wish text,
  answered_on date,
  cause text,
  note text,
  primary key (county, id)
);
comment on table referral is 'status: sent, queued, accepted, declined, withdrawn. reviewed_on is the last review of a queue (BZ-13).';
create index referral_person on referral (county, person);
create index referral_open on referral (organisation, sent_on) where status in ('sent', 'queued');
call protect_person_table('referral');

create table team_assessment (
  county text not null,
  id uuid not null,
  person uuid not null,
  happened_on date not null,
  members jsonb not null,
  opinion text not null,
  suitable boolean not null,
  domains text[] not null,
  primary key (county, id)
);
create index team_assessment_person on team_assessment (county, person, happened_on);
call protect_person_table('team_assessment');

create table assessment (
  county text not null,
  id uuid not null,
  person uuid not null,
  kind text not null,
  happened_on date not null,
  assessor text not null,
  results jsonb not null,
  risk int,
  note text,
  primary key (county, id)
);
create index assessment_person on assessment (county, person, kind, happened_on);
call protect_person_table('assessment');

create table consent (
  county text not null,
  id uuid not null,
  person uuid not null,
  signed_on date not null,
  signed_by text not null,
  signer text not null,
  from_on date not null,
  until_on date,
  withdrawn_on date,
  version text not null,
  purposes text[] not null,
  recipients text[] not null,
  primary key (county, id)
);
comment on table consent is 'Valid on D when from_on <= D, until_on is null or >= D, and withdrawn_on is null or > D.';
create index consent_person on consent (county, person, from_on);
call protect_person_table('consent');

create table agreement (
  county text not null,
  id uuid not null,
  person uuid not null,
  organisation uuid not null,
  signed_on date not null,
  signed_by text not null,
  signer text not null,
  from_on date not null,
  until_on date,
  frequency int not null,
  items text[] not null,
  price numeric not null,
  primary key (county, id)
);
create index agreement_person on agreement (county, person, from_on);
call protect_person_table('agreement');

create table plan (
  county text not null,
  id uuid not null,
  person uuid not null,
  made_on date not null,
  from_on date not null,
  until_on date,
  review_on date not null,
  superseded_on date,
  agreed boolean not null,
  goals jsonb not null,
  primary key (county, id)
);
comment on table plan is 'In force on D when from_on <= D, until_on is null or >= D, and superseded_on (the next plan''s from_on) is null or > D.';
create index plan_person on plan (county, person, from_on);
call protect_person_table('plan');

create table attendance (
  county text not null,
  session uuid not null,
  person uuid not null,
  organisation uuid not null,
  happened_on date not null,
  kind text not null,
  domain text not null,
  standardized boolean not null,
  start_at text not null,
  minutes int not null,
  leader text not null,
  title text,
  primary key (county, session, person)
);
comment on table attendance is 'One person at one session, with what the session was: whoever sees the person sees it, and a void takes it away with the person''s other rows.';
create index attendance_person on attendance (county, person, happened_on);
create index attendance_organisation on attendance (county, organisation, happened_on);
call protect_person_table('attendance');
