// Rows of reports: reads, and the projection that writes them from entries.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { type Report, reportDrafted, reportEdited, reportFiled } from './report.ts';

const columns = sql`county, id, area, nullif(area, county) as town, period, from_on as "fromOn", as_of as "asOf", due_on as "dueOn",
  due_before as "dueBefore", organisation, figures, body as text, drafted_on as "draftedOn", filed_on as "filedOn", filed_at as "filedAt", hash`;

export const findReport = async (tx: Tx, id: string): Promise<Report | undefined> => {
  const { rows } = await sql<Report>`select ${columns} from report where id = ${id}`.execute(tx);
  return rows[0];
};

export type ReportRow = Pick<
  Report,
  'county' | 'id' | 'area' | 'period' | 'dueOn' | 'dueBefore' | 'filedOn' | 'filedAt'
>;

/** The reports of these counties and of their towns, as far as the actor may read them, drafts included. */
export const listReports = async (tx: Tx, counties: readonly string[]): Promise<ReportRow[]> => {
  const { rows } = await sql<ReportRow>`
    select county, id, area, period, due_on as "dueOn", due_before as "dueBefore", filed_on as "filedOn", filed_at as "filedAt" from report
    where county = any(${[...counties]}::text[]) order by period desc, area`.execute(tx);
  return rows;
};

/** What the towns of a county filed of a period: figures of filed reports alone. */
export const listFiledFigures = async (
  tx: Tx,
  county: string,
  period: string,
): Promise<Pick<Report, 'area' | 'figures' | 'text'>[]> => {
  const { rows } = await sql<Pick<Report, 'area' | 'figures' | 'text'>>`
    select area, figures, body as text from report
    where county = ${county} and period = ${period} and area <> county and filed_on is not null`.execute(tx);
  return rows;
};

const rowsOf = (entries: readonly Entry[]): object[] =>
  entries.flatMap((entry) =>
    subjectIds(entry, 'report').map((id) => {
      const { text, ...content } = entry.body as Record<string, unknown>;
      const { county, on, at, type } = entry;
      return { ...content, body: text, county, id, on, at, filed: type === reportFiled.type };
    }),
  );

const upsertReports = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into report (county, id, area, period, from_on, as_of, due_on, due_before, organisation, figures, body, drafted_on, filed_on, filed_at, hash)
    select county, id, coalesce(town, county), period, "fromOn", "asOf", "dueOn", "dueBefore", organisation, figures, body, "on",
      case when filed then "on" end, case when filed then "at" end, hash
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, town text, period text, "fromOn" date, "asOf" date,
      "dueOn" date, "dueBefore" text, organisation text, figures jsonb, body jsonb, "on" date, "at" timestamptz, filed boolean, hash text)
    on conflict (county, id) do update set from_on = excluded.from_on, as_of = excluded.as_of, due_on = excluded.due_on,
      due_before = excluded.due_before, organisation = excluded.organisation, figures = excluded.figures, body = excluded.body,
      filed_on = excluded.filed_on, filed_at = excluded.filed_at, hash = excluded.hash`.execute(tx);
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
