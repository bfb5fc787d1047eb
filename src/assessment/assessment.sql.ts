// Rows of team opinions and assessments: a person's history and series, the staff who assess, and the projection that writes them.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { File } from '../person/file.ts';
import {
  type AssessmentView,
  type Assessor,
  assessmentRecorded,
  type TeamAssessmentView,
  teamAssessed,
} from './assessment.ts';

const assessmentColumns = sql`id, person, kind, happened_on as "on", assessor, results, risk, note`;

/** Every assessment of a person that stands, oldest first. */
export const listAssessments = async (tx: Tx, county: string, person: string): Promise<AssessmentView[]> => {
  const { rows } = await sql<AssessmentView>`select ${assessmentColumns} from assessment
    where county = ${county} and person = ${person} order by happened_on, id`.execute(tx);
  return rows;
};

/** An assessment that stands and whose person the actor sees, with its county. */
export const findAssessment = async (
  tx: Tx,
  id: string,
): Promise<(AssessmentView & { county: string }) | undefined> => {
  const { rows } = await sql<AssessmentView & { county: string }>`
    select county, ${assessmentColumns} from assessment where id = ${id}`.execute(tx);
  return rows[0];
};

/** The newest baseline of an episode until a day, or undefined; an episode begins with its registration. */
export const findBaseline = async (
  tx: Tx,
  file: Pick<File, 'county' | 'person' | 'registeredOn'>,
  on: string,
): Promise<{ id: string; on: string } | undefined> => {
  const { rows } = await sql<{ id: string; on: string }>`
    select id, happened_on as "on" from assessment
    where county = ${file.county} and person = ${file.person} and kind = 'baseline' and happened_on between ${file.registeredOn} and ${on}
    order by happened_on desc, id desc limit 1`.execute(tx);
  return rows[0];
};

/** Every team opinion of a person, newest first. */
export const listTeamAssessments = async (tx: Tx, county: string, person: string): Promise<TeamAssessmentView[]> => {
  const { rows } = await sql<TeamAssessmentView>`
    select id, happened_on as "on", members, opinion, suitable, domains from team_assessment
    where county = ${county} and person = ${person} order by happened_on desc, id desc`.execute(tx);
  return rows;
};

/** These staff as they were on a day; whoever had not joined or had left is not among them. */
export const getStaff = async (
  tx: Tx,
  county: string,
  ids: readonly string[],
  on: string,
): Promise<Map<string, Assessor>> => {
  const { rows } = await sql<Assessor>`
    select s.id, s.name, s.discipline, s.assessor_trained_on as "trainedOn" from staff s
    where s.county = ${county} and s.id = any(${[...ids]}::uuid[]) and s.since_on <= ${on} and (s.until_on is null or s.until_on > ${on})`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
};

const rowsOf = (entries: readonly Entry[]): object[] =>
  entries.flatMap((entry) =>
    subjectIds(entry, 'person').map((person) => ({
      ...(entry.body as object),
      county: entry.county,
      id: entry.id,
      person,
      on: entry.on,
    })),
  );

const insertTeamAssessments = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into team_assessment (county, id, person, happened_on, members, opinion, suitable, domains)
    select county, id, person, "on", members, opinion, suitable, domains
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, person uuid, "on" date, members jsonb, opinion text,
      suitable boolean, domains text[])
    on conflict (county, id) do update set happened_on = excluded.happened_on, members = excluded.members, opinion = excluded.opinion,
      suitable = excluded.suitable, domains = excluded.domains`.execute(tx);
};

const insertAssessments = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into assessment (county, id, person, kind, happened_on, assessor, results, risk, note)
    select county, id, person, kind, "on", assessor, results, risk, note
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, person uuid, kind text, "on" date, assessor text, results jsonb,
      risk int, note text)
    on conflict (county, id) do update set kind = excluded.kind, happened_on = excluded.happened_on, assessor = excluded.assessor,
      results = excluded.results, risk = excluded.risk, note = excluded.note`.execute(tx);
};

export const assessmentProjection: Projection = {
  types: [teamAssessed.type, assessmentRecorded.type],
  tables: [
    { name: 'team_assessment', kind: 'person', column: 'person' },
    { name: 'assessment', kind: 'person', column: 'person' },
  ],
  apply: async (tx, entries) => {
    const teams = entries.filter((entry) => entry.type === teamAssessed.type);
    if (teams.length) await insertTeamAssessments(tx, teams);
    const assessments = entries.filter((entry) => entry.type === assessmentRecorded.type);
    if (assessments.length) await insertAssessments(tx, assessments);
  },
};
