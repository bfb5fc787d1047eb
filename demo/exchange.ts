// Bazhou's exchange with its health office and its joint sweep: September has its receipt, October and November wait for one, and one town has not been swept.
import { sendBatch } from '../src/governance/exchange.server.ts';
import { exchangeReceived } from '../src/governance/exchange.ts';
import { coverRecorded, sweepOpened } from '../src/governance/sweep.ts';
import type { Tx } from '../src/kernel/database.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import { listTowns } from '../src/network/division.ts';
import type { Ctx } from '../src/policy/context.ts';
import { instantOf, positionOf, workingDayFrom } from './days.ts';
import { pinyinOf } from './houses.ts';
import { createRandom, type Random } from './random.ts';

const county = '511902';
const from = '2024-10-08';

const recordedBy = (random: Random, day: string, office: 'minzheng' | 'weijian') => {
  const position = workingDayFrom(positionOf(day));
  const at = instantOf(position, 9 * 60 + random.int(0, 120));
  const role = office === 'minzheng' ? 'civilAffairs' : 'health';
  const recorded = { at, actor: `${pinyinOf[county]}.${office}`, role, organisation: null };
  return { id: random.id(at), on: instantOf(position, 12 * 60).slice(0, 10), recorded };
};

/** The last town has not been swept. */
export const sweptTowns = (): string[] =>
  listTowns(county)
    .map(({ code }) => code)
    .slice(0, -1);

/** From a source of its own: everything else stays as it was. */
export const tellSweep = (): EntryDraft[] => {
  const random = createRandom(20_241_108);
  const towns = listTowns(county).map(({ code }) => code);
  const opening = { county, ...recordedBy(random, from, 'weijian') };
  const subjects = [{ kind: 'record' as const, id: opening.id }];
  const opened = sweepOpened.draft({
    ...{ ...opening, subjects },
    body: {
      ...{ county, year: 2024, title: '2024年精神障碍患者联合排查', from, to: '2024-11-30', towns },
      departments: ['civilAffairs', 'health', 'federation', 'publicSecurity'],
    },
  });
  const covers = sweptTowns().map((town) => {
    const households = random.int(60, 240);
    const day = `2024-10-${random.int(14, 31)}`;
    return coverRecorded.draft({
      ...{ county, subjects, ...recordedBy(random, day, 'minzheng') },
      body: {
        ...{
          sweep: opening.id,
          town,
          households,
          residents: households * 2 + random.int(0, 60),
          found: random.int(0, 3),
        },
      },
    });
  });
  return [opened, ...covers];
};

/** Sends the batches from what the journal holds, as the offices did in their months. */
export const sendExchanges = async (tx: Tx, ctx: Ctx): Promise<void> => {
  const random = createRandom(20_241_109);
  const ends = { county, sender: 'civilAffairs', receiver: 'health', kind: 'clients' } as const;
  const purpose = '按月互通患者信息';
  const september = { ...ends, month: '2024-09', purpose, ...recordedBy(random, '2024-10-08', 'minzheng') };
  const rows = await sendBatch(tx, ctx, september, { kept: false });
  const subjects = [{ kind: 'record' as const, id: september.id }];
  await ctx.journal.append(tx, ctx, [
    exchangeReceived.draft({ county, subjects, ...recordedBy(random, '2024-10-10', 'weijian'), body: { rows } }),
  ]);
  await sendBatch(tx, ctx, { ...ends, month: '2024-10', purpose, ...recordedBy(random, '2024-11-08', 'minzheng') });
  const back = { county, sender: 'health', receiver: 'civilAffairs', kind: 'changes', month: '2024-11' } as const;
  await sendBatch(tx, ctx, { ...back, purpose, ...recordedBy(random, '2024-11-12', 'weijian') });
};
