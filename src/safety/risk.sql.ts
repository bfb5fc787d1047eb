// Reads of persons whose newest assessment of risk is high; facts of linked records count as the person's own.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Identity } from '../person/person.ts';
import type { RiskLevel } from '../policy/facts.ts';
import { highRisk } from './risk.ts';

interface RiskQuery {
  readonly area: string;
  readonly level?: RiskLevel | undefined;
  readonly person?: string;
}

interface FoundRisk extends Pick<Identity, 'name' | 'sex'> {
  readonly county: string;
  readonly person: string;
  readonly birthDate: string | null;
  readonly town: string | null;
  readonly village: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly guardian: Identity['guardian'] | null;
  readonly level: RiskLevel;
  readonly assessedOn: string;
  readonly site: string | null;
}

// Those ever assessed so high are few and have an index of their own (fact_high_risk, with this very 3); whether it still holds is asked
// of them alone. A test, not a join: the planner would compare them with everybody of the county.
const found = ({ area, level, person }: RiskQuery) => sql`
  from person p
    join lateral (select f.value::int as level, f.happened_on as on_day from fact f
      where f.county = p.county and f.kind = 'risk'
        and (f.person = p.id or f.person in (select l.id from person l where l.county = p.county and l.linked_to = p.id))
      order by f.happened_on desc, f.entry desc, f.position desc limit 1) r on r.level >= ${highRisk}
    join lateral (select stage, site from file f where f.county = p.county and f.person = p.id order by episode desc limit 1) f on f.stage not in ('died', 'moved')
    left join organisation o on o.id = f.site
  where ${countyIn('p.county', area)} and p.linked_to is null
    and (p.id in (select coalesce(l.linked_to, l.id) from fact f join person l on l.county = f.county and l.id = f.person
      where ${countyIn('f.county', area)} and f.kind = 'risk' and f.value >= '3'::jsonb)) is true
    ${area.length === 9 ? sql`and p.town = ${area}` : sql``}
    ${level === undefined ? sql`` : sql`and r.level = ${level}`}
    ${person === undefined ? sql`` : sql`and p.id = ${person}`}`;

const columns = sql`p.county, p.id as person, p.name, p.sex, p.birth_date as "birthDate", p.town, p.village, p.phone, p.address, p.guardian,
  r.level, r.on_day as "assessedOn", o.name as site`;

/** The highest first, then who was assessed last. */
export const listHighRisk = async (
  tx: Tx,
  query: RiskQuery,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ rows: FoundRisk[]; total: number }> => {
  const { rows } = await sql<FoundRisk>`select ${columns} ${found(query)}
    order by r.level desc, r.on_day desc, p.id limit ${limit} offset ${offset}`.execute(tx);
  const all = await sql<{ total: number }>`select count(*) as total ${found(query)}`.execute(tx);
  return { rows, total: all.rows[0]?.total ?? 0 };
};

export const findHighRisk = async (tx: Tx, area: string, person: string): Promise<FoundRisk | undefined> => {
  const { rows } = await listHighRisk(tx, { area, person }, { limit: 1, offset: 0 });
  return rows[0];
};
