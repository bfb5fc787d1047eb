// Rows of half-yearly reports: reads, and the projection that writes them from entries.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { type Report, reportDrafted, reportEdited, reportFiled } from './report.ts';

const columns = sql`county, id, period, as_of as "asOf", due_on as "dueOn", organisation, figures, body as text,
  drafted_on as "draftedOn", filed_on as "filedOn", hash`;

export const findReport = async (tx: Tx, id: string): Promise<Report | undefined> => {
  const { rows } = await sql<Report>`select ${columns} from report where id = ${id}`.execute(tx);
  return rows[0];
};

export type ReportRow = Pick<Report, 'county' | 'id' | 'period' | 'dueOn' | 'filedOn'>;

/** The reports of these counties, drafts included. */
export const listReports = async (tx: Tx, counties: readonly string[]): Promise<ReportRow[]> => {
  const { rows } = await sql<ReportRow>`
    select county, id, period, due_on as "dueOn", filed_on as "filedOn" from report
    where county = any(${[...counties]}::text[]) order by period desc, county`.execute(tx);
  return rows;
};

const rowsOf = (entries: readonly Entry[]): object[] =>
  entries.flatMap((entry) =>
    subjectIds(entry, 'report').map((id) => {
      const { text, ...content } = entry.body as Record<string, unknown>;
      return { ...content, body: text, county: entry.county, id, on: entry.on, filed: entry.type === reportFiled.type };
    }),
  );

const upsertReports = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into report (county, id, period, as_of, due_on, organisation, figures, body, drafted_on, filed_on, hash)
    select county, id, period, "asOf", "dueOn", organisation, figures, body, "on", case when filed then "on" end, hash
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, period text, "asOf" date, "dueOn" date, organisation text,
      figures jsonb, body jsonb, "on" date, filed boolean, hash text)
    on conflict (county, id) do update set as_of = excluded.as_of, due_on = excluded.due_on, organisation = excluded.organisation,
      figures = excluded.figures, body = excluded.body, filed_on = excluded.filed_on, hash = excluded.hash`.execute(tx);
};

const editReports = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    update report r set body = t.body
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, body jsonb)
    where r.county = t.county and r.id = t.id`.execute(tx);
};

/** One at a time: a batch may draft, edit and file the same report. There are a handful of them a year. */
const applyReports = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  for (const entry of entries) await (entry.type === reportEdited.type ? editReports : upsertReports)(tx, [entry]);
};

export const reportProjection: Projection = {
  types: [reportDrafted.type, reportEdited.type, reportFiled.type],
  tables: [{ name: 'report', kind: 'report', column: 'id' }],
  apply: applyReports,
};
