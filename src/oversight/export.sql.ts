// The entries of what left the product, newest first.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import { ledgerExported } from '../person/person.ts';

export interface ExportEntry {
  readonly id: string;
  readonly list: string;
  readonly on: string;
  readonly at: string;
  readonly county: string;
  readonly kind: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly organisationName: string | null;
  readonly purpose: string;
  readonly rows: number;
}

interface ExportFilter {
  readonly area: string;
  /** Only what this account took. */
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const listExports = async (
  tx: Tx,
  { area, actor, kind, from, to }: ExportFilter,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: ExportEntry[]; total: number }> => {
  const { rows } = await sql<ExportEntry & { total: number }>`
    select e.id, s.subject as list, e.happened_on as "on", e.recorded_at as at, e.county, e.body ->> 'ledger' as kind, e.actor, a.name as "actorName",
      o.name as "organisationName", e.body ->> 'purpose' as purpose, (e.body ->> 'rows')::int as rows, (count(*) over ())::int as total
    from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'list'
    left join account a on a.username = e.actor left join organisation o on o.id::text = e.organisation
    where ${countyIn('e.county', area)} and e.type = ${ledgerExported.type} and (${kind ?? null}::text is null or e.body ->> 'ledger' = ${kind ?? null})
      and (${actor ?? null}::text is null or e.actor = ${actor ?? null})
      and e.happened_on between coalesce(${from ?? null}::date, '-infinity') and coalesce(${to ?? null}::date, 'infinity')
    order by e.recorded_at desc, e.id desc limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};
