// Handlers of the list of persons at risk. Public security sees no person but these, and through these operations alone.
import { uuidv7 } from 'uuidv7';
import { inScope } from '../kernel/access.ts';
import { ageOn } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { maskName } from '../person/identity.ts';
import { personRevealed } from '../person/person.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { riskApi } from './risk.api.ts';
import { findHighRisk, listHighRisk } from './risk.sql.ts';

/** Past row-level security for a role that sees nobody; the statements name the level and the area themselves. */
const withSight = <T>(tx: Tx, { actor }: Ctx, work: () => Promise<T>): Promise<T> =>
  actor.role === 'publicSecurity' ? withCountyReach(tx, work, actor.scope) : work();

const list: Handlers<typeof riskApi>['list'] = (tx, ctx, { area = ctx.actor.scope, level, page, pageSize }) =>
  withSight(tx, ctx, async () => {
    if (!inScope(ctx.actor, area)) return { rows: [], total: 0 };
    const { rows, total } = await listHighRisk(tx, { area, level }, { limit: pageSize, offset: (page - 1) * pageSize });
    return {
      rows: rows.map(({ county: _, phone: __, address: ___, guardian: ____, name, birthDate, ...row }) => ({
        ...row,
        name: maskName(name),
        age: birthDate === null ? null : ageOn(birthDate, ctx.today),
      })),
      total,
    };
  });

const contact: Handlers<typeof riskApi>['contact'] = (tx, ctx, { person, purpose }) =>
  withSight(tx, ctx, async () => {
    const found = await findHighRisk(tx, ctx.actor.scope, person);
    if (!found)
      throw new Refusal('notFound', '没有找到此人，或此人不在三级及以上人员名单中。', {
        kind: 'absent',
        cites: ['CM-06'],
      });
    const base = { id: uuidv7(), county: found.county, on: ctx.today, subjects: [personSubject(person)] };
    await ctx.journal.append(tx, ctx, [personRevealed.draft({ ...base, body: { purpose } })]);
    const { name, phone, address, guardian } = found;
    return { name, phone, address, guardian: guardian ?? null };
  });

/** Those of a county in full, for a batch that an office which sees them sends (governance/exchange). */
export const listAtRisk = async (tx: Tx, county: string, limit: number) =>
  (await listHighRisk(tx, { area: county }, { limit, offset: 0 })).rows;

export const riskHandlers: Handlers<typeof riskApi> = { list, contact };
