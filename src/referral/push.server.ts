// A file pushed to where its person moved, across counties (BZ-13): the office there finds an application on its desk.
import { uuidv7 } from 'uuidv7';
import { countyOf } from '../kernel/access.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision, listTowns } from '../network/division.ts';
import { listNewestFacts, type PersonAndFile } from '../person/file.server.ts';

import { personListed } from '../person/person.ts';
import type { Ctx } from '../policy/context.ts';
import { applicationSubmitted, receiptNumber, willingnessFacts } from './application.ts';

/** Refuses a town that is not known (`townUnknown`) or of the county that the person leaves (`sameCounty`). */
export const checkPush = (from: string, town: string): void => {
  const county = countyOf(town);
  if (county === from)
    throw new Refusal('sameCounty', '仍在本县（区）内的，不必结案：更新居住地后转介到就近机构。', {
      kind: 'input',
      fields: { division: '请选择外县（区）的乡镇（街道）' },
      cites: ['BZ-13'],
    });
  if (!listTowns(county).some(({ code }) => code === town))
    throw new Refusal('townUnknown', '没有这个乡镇（街道），不能推送档案。', {
      kind: 'input',
      fields: { division: '请选择到乡镇（街道）' },
    });
};

export interface Push {
  readonly reference: { readonly county: string; readonly person: string; readonly application: string };
  readonly receiptNumber: string;
  /** Writes it down in the other county. */
  write(): Promise<void>;
}

/**
 * Reads what goes along, before the file is closed: identity, and the newest fact of each kind with its own day and source. In the other
 * county it is a new record with an application received today; the history stays where it was made.
 */
export const preparePush = async (
  tx: Tx,
  ctx: Ctx,
  person: PersonAndFile['person'],
  town: string,
  note: string | undefined,
): Promise<Push> => {
  const facts = await listNewestFacts(tx, person);
  const county = countyOf(town);
  const id = uuidv7();
  const application = uuidv7();
  const base = { county, on: ctx.today, subjects: [personSubject(id)] };
  const { linkedTo: _l, listedOn: _o, id: _i, county: _c, address: _a, village: _v, ...known } = person;
  const identity = Object.fromEntries(Object.entries({ ...known, town }).filter(([, value]) => value !== null));
  const said = {
    route: 'other' as const,
    applicant: ctx.actor.name,
    relation: '迁出地推送',
    phone: person.phone ?? undefined,
    needs: [`由${fullNameOfDivision(person.county)}迁入`, note].filter(Boolean).join('；'),
    clientWilling: true,
  };
  const drafts = [
    personListed.draft({
      ...base,
      id: uuidv7(),
      body: { identity: identity as never, facts, movedFrom: { county: person.county, person: person.id } },
    }),
    applicationSubmitted.draft({
      ...base,
      id: application,
      body: { ...said, town, facts: willingnessFacts(said, ctx.today) },
    }),
  ];
  return {
    reference: { county, person: id, application },
    receiptNumber: receiptNumber({ county, id: application, receivedOn: ctx.today }),
    // The office that lets go may not read the other county; it writes these two entries there and nothing else.
    write: async () => {
      await withCountyReach(tx, () => ctx.journal.append(tx, ctx, drafts), county);
    },
  };
};
