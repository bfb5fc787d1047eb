// BZ-12: whoever was only sent a referral learns the minimum from every read of the contract, and no more from the database itself.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { personSubject } from '../kernel/entry.ts';
import { factRecorded, visitRecorded } from '../person/person.ts';
import { referralSent } from '../referral/referral.ts';
import { accessRows } from './access-guide.ts';
import { smallestInput } from './access-input.fixtures.ts';
import { type Answer, sendTo } from './access-request.fixtures.ts';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { aClient, anOrganisation } from './client.fixtures.ts';
import { contract } from './contract.ts';

const app = await openTestApp();
const county = '511902';
const [before, receiver] = [
  anOrganisation('site', { name: '先前站点' }),
  anOrganisation('centre', { name: '接收中心' }),
];
const identity = {
  ...{ name: '端木寒松', birthDate: '1985-03-07', idNumber: '511902198503070417', phone: '13919020417' },
  ...{ address: '金丝雀巷七号', village: '金丝雀村', guardian: { name: '闻人素琴', phone: '13819020417' } },
};
const facts = [
  { kind: 'diagnosis', on: '2024-01-20', value: { code: 'F20.417' }, source: 'health' } as const,
  { kind: 'risk', on: '2024-01-20', value: 4, source: 'health' } as const,
];
/** Served to the end by another site, come back, and sent to the centre, which has not answered. */
const client = aClient({ identity, facts })
  .registered('2024-02-01')
  .accepted(before.id, '2024-03-01')
  .withPapers(before.id, '2024-03-02', ['consent', 'agreement', 'plan'])
  .session(before.id, '2024-03-10')
  .discharged('2024-06-01')
  .applied('2024-07-01')
  .registered('2024-07-02');
const about = (on: string) => ({ id: newId(), county, on, subjects: [personSubject(client.person)] });
const baseline = assessmentRecorded.draft({
  ...about('2024-03-03'),
  body: { kind: 'baseline', assessor: '钟离评估', results: [], facts: [] },
});
const visit = visitRecorded.draft({
  ...about('2024-01-20'),
  body: { method: 'home', participants: ['皇甫走访'], met: ['client'], facts: [], aid: [] },
});
const fact = factRecorded.draft({
  ...about('2024-04-01'),
  body: { facts: [{ kind: 'stability', on: '2024-04-01', value: 'stable', source: 'hospital' }] },
});
const sent = referralSent.draft({
  ...about('2024-11-01'),
  body: {
    organisation: receiver.id,
    reason: 'firstReferral',
    situation: '复发过一次的情况说明',
    suggestion: '先做小组',
  },
});
await app.record(before.draft, receiver.draft, ...client.drafts, baseline, visit, fact, sent);

const pending = anActor('centre', { scope: county, organisation: receiver.id });
const known = {
  ...{ person: client.person, other: client.person, referral: sent.id, assessment: baseline.id, visit: visit.id },
  ...{ organisation: receiver.id, site: receiver.id, county, area: county, town: '511902001', division: '511902001' },
  ...{ application: client.idOf('application.submit'), consent: client.idOf('consent.sign') },
  ...{ session: client.idOf('session.record'), search: identity.name, report: newId(), list: newId(), staff: newId() },
  ...{ account: newId(), opening: newId(), scope: county },
};
/** Where each stands: identity, contact, health, risk, papers, plan, sessions, the sender's own account of the person. */
const hidden = [
  ...Object.values(identity).map((value) => (typeof value === 'string' ? value : value.name)),
  ...['13819020417', 'F20.417', '复发过一次的情况说明', '王桂英', '独立做饭', '钟离评估', '皇甫走访'],
  ...[baseline.id, visit.id, client.idOf('consent.sign'), client.idOf('session.record')],
  ...[client.idOf('application.submit'), client.idOf('plan.make')],
];

interface Told {
  readonly name: string;
  readonly answer: Answer;
  readonly leaks: readonly string[];
}
const readAll = async (actor = pending): Promise<Told[]> => {
  const told: Told[] = [];
  for (const row of accessRows(contract)) {
    if (row.meta.writes || row.meta.roles === 'anyone') continue;
    if (row.meta.roles !== 'signedIn' && !row.meta.roles.includes('centre')) continue;
    for (const naming of [false, true]) {
      const schema = row.operation['~orpc'].inputSchema as z.ZodType;
      const input = smallestInput(schema, known, { id: newId, naming, strangers: true }).input as Record<
        string,
        unknown
      >;
      const answer = await sendTo(app, { row, actor, input });
      const leaks = hidden.filter((text) => answer.text.includes(text) && !JSON.stringify(input).includes(text));
      told.push({ name: row.meta.name, answer, leaks });
    }
  }
  return told;
};

test('every read that a receiver may call tells it the referral and the minimum, until it accepts', async () => {
  const told = await readAll();
  expect(told.filter(({ leaks }) => leaks.length > 0).map(({ name, leaks }) => `${name}: ${leaks}`)).toEqual([]);
  const naming = told.filter(({ answer }) => answer.text.includes('端**松')).map(({ name }) => name);
  expect([...new Set(naming)].sort()).toEqual([
    'duty.list',
    'person.file',
    'person.search',
    'referral.get',
    'referral.inbox',
    'referral.list',
    'referral.receivers',
    'worklist.get',
  ]);

  const accept = { id: newId(), referral: sent.id, on: '2024-11-14' };
  expect((await app.call(pending, 'POST', `/referrals/${sent.id}/accept`, accept)).status).toBe(200);
  const after = (await readAll()).filter(({ leaks }) => leaks.length > 0).map(({ name }) => name);
  expect(new Set(after)).toEqual(
    new Set([
      ...['assessment.get', 'assessment.list', 'papers.get', 'person.file', 'person.reveal', 'person.timeline'],
      ...['referral.get', 'session.get', 'session.list', 'session.roster', 'visit.list', 'person.search'],
    ]),
  );
});
