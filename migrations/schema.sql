-- What the migrations make, listed by src/kernel/schema.ts and compared by its test; not for running.

table account
  id uuid not null
  username text not null
  name text not null
  email text not null
  email_verified boolean not null
  image text
  role text not null
  organisation uuid
  scope text not null
  disabled_at timestamp with time zone
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  signed_in_at timestamp with time zone
  pending_at timestamp with time zone
  pending_for text[] not null default ('{}'::text[])
  reviewed_at timestamp with time zone
  reviewed_by text
  review text
  review_note text
  constraint account_email_key UNIQUE (email)
  constraint account_pkey PRIMARY KEY (id)
  constraint account_username_key UNIQUE (username)
  CREATE INDEX account_scope ON account USING btree (scope text_pattern_ops, username)
  grant insert, select, update to kangtu_app

table account_credential
  id uuid not null
  account uuid not null
  provider text not null
  subject text not null
  password text
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp with time zone
  refresh_token_expires_at timestamp with time zone
  token_scope text
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  password_set_at timestamp with time zone
  must_change boolean not null default (false)
  constraint account_credential_account_fkey FOREIGN KEY (account) REFERENCES account(id)
  constraint account_credential_pkey PRIMARY KEY (id)
  constraint account_credential_provider_subject_key UNIQUE (provider, subject)
  CREATE INDEX account_credential_account ON account_credential USING btree (account)
  grant delete, insert, select, update to kangtu_app

table account_password
  account uuid not null
  hash text not null
  set_at timestamp with time zone not null
  constraint account_password_account_fkey FOREIGN KEY (account) REFERENCES account(id)
  constraint account_password_pkey PRIMARY KEY (account, hash)
  grant delete, insert, select, update to kangtu_app

table account_recovery_code
  account uuid not null
  hash text not null
  constraint account_recovery_code_account_fkey FOREIGN KEY (account) REFERENCES account(id)
  constraint account_recovery_code_pkey PRIMARY KEY (account, hash)
  grant delete, insert, select, update to kangtu_app

table account_second_factor
  account uuid not null
  secret text not null
  proposed_at timestamp with time zone not null
  confirmed_at timestamp with time zone
  last_step bigint
  constraint account_second_factor_account_fkey FOREIGN KEY (account) REFERENCES account(id)
  constraint account_second_factor_pkey PRIMARY KEY (account)
  grant delete, insert, select, update to kangtu_app

table account_session
  id uuid not null
  account uuid not null
  token text not null
  expires_at timestamp with time zone not null
  ip_address text
  user_agent text
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  second_factor_at timestamp with time zone
  by_identity_server boolean not null default (false)
  constraint account_session_account_fkey FOREIGN KEY (account) REFERENCES account(id)
  constraint account_session_pkey PRIMARY KEY (id)
  constraint account_session_token_key UNIQUE (token)
  CREATE INDEX account_session_account ON account_session USING btree (account)
  grant delete, insert, select, update to kangtu_app

table account_verification
  id uuid not null
  identifier text not null
  value text not null
  expires_at timestamp with time zone not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint account_verification_pkey PRIMARY KEY (id)
  CREATE INDEX account_verification_identifier ON account_verification USING btree (identifier)
  grant delete, insert, select, update to kangtu_app

table activity
  county text not null
  id uuid not null
  kind text not null
  division text not null
  organisation uuid
  title text not null
  place text
  held_on date not null
  hours numeric not null
  reached integer
  families integer
  leaflets integer
  note text
  recorded_at timestamp with time zone not null
  constraint activity_pkey PRIMARY KEY (county, id)
  CREATE INDEX activity_held ON activity USING btree (county, held_on)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table activity_staff
  county text not null
  activity uuid not null
  staff uuid not null
  hours numeric not null
  credits numeric
  constraint activity_staff_pkey PRIMARY KEY (county, activity, staff)
  CREATE INDEX activity_staff_staff ON activity_staff USING btree (county, staff)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table agreement
  county text not null
  id uuid not null
  person uuid not null
  organisation uuid not null
  signed_on date not null
  signed_by text not null
  signer text not null
  from_on date not null
  until_on date
  frequency integer not null
  items text[] not null
  price numeric not null
  constraint agreement_pkey PRIMARY KEY (county, id)
  CREATE INDEX agreement_person ON agreement USING btree (county, person, from_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table application
  county text not null
  id uuid not null
  person uuid not null
  route text not null
  applicant text not null
  relation text
  phone text
  needs text
  client_willing boolean not null
  guardian_willing boolean
  received_on date not null
  decision text
  decided_on date
  reason text
  constraint application_pkey PRIMARY KEY (county, id)
  CREATE INDEX application_open ON application USING btree (county, received_on) WHERE (decision IS NULL)
  CREATE INDEX application_person ON application USING btree (county, person)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table assessment
  county text not null
  id uuid not null
  person uuid not null
  kind text not null
  happened_on date not null
  assessor text not null
  results jsonb not null
  risk integer
  note text
  constraint assessment_pkey PRIMARY KEY (county, id)
  CREATE INDEX assessment_person ON assessment USING btree (county, person, kind, happened_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table attachment
  county text not null
  id uuid not null
  organisation uuid not null
  content bytea not null
  constraint attachment_pkey PRIMARY KEY (county, id)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'organisation'::text) THEN (organisation = (( SELECT actor_organisation() AS actor_organisation))::uuid) ELSE false END ELSE false END
  grant delete, insert, select, update to kangtu_app

table attendance
  county text not null
  session uuid not null
  person uuid not null
  organisation uuid not null
  happened_on date not null
  kind text not null
  domain text not null
  standardized boolean not null
  start_at text not null
  minutes integer not null
  leader text not null
  title text
  service text
  constraint attendance_pkey PRIMARY KEY (county, session, person)
  CREATE INDEX attendance_organisation ON attendance USING btree (county, organisation, happened_on)
  CREATE INDEX attendance_person ON attendance USING btree (county, person, happened_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table audit_day
  day date not null
  first_place bigint not null
  last_place bigint not null
  previous text not null
  hash text not null
  archived_at timestamp with time zone not null
  constraint audit_day_pkey PRIMARY KEY (day)
  row level security

table audit_line
  seq bigint not null generated always as identity
  day date not null
  at timestamp with time zone not null
  actor text not null
  role text not null
  organisation uuid
  scope text
  address text
  operation text not null
  kind text not null
  outcome text not null
  persons uuid[] not null
  details jsonb not null
  constraint audit_line_pkey PRIMARY KEY (seq)
  CREATE INDEX audit_line_day ON audit_line USING btree (day, seq)
  CREATE INDEX audit_line_persons ON audit_line USING gin (persons) WHERE (persons <> '{}'::uuid[])
  row level security
  policy audited for select using  CASE WHEN (( SELECT actor_role() AS actor_role) = 'auditAdmin'::text) THEN ((scope IS NULL) OR starts_with(scope, ( SELECT actor_scope() AS actor_scope))) ELSE false END
  policy written for insert with check ((( SELECT actor_user() AS actor_user) = actor) OR (( SELECT actor_user() AS actor_user) = 'kangtu'::text))
  grant insert, select to kangtu_app

table audit_link
  place bigint not null
  day date not null
  seq bigint not null
  hash text not null
  constraint audit_link_pkey PRIMARY KEY (place)
  constraint audit_link_seq_key UNIQUE (seq)
  CREATE INDEX audit_link_day ON audit_link USING btree (day, place)
  row level security

table body
  county text not null
  id uuid not null
  kind text not null
  division text not null
  name text not null
  office text
  village text
  person uuid
  opened_on date not null
  closed_on date
  constraint body_pkey PRIMARY KEY (county, id)
  CREATE INDEX body_division ON body USING btree (division, kind)
  CREATE INDEX body_person ON body USING btree (county, person) WHERE (person IS NOT NULL)
  row level security
  policy body for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ((person IS NULL) OR ( SELECT sees_area() AS sees_area)) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['figures'::text, 'none'::text])) THEN false WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table body_member
  county text not null
  id uuid not null
  body uuid not null
  person uuid
  name text not null
  unit text
  duty text not null
  item text
  staff uuid
  family boolean not null
  phone text
  from_on date not null
  until_on date
  constraint body_member_pkey PRIMARY KEY (county, id)
  CREATE INDEX body_member_body ON body_member USING btree (county, body)
  row level security
  policy body for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ((person IS NULL) OR ( SELECT sees_area() AS sees_area)) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['figures'::text, 'none'::text])) THEN false WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table census_decision
  county text not null
  fingerprint text not null
  person uuid not null
  decided_on date not null
  constraint census_decision_pkey PRIMARY KEY (county, fingerprint)
  row level security
  policy area for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN ( SELECT sees_area() AS sees_area) ELSE false END with check (starts_with(county, ( SELECT actor_counties() AS actor_counties)) AND ( SELECT sees_area() AS sees_area))
  grant delete, insert, select, update to kangtu_app

table census_list
  county text not null
  id uuid not null
  sender text not null
  file_name text not null
  status text not null
  listed_on date not null
  tables jsonb not null
  rows integer not null
  done integer not null
  job uuid
  counts jsonb not null
  uploaded_by text not null
  uploaded_at timestamp with time zone not null
  finished_at timestamp with time zone
  constraint census_list_pkey PRIMARY KEY (county, id)
  CREATE INDEX census_list_uploaded ON census_list USING btree (county, uploaded_at DESC, id)
  row level security
  policy area for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN ( SELECT sees_area() AS sees_area) ELSE false END with check (starts_with(county, ( SELECT actor_counties() AS actor_counties)) AND ( SELECT sees_area() AS sees_area))
  grant delete, insert, select, update to kangtu_app

table census_mapping
  county text not null
  sender text not null
  columns jsonb not null
  constraint census_mapping_pkey PRIMARY KEY (county, sender)
  row level security
  policy area for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN ( SELECT sees_area() AS sees_area) ELSE false END with check (starts_with(county, ( SELECT actor_counties() AS actor_counties)) AND ( SELECT sees_area() AS sees_area))
  grant delete, insert, select, update to kangtu_app

table census_row
  county text not null
  list uuid not null
  position integer not null
  sheet text not null
  row_number integer not null
  epoch integer not null
  cells jsonb not null
  reading jsonb
  planned text
  plan jsonb
  outcome text
  person uuid
  birth_date date
  id_number_index bigint
  certificate_index bigint
  constraint census_row_pkey PRIMARY KEY (county, list, "position")
  CREATE INDEX census_row_birth ON census_row USING btree (birth_date, list) WHERE (planned = ANY (ARRAY['create'::text, 'update'::text]))
  CREATE INDEX census_row_certificate ON census_row USING btree (certificate_index, list) WHERE (planned = ANY (ARRAY['create'::text, 'update'::text]))
  CREATE INDEX census_row_id_number ON census_row USING btree (id_number_index, list) WHERE (planned = ANY (ARRAY['create'::text, 'update'::text]))
  CREATE INDEX census_row_outcome ON census_row USING btree (county, list, COALESCE(outcome, planned), "position")
  CREATE INDEX census_row_person ON census_row USING btree (person, list) WHERE (person IS NOT NULL)
  CREATE INDEX census_row_waiting ON census_row USING btree (county, list, "position") WHERE (outcome = 'waiting'::text)
  row level security
  policy area for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN ( SELECT sees_area() AS sees_area) ELSE false END with check (starts_with(county, ( SELECT actor_counties() AS actor_counties)) AND ( SELECT sees_area() AS sees_area))
  grant delete, insert, select, update to kangtu_app

table chain
  county text not null
  kind text not null
  subject uuid not null
  length integer not null
  hash bytea not null
  constraint chain_pkey PRIMARY KEY (county, kind, subject)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table consent
  county text not null
  id uuid not null
  person uuid not null
  signed_on date not null
  signed_by text not null
  signer text not null
  from_on date not null
  until_on date
  withdrawn_on date
  version text not null
  purposes text[] not null
  recipients text[] not null
  constraint consent_pkey PRIMARY KEY (county, id)
  CREATE INDEX consent_person ON consent USING btree (county, person, from_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table duty_record
  county text not null
  id uuid not null
  rule text not null
  area text not null
  organisation uuid
  due_on date not null
  step text
  happened_on date not null
  note text not null
  recorded_by text not null
  recorded_role text not null
  recorded_organisation text
  constraint duty_record_pkey PRIMARY KEY (county, id)
  CREATE INDEX duty_record_rule ON duty_record USING btree (county, rule, area, due_on)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table entry
  county text not null
  id uuid not null
  seq bigint not null generated always as identity
  place bigint
  root uuid
  type text not null
  happened_on date not null
  recorded_at timestamp with time zone not null
  actor text not null
  role text not null
  organisation text
  device text
  body jsonb not null
  findings jsonb not null
  replaces uuid
  hash bytea not null
  constraint entry_pkey PRIMARY KEY (county, id)
  CREATE INDEX entry_place ON entry USING btree (county, place) WHERE (place IS NOT NULL)
  CREATE UNIQUE INDEX entry_replaces ON entry USING btree (county, replaces) WHERE (replaces IS NOT NULL)
  CREATE INDEX entry_seq ON entry USING btree (county, seq)
  CREATE INDEX entry_type ON entry USING btree (county, type, happened_on)
  row level security
  policy visible for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (actor = ( SELECT actor_user() AS actor_user)) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN (EXISTS ( SELECT FROM town_entry t WHERE ((t.county = entry.county) AND (t.entry = entry.id)))) ELSE sees_subject(county, id) END ELSE false END with check (starts_with(county, ( SELECT actor_counties() AS actor_counties)) AND ((( SELECT actor_user() AS actor_user) = actor) OR (( SELECT actor_user() AS actor_user) = 'kangtu'::text)))
  grant insert, select to kangtu_app
  grant select to kangtu_report

table entry_subject
  county text not null
  entry uuid not null
  kind text not null
  subject uuid not null
  link integer not null
  about boolean not null
  hash bytea not null
  constraint entry_subject_pkey PRIMARY KEY (county, entry, kind, subject)
  CREATE UNIQUE INDEX entry_subject_chain ON entry_subject USING btree (county, kind, subject, link)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table exchange
  county text not null
  id uuid not null
  month text not null
  sender text not null
  receiver text not null
  kind text not null
  rows integer not null
  hash text not null
  purpose text not null
  sent_on date not null
  sent_at timestamp with time zone not null
  sent_by text not null
  received_on date
  received_rows integer
  remark text
  received_by text
  constraint exchange_pkey PRIMARY KEY (county, id)
  CREATE INDEX exchange_month ON exchange USING btree (county, month)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table exchange_list
  county text not null
  list uuid not null
  month text not null
  department text not null
  taken_on date not null
  reconciled_on date
  matched integer
  created integer
  refused integer
  dismissed integer
  constraint exchange_list_pkey PRIMARY KEY (county, list)
  CREATE INDEX exchange_list_month ON exchange_list USING btree (county, month)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table exchange_row
  county text not null
  exchange uuid not null
  position integer not null
  person uuid not null
  cells jsonb not null
  constraint exchange_row_pkey PRIMARY KEY (county, exchange, "position")
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_person(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table fact
  county text not null
  person uuid not null
  kind text not null
  happened_on date not null
  value jsonb not null
  source text not null
  entry uuid not null
  position integer not null
  constraint fact_pkey PRIMARY KEY (county, person, kind, happened_on, entry, "position")
  CREATE INDEX fact_high_risk ON fact USING btree (county, person) WHERE ((kind = 'risk'::text) AND (value >= '3'::jsonb))
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table file
  county text not null
  id uuid not null
  person uuid not null
  episode integer not null
  stage text not null
  stage_on date not null
  town text
  site uuid
  applied_on date
  registered_on date
  referred_on date
  queued_on date
  accepted_on date
  in_service_on date
  ended_on date
  outcome text
  entry uuid not null
  constraint file_pkey PRIMARY KEY (county, id)
  CREATE UNIQUE INDEX file_person ON file USING btree (county, person, episode)
  CREATE INDEX file_registered ON file USING btree (county, registered_on, ended_on)
  CREATE INDEX file_site ON file USING btree (county, site, stage)
  CREATE INDEX file_stage ON file USING btree (county, stage, stage_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_person(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table hazard
  county text not null
  id uuid not null
  organisation uuid not null
  found_by uuid not null
  kind text not null
  item text not null
  label text not null
  remark text not null
  found_on date not null
  due_on date not null
  closed_on date
  done text
  constraint hazard_pkey PRIMARY KEY (county, id)
  CREATE INDEX hazard_organisation ON hazard USING btree (county, organisation, found_on)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['area'::text, 'figures'::text])) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'organisation'::text) THEN (organisation = (( SELECT actor_organisation() AS actor_organisation))::uuid) ELSE false END ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table job
  id uuid not null
  kind text not null
  owner text not null
  actor jsonb not null
  payload jsonb not null
  state text not null
  done integer not null
  total integer
  note text
  result jsonb
  version integer not null
  created_at timestamp with time zone not null
  finished_at timestamp with time zone
  constraint job_pkey PRIMARY KEY (id)
  CREATE INDEX job_owner ON job USING btree (owner, created_at)
  row level security
  policy own for all using ((( SELECT actor_user() AS actor_user) = owner) OR (( SELECT actor_user() AS actor_user) = 'kangtu'::text)) with check ((( SELECT actor_user() AS actor_user) = owner) OR (( SELECT actor_user() AS actor_user) = 'kangtu'::text))
  grant delete, insert, select, update to kangtu_app

table meeting
  county text not null
  id uuid not null
  body uuid not null
  person uuid
  held_on date not null
  place text
  agenda text not null
  decisions text
  present uuid[] not null
  absent uuid[] not null
  guests text[] not null
  recorded_at timestamp with time zone not null
  constraint meeting_pkey PRIMARY KEY (county, id)
  CREATE INDEX meeting_body ON meeting USING btree (county, body, held_on)
  CREATE INDEX meeting_held ON meeting USING btree (county, held_on)
  row level security
  policy body for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ((person IS NULL) OR ( SELECT sees_area() AS sees_area)) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['figures'::text, 'none'::text])) THEN false WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table meeting_task
  county text not null
  meeting uuid not null
  id uuid not null
  body uuid not null
  person uuid
  position integer not null
  text text not null
  responsible text not null
  due_on date not null
  closed_on date
  note text
  constraint meeting_task_pkey PRIMARY KEY (county, meeting, id)
  CREATE INDEX meeting_task_open ON meeting_task USING btree (county, due_on) WHERE (closed_on IS NULL)
  row level security
  policy body for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ((person IS NULL) OR ( SELECT sees_area() AS sees_area)) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['figures'::text, 'none'::text])) THEN false WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table opening
  county text not null
  id uuid not null
  person uuid not null
  opened_by text not null
  opened_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  ended_at timestamp with time zone
  ended_by text
  constraint opening_pkey PRIMARY KEY (county, id)
  CREATE INDEX opening_by ON opening USING btree (opened_by, opened_at)
  CREATE INDEX opening_person ON opening USING btree (county, person, opened_by, ends_at)
  row level security
  policy opened for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN (( SELECT sees_area() AS sees_area) OR (opened_by = ( SELECT actor_user() AS actor_user))) ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table organisation
  id uuid not null
  county text not null
  division text not null
  kind text not null
  tier text not null
  name text not null
  parent uuid
  phone text
  address text
  functions text[] not null
  capacity integer
  opened_on date not null
  closed_on date
  entry uuid not null
  changed_on date
  constraint organisation_pkey PRIMARY KEY (id)
  CREATE INDEX organisation_division ON organisation USING btree (division, kind)
  CREATE INDEX organisation_opened ON organisation USING btree (kind, opened_on)
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table pack_adoption
  county text not null
  id uuid not null
  subject uuid not null
  pack text not null
  version text
  text text
  areas text[] not null
  from_on date not null
  reason text not null
  recorded_at timestamp with time zone not null
  constraint pack_adoption_check CHECK (((version IS NULL) = (text IS NULL)))
  constraint pack_adoption_pkey PRIMARY KEY (county, id)
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table person
  county text not null
  id uuid not null
  name text not null
  sex text not null
  birth_date date
  id_number text
  id_kind text
  certificate_number text
  phone text
  address text
  town text
  village text
  household_division text
  guardian jsonb
  linked_to uuid
  listed_on date not null
  entry uuid not null
  name_index bigint
  id_number_index bigint
  certificate_index bigint
  name_search bigint[]
  id_number_search bigint[]
  certificate_search bigint[]
  phone_search bigint[]
  guardian_search bigint[]
  withheld_on date
  erased_on date
  constraint person_pkey PRIMARY KEY (county, id)
  CREATE INDEX person_birth ON person USING btree (county, birth_date)
  CREATE INDEX person_certificate ON person USING btree (county, certificate_index)
  CREATE INDEX person_id_number ON person USING btree (county, id_number_index)
  CREATE INDEX person_linked ON person USING btree (county, linked_to) WHERE (linked_to IS NOT NULL)
  CREATE INDEX person_name ON person USING btree (county, name_index, birth_date)
  CREATE INDEX person_town ON person USING btree (county, town, id)
  CREATE INDEX person_town_listed ON person USING btree (county, town, listed_on DESC NULLS LAST, id DESC) WHERE (linked_to IS NULL)
  row level security
  policy visible for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN (town = ( SELECT actor_scope() AS actor_scope)) WHEN (( SELECT actor_reach() AS actor_reach) = 'organisation'::text) THEN (EXISTS ( SELECT 1 FROM sight s WHERE ((s.county = person.county) AND (s.person = person.id) AND (s.organisation = (( SELECT actor_organisation() AS actor_organisation))::uuid) AND (s.until_on IS NULL) AND ((s.level = 'minimum'::text) OR (sharing_ended(s.county, s.person, s.from_on, ( SELECT actor_day() AS actor_day)) IS NULL))))) WHEN (( SELECT actor_reach() AS actor_reach) = 'figures'::text) THEN (EXISTS ( SELECT 1 FROM opening o WHERE ((o.county = person.county) AND (o.person = person.id) AND (o.opened_by = ( SELECT actor_user() AS actor_user)) AND (o.ended_at IS NULL) AND (o.ends_at > ( SELECT actor_now() AS actor_now))))) ELSE false END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table placement
  county text not null
  person uuid not null
  file uuid not null
  town text
  site uuid
  from_on date not null
  until_on date
  entry uuid not null
  constraint placement_pkey PRIMARY KEY (county, person, file, from_on, entry)
  CREATE INDEX placement_site ON placement USING btree (county, site, from_on)
  CREATE INDEX placement_town ON placement USING btree (county, town, from_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_person(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table plan
  county text not null
  id uuid not null
  person uuid not null
  made_on date not null
  from_on date not null
  until_on date
  review_on date not null
  superseded_on date
  agreed boolean not null
  goals jsonb not null
  constraint plan_pkey PRIMARY KEY (county, id)
  CREATE INDEX plan_person ON plan USING btree (county, person, from_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table receipt
  id uuid not null
  actor text not null
  operation text not null
  input_hash bytea not null
  result jsonb not null
  recorded_at timestamp with time zone not null
  constraint receipt_pkey PRIMARY KEY (id)
  row level security
  policy own for all using (actor = ( SELECT actor_user() AS actor_user)) with check (actor = ( SELECT actor_user() AS actor_user))
  grant insert, select to kangtu_app

table referral
  county text not null
  id uuid not null
  person uuid not null
  organisation uuid not null
  origin uuid
  reason text not null
  situation text
  suggestion text
  status text not null
  sent_on date not null
  queued_on date
  reviewed_on date
  wish text
  answered_on date
  cause text
  note text
  constraint referral_pkey PRIMARY KEY (county, id)
  CREATE INDEX referral_open ON referral USING btree (organisation, sent_on) WHERE (status = ANY (ARRAY['sent'::text, 'queued'::text]))
  CREATE INDEX referral_person ON referral USING btree (county, person)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN ((( SELECT actor_organisation() AS actor_organisation) = (organisation)::text) OR (( SELECT actor_organisation() AS actor_organisation) = (origin)::text)) THEN sees_person(county, person) WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table report
  county text not null
  id uuid not null
  period text not null
  as_of date not null
  due_on date not null
  organisation text not null
  figures jsonb not null
  body jsonb not null
  drafted_on date not null
  filed_on date
  hash text
  area text not null
  from_on date
  due_before text
  filed_at timestamp with time zone
  constraint report_pkey PRIMARY KEY (county, id)
  CREATE UNIQUE INDEX report_period ON report USING btree (county, area, period)
  row level security
  policy area for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN (area = county) THEN true WHEN (( SELECT current_setting('kangtu.reach'::text, true) AS current_setting) = 'area'::text) THEN starts_with(area, ( SELECT actor_scope() AS actor_scope)) ELSE false END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table residence
  county text not null
  person uuid not null
  from_on date not null
  town text not null
  entry uuid not null
  constraint residence_pkey PRIMARY KEY (county, person, from_on, entry)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_person(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table screening
  county text not null
  id uuid not null
  person uuid not null
  happened_on date not null
  outcome text not null
  pack text not null
  version text not null
  findings jsonb not null
  constraint screening_pkey PRIMARY KEY (county, id)
  CREATE INDEX screening_person ON screening USING btree (county, person, happened_on DESC, id DESC)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table sealing_key
  county text not null
  subject uuid not null
  wrapped text
  master text
  withheld_at timestamp with time zone
  destroyed_at timestamp with time zone
  constraint sealing_key_pkey PRIMARY KEY (county, subject)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant insert, select, update to kangtu_app

table setting
  name text not null
  value jsonb not null
  constraint setting_pkey PRIMARY KEY (name)
  grant insert, select, update to kangtu_app

table sight
  county text not null
  person uuid not null
  organisation uuid not null
  level text not null
  from_on date not null
  until_on date
  constraint sight_pkey PRIMARY KEY (county, person, organisation)
  CREATE INDEX sight_organisation ON sight USING btree (organisation, county, person)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table sign_in_failure
  username text not null
  failures integer not null
  failed_at timestamp with time zone not null
  constraint sign_in_failure_pkey PRIMARY KEY (username)
  CREATE INDEX sign_in_failure_failed_at ON sign_in_failure USING btree (failed_at)
  grant delete, insert, select, update to kangtu_app

table site_check
  county text not null
  id uuid not null
  organisation uuid not null
  kind text not null
  happened_on date not null
  ok integer not null
  asked integer not null
  items jsonb not null
  inspectors text[] not null
  departments text[] not null
  recorder text not null
  constraint site_check_pkey PRIMARY KEY (county, id)
  CREATE INDEX site_check_organisation ON site_check USING btree (county, organisation, kind, happened_on DESC, id DESC)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN (( SELECT actor_reach() AS actor_reach) = ANY (ARRAY['area'::text, 'figures'::text])) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'organisation'::text) THEN (organisation = (( SELECT actor_organisation() AS actor_organisation))::uuid) ELSE false END ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table site_document
  county text not null
  id uuid not null
  organisation uuid not null
  site_check uuid not null
  item text
  caption text not null
  media_type text not null
  bytes integer not null
  sha256 text not null
  added_on date not null
  recorder text not null
  constraint site_document_pkey PRIMARY KEY (county, id)
  CREATE INDEX site_document_organisation ON site_document USING btree (county, organisation, site_check)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'organisation'::text) THEN (organisation = (( SELECT actor_organisation() AS actor_organisation))::uuid) ELSE false END ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table staff
  county text not null
  id uuid not null
  organisation uuid not null
  name text not null
  discipline text not null
  qualification text
  assessor_trained_on date
  since_on date not null
  until_on date
  entry uuid not null
  constraint staff_pkey PRIMARY KEY (county, id)
  CREATE INDEX staff_organisation ON staff USING btree (organisation)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table staff_qualification
  county text not null
  staff uuid not null
  from_on date not null
  kind text not null
  entry uuid not null
  constraint staff_qualification_pkey PRIMARY KEY (county, staff, from_on, entry)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table standing
  county text not null
  person uuid not null
  file uuid not null
  consent datemultirange not null
  agreement datemultirange not null
  plan datemultirange not null
  asked_from date
  baseline_on date
  assessed_on date[] not null
  constraint standing_pkey PRIMARY KEY (county, file)
  CREATE INDEX standing_person ON standing USING btree (county, person)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table suspension
  county text not null
  id uuid not null
  person uuid not null
  reason text not null
  from_on date not null
  constraint suspension_pkey PRIMARY KEY (county, id)
  CREATE INDEX suspension_person ON suspension USING btree (county, person, from_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table sweep
  county text not null
  id uuid not null
  year integer not null
  title text not null
  from_on date not null
  to_on date not null
  departments text[] not null
  towns text[] not null
  opened_on date not null
  closed_on date
  summary text
  constraint sweep_pkey PRIMARY KEY (county, id)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table sweep_cover
  county text not null
  id uuid not null
  sweep uuid not null
  town text not null
  village text
  households integer not null
  residents integer not null
  found integer not null
  note text
  covered_on date not null
  recorded_by text not null
  constraint sweep_cover_pkey PRIMARY KEY (county, id)
  CREATE INDEX sweep_cover_sweep ON sweep_cover USING btree (county, sweep, town)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table tally
  county text not null
  kind text not null
  subject uuid not null
  type text not null
  part text not null
  month text not null
  count integer not null
  amount numeric not null
  constraint tally_pkey PRIMARY KEY (county, kind, subject, type, part, month)
  CREATE INDEX tally_month ON tally USING btree (county, type, part, month) INCLUDE (subject, count)
  row level security
  policy county for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN true ELSE false END
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report

table team_assessment
  county text not null
  id uuid not null
  person uuid not null
  happened_on date not null
  members jsonb not null
  opinion text not null
  suitable boolean not null
  domains text[] not null
  constraint team_assessment_pkey PRIMARY KEY (county, id)
  CREATE INDEX team_assessment_person ON team_assessment USING btree (county, person, happened_on)
  row level security
  policy person for all using  CASE WHEN starts_with(county, ( SELECT actor_counties() AS actor_counties)) THEN CASE WHEN ( SELECT sees_area() AS sees_area) THEN true WHEN (( SELECT actor_reach() AS actor_reach) = 'area'::text) THEN ((county, person) IN ( SELECT t.county, t.id FROM town_person t)) ELSE sees_in_full(county, person) END ELSE false END with check starts_with(county, ( SELECT actor_counties() AS actor_counties))
  grant delete, insert, select, update to kangtu_app
  grant select to kangtu_report
function actor_counties() returns text stable as select left(nullif(current_setting('kangtu.scope', true), 'unset'), 6)
function actor_day() returns date stable as select coalesce((actor_now() at time zone 'Asia/Shanghai')::date, 'infinity'::date)
function actor_now() returns timestamp with time zone stable as select nullif(current_setting('kangtu.now', true), '')::timestamptz
function actor_organisation() returns text stable as select nullif(current_setting('kangtu.organisation', true), '')
function actor_reach() returns text stable as select coalesce(nullif(current_setting('kangtu.reach', true), ''), 'none')
function actor_role() returns text stable as select coalesce(current_setting('kangtu.role', true), '')
function actor_scope() returns text stable as select nullif(current_setting('kangtu.scope', true), 'unset')
function actor_user() returns text stable as select nullif(current_setting('kangtu.actor', true), '')
function audit_persons() returns uuid[] stable as declare asked uuid[] := nullif(current_setting('kangtu.audit_persons', true), '')::uuid[]; begin if actor_role() = 'auditAdmin' then return asked; end if; return (select array_agg(p.id) from person p where p.county = current_setting('kangtu.audit_county', true) and p.id = any (asked)); end
function audit_text(line audit_line) returns text stable as select jsonb_build_object('seq', line.seq, 'day', line.day, 'at', to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'actor', line.actor, 'role', line.role, 'organisation', line.organisation, 'scope', line.scope, 'address', line.address, 'operation', line.operation, 'kind', line.kind, 'outcome', line.outcome, 'persons', line.persons, 'details', line.details)::text
function chain_audit(everything boolean) returns integer as declare line audit_line; last_place bigint; last_day date; last_hash text; done int := 0; begin perform pg_advisory_xact_lock(724684); select place, day, hash into last_place, last_day, last_hash from audit_link order by place desc limit 1; if not found then select d.last_place, d.day, d.hash into last_place, last_day, last_hash from audit_day d order by day desc limit 1; end if; for line in select l.* from audit_line l where (everything or l.seq > coalesce((select max(seq) from audit_link), 0) - 10000) and not exists (select 1 from audit_link k where k.seq = l.seq) order by l.day, l.seq loop last_place := coalesce(last_place, 0) + 1; last_day := greatest(last_day, line.day); last_hash := encode(sha256(convert_to(coalesce(last_hash, '') || audit_text(line), 'UTF8')), 'hex'); insert into audit_link (place, day, seq, hash) values (last_place, last_day, line.seq, last_hash); done := done + 1; end loop; return done; end
procedure protect_body_table(IN name text) as begin execute format('alter table %I enable row level security', name); execute format('create policy body on %I using ( case when starts_with(county, (select actor_counties())) then case when person is null or (select sees_area()) then true when (select actor_reach()) in (''figures'', ''none'') then false %s else sees_in_full(county, person) end else false end) with check (starts_with(county, (select actor_counties())))', name, seen_in_town(name)); execute format('grant select, insert, update, delete on %I to kangtu_app', name); execute format('grant select on %I to kangtu_report', name); end
procedure protect_county_table(IN name text) as begin execute format('alter table %I enable row level security', name); execute format('drop policy if exists county on %I', name); execute format('create policy county on %I using (case when starts_with(county, (select actor_counties())) then true else false end)', name); execute format('grant select, insert, update, delete on %I to kangtu_app', name); execute format('grant select on %I to kangtu_report', name); end
procedure protect_person_table(IN name text) as begin execute format('alter table %I enable row level security', name); execute format('drop policy if exists person on %I', name); execute format('create policy person on %I using (case when starts_with(county, (select actor_counties())) then case when (select sees_area()) then true %s else sees_person(county, person) end else false end) with check (starts_with(county, (select actor_counties())))', name, seen_in_town(name)); execute format('grant select, insert, update, delete on %I to kangtu_app', name); execute format('grant select on %I to kangtu_report', name); end
function seen_in_town(of_table text) returns text immutable as select format('when (select actor_reach()) = ''area'' then (%1$I.county, %1$I.person) in (select t.county, t.id from town_person t)', of_table)
function sees_area() returns boolean stable as select current_setting('kangtu.reach', true) = 'area' and length(actor_scope()) <= 6
function sees_in_full(of_county text, of_person uuid) returns boolean stable as begin if actor_reach() = 'organisation' then return exists (select 1 from sight s where s.county = of_county and s.person = of_person and s.organisation = actor_organisation()::uuid and s.until_on is null and s.level = 'full' and sharing_ended(s.county, s.person, s.from_on, actor_day()) is null); end if; return exists (select 1 from person p where p.county = of_county and p.id = of_person); end
function sees_person(of_county text, of_person uuid) returns boolean stable as begin return exists (select 1 from person p where p.county = of_county and p.id = of_person); end
function sees_subject(of_county text, of_entry uuid) returns boolean stable as begin return exists (select 1 from entry_subject s where s.county = of_county and s.entry = of_entry and s.kind = 'person' and sees_in_full(s.county, s.subject)); end
function sharing_ended(of_county text, of_person uuid, since date, on_day date) returns date stable as begin if starts_with(of_county, actor_counties()) is not true then return null; end if; if exists (select from consent c where c.county = of_county and c.person = of_person and c.signed_on >= since and c.from_on <= on_day and (c.until_on is null or c.until_on >= on_day) and (c.withdrawn_on is null or c.withdrawn_on > on_day)) then return null; end if; return (select max(least(c.withdrawn_on, c.until_on + 1)) from consent c where c.county = of_county and c.person = of_person and c.signed_on >= since and least(c.withdrawn_on, c.until_on + 1) <= on_day); end
function standing_of(of_county text, of_persons uuid[]) returns SETOF standing stable as select f.county, f.person, f.id, coalesce((select range_agg(daterange(c.from_on, least(c.until_on + 1, c.withdrawn_on))) from consent c where c.county = of_county and c.person = f.person and c.signed_on >= f.registered_on and (f.next_on is null or c.signed_on < f.next_on) and (least(c.until_on + 1, c.withdrawn_on) is null or c.from_on < least(c.until_on + 1, c.withdrawn_on))), '{}'), coalesce((select range_agg(daterange(a.from_on, a.until_on + 1)) from agreement a where a.county = of_county and a.person = f.person and a.signed_on >= f.registered_on and (f.next_on is null or a.signed_on < f.next_on) and (a.until_on is null or a.from_on <= a.until_on)), '{}'), coalesce((select range_agg(daterange(l.from_on, least(l.until_on + 1, l.superseded_on))) from plan l where l.county = of_county and l.person = f.person and l.made_on >= f.registered_on and (f.next_on is null or l.made_on < f.next_on) and (least(l.until_on + 1, l.superseded_on) is null or l.from_on < least(l.until_on + 1, l.superseded_on))), '{}'), (select min(a.from_on) from agreement a where a.county = of_county and a.person = f.person and a.signed_on >= f.registered_on and (f.next_on is null or a.signed_on < f.next_on)), s.baseline_on, coalesce(s.assessed_on, '{}') from (select county, person, id, registered_on, lead(registered_on) over (partition by person order by episode) as next_on from file where county = of_county and person = any(of_persons) and registered_on is not null) f cross join lateral (select min(x.happened_on) filter (where x.kind = 'baseline') as baseline_on, array_agg(x.happened_on order by x.happened_on) as assessed_on from assessment x where x.county = of_county and x.person = f.person and x.kind in ('baseline', 'process') and x.happened_on >= f.registered_on and (f.next_on is null or x.happened_on < f.next_on)) s
