// Finding persons, recording a new one by hand, showing personal fields for a purpose, and exporting the ledger.
import { uuidv7 } from 'uuidv7';
import { type Actor, countyOf, inScope } from '../kernel/access.ts';
import { ageOn } from '../kernel/calendar.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Handlers } from '../policy/context.ts';
import { waitTurn } from './census-batch.sql.ts';
import { getFilePage, listTimeline } from './file-page.server.ts';
import { maskName, maskNumber } from './identity.ts';
import { exportLedger } from './ledger.server.ts';
import type { personApi } from './people.api.ts';
import { findAlike, type PersonFilter, searchPersons } from './people.sql.ts';
import { checkAlike, decideNewPerson, readSearch } from './people.ts';
import { findPerson } from './person.sql.ts';
import { personListed, personRevealed } from './person.ts';
import { checkFullSight, listUnaccepted, refuseUnseen } from './sight.server.ts';

/** What a query means for an actor: without an area, the whole of what they see. */
export const filterOf = (
  actor: Actor,
  query: {
    search?: string | undefined;
    area?: string | undefined;
    stage?: string | undefined;
    outcome?: string | undefined;
    site?: string | undefined;
  },
): PersonFilter => ({
  area: query.area ?? actor.scope,
  sought: query.search === undefined ? undefined : readSearch(query.search),
  stage: query.stage,
  outcome: query.outcome,
  site: query.site,
});

/** What a row of the list does not say of a person who was only sent (BZ-12). */
const unsaid = { village: null, hasCertificate: false, outcome: null, linkedTo: null } as const;

const search: Handlers<typeof personApi>['search'] = async (tx, ctx, query) => {
  const { sort = '-listedOn', page, pageSize } = query;
  const { rows, total } = await searchPersons(tx, filterOf(ctx.actor, query), { sort, page, pageSize });
  const unaccepted = await listUnaccepted(
    tx,
    ctx.actor,
    rows.map(({ id }) => id),
  );
  return {
    rows: rows.map(({ birthDate, ...row }) => ({
      ...(unaccepted.has(row.id) ? { ...row, ...unsaid } : row),
      name: maskName(row.name),
      idNumber: row.idNumber === null || unaccepted.has(row.id) ? null : maskNumber(row.idNumber),
      age: birthDate === null ? null : ageOn(birthDate, ctx.today),
    })),
    total,
  };
};

const list: Handlers<typeof personApi>['list'] = async (tx, ctx, input) => {
  const { town } = input.identity;
  if (!inScope(ctx.actor, town))
    throw new Refusal('outOfScope', '现居住地不在您的管辖范围内。', {
      kind: 'access',
      fields: { 'identity.town': '不在管辖范围内' },
    });
  const { identity, facts } = decideNewPerson(input);
  // Who lists the same human at this moment, by hand or from a list, is waited for and then found.
  await waitTurn(tx, town);
  checkAlike(await findAlike(tx, ctx.actor.scope, identity), input.alikeConfirmed === true);
  const person = uuidv7();
  const base = { id: input.id, county: countyOf(town), on: input.on, subjects: [personSubject(person)] };
  await ctx.journal.append(tx, ctx, [personListed.draft({ ...base, body: { identity, facts } })]);
  return { person };
};

const reveal: Handlers<typeof personApi>['reveal'] = async (tx, ctx, input) => {
  const person = await findPerson(tx, input.person);
  if (!person) throw await refuseUnseen(tx, input.person);
  await checkFullSight(tx, ctx.actor, person);
  const base = { id: uuidv7(), county: person.county, on: ctx.today, subjects: [personSubject(person.id)] };
  await ctx.journal.append(tx, ctx, [personRevealed.draft({ ...base, body: { purpose: input.purpose } })]);
  const { name, idNumber, certificateNumber, phone, address, guardian } = person;
  return { name, idNumber, certificateNumber, phone, address, guardian: guardian ?? null };
};

export const personHandlers: Handlers<typeof personApi> = {
  search,
  list,
  reveal,
  file: getFilePage,
  timeline: listTimeline,
  ledger: (tx, ctx, { purpose, sort = '-listedOn', ...query }) =>
    exportLedger(tx, ctx, { filter: filterOf(ctx.actor, query), sort, purpose, said: query }),
};
