// Leaving with persons' data: an entry of each county concerned, the line that the file carries, and the list of both.
import { uuidv7 } from 'uuidv7';
import { countyOf, inScope } from '../kernel/access.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { getPersonAndFile, getRecordsInFull } from '../person/file.server.ts';
import { ledgerExported } from '../person/person.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { exportApi } from './export.api.ts';
import { listExports } from './export.sql.ts';
import { type ExportKind, serialOf, watermarkOf } from './export.ts';

interface Leaving {
  readonly kind: ExportKind;
  readonly purpose: string;
  /** By which filters, in words that hold nothing personal. */
  readonly filter?: Readonly<Record<string, string>>;
  /** How many persons or lines of each county. */
  readonly rows: ReadonlyMap<string, number>;
  /** Of the entry, where the request has one; for an export of one county. */
  readonly id?: string;
}

const officeOf = async (tx: Tx, { actor }: Ctx): Promise<string> =>
  actor.organisation === null
    ? fullNameOfDivision(actor.scope) || '全国'
    : (await getOrganisation(tx, actor.organisation)).name;

/** Writes down that data leaves, and gives the line that goes with it. */
export const recordExport = async (
  tx: Tx,
  ctx: Ctx,
  { kind, purpose, filter = {}, rows, id }: Leaving,
): Promise<{ serial: string; watermark: string }> => {
  const list = uuidv7();
  const drafts = [...rows].map(([county, count]) =>
    ledgerExported.draft({
      id: id ?? uuidv7(),
      county,
      on: ctx.today,
      subjects: [{ kind: 'list', id: list }],
      body: { ledger: kind, purpose, filter, rows: count },
    }),
  );
  if (drafts.length > 0) await ctx.journal.append(tx, ctx, drafts);
  const serial = serialOf(ctx.today, list);
  const office = await officeOf(tx, ctx);
  return { serial, watermark: watermarkOf({ name: ctx.actor.name, office, at: ctx.now, purpose, serial }) };
};

export const exportHandlers: Handlers<typeof exportApi> = {
  list: async (tx, ctx, { area = ctx.actor.scope, page, pageSize, ...filter }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    const paging = { page, pageSize };
    // Neither the audit administrator nor an office above the counties sees the entries of others; these hold no person. A town has its own.
    const { rows, total } =
      ctx.actor.scope.length > 6
        ? await listExports(tx, { area: countyOf(area), actor: ctx.actor.user, ...filter }, paging)
        : await withCountyReach(
            tx,
            () => listExports(tx, { area: area.slice(0, 6), ...filter }, paging),
            area.slice(0, 6),
          );
    return {
      total,
      rows: rows.map(({ on, list, ...row }) => ({
        ...row,
        serial: serialOf(on, list),
        countyName: nameOfDivision(row.county),
      })),
    };
  },
  print: async (tx, ctx, { id, person, kind, purpose }) => {
    // A referral may be printed by who is to answer it, and shows them the minimum; all else is of the full file.
    const { county } =
      kind === 'referralPrint'
        ? (await getPersonAndFile(tx, person)).person
        : await getRecordsInFull(tx, ctx.actor, person);
    return recordExport(tx, ctx, { id, kind, purpose, rows: new Map([[county, 1]]) });
  },
};
