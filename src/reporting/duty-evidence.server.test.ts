// Each ledger shows the duty that rests on it: open before its record, done by it, late after the day, and open again once it is void.
import { expect, test } from 'vitest';
import { activityRecorded } from '../governance/activity.ts';
import { bodyOpened } from '../governance/body.ts';
import { meetingHeld } from '../governance/meeting.ts';
import { dutyRecorded } from '../governance/milestone.ts';
import { machineActor } from '../kernel/access.ts';
import type { EntryDraft, Subject } from '../kernel/entry.ts';
import { staffJoined } from '../network/organisation.ts';
import { hazardClosed, siteCheckRecorded } from '../network/site-check.ts';
import { DutyRule, type Pack } from '../policy/pack.ts';
import { newId, openTestApp } from '../server/app.fixtures.ts';
import { anOrganisation } from '../server/client.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { listDutyInstances } from './duty.server.ts';

const app = await openTestApp();
app.clock.set('2025-06-30');
const [county, town, city] = ['511902', '511902001', '5119'];

const rule = (id: string, more: object) =>
  DutyRule.parse({
    ...{ id, kind: 'duty', clause: ['BZ-12'], title: id, summary: id, cadence: { everyYear: { amount: 1 } } },
    responsible: { role: 'civilAffairs', level: 'county' },
    ...more,
  });
const rules = [
  rule('hours', { subject: 'staff', evidence: 'trainingHours', cadence: { everyYear: { amount: 20, unit: 'hours' } } }),
  rule('monthly', {
    subject: 'town',
    evidence: 'meetingHeld',
    of: 'townManagement',
    cadence: { everyMonth: { amount: 1 } },
  }),
  rule('joint', { subject: 'city', evidence: 'meetingHeld', of: 'jointMeeting' }),
  rule('courses', { subject: 'county', evidence: 'activityHeld', of: 'staffTraining' }),
  rule('inspection', { subject: 'site', evidence: 'siteInspected', cadence: { monthsOfYear: { months: [3, 6] } } }),
  rule('fixing', {
    subject: 'hazard',
    evidence: 'hazardClosed',
    cadence: { workingDaysAfter: { event: 'hazardFound', days: 5 } },
  }),
  rule('noted', { subject: 'town', evidence: 'recorded', cadence: { monthsOfYear: { months: [6] } } }),
];
const pack: Pack = {
  ...{ id: 'try', name: '试行', areas: ['*'], version: 'x', file: 'try.yaml', text: '', documents: [] },
  period: { from: '2020-01-01' },
  rules,
};
const packs = { ...app.packs, packs: new Map([['try', pack]]) };

const site = anOrganisation('site', { name: '东城站点' });
const staff = newId();
const [managing, joint, hazard] = [newId(), newId(), newId()];
const draftOf = (on: string, subjects: readonly Subject[], of = county) => ({ id: newId(), county: of, on, subjects });

/** `duty subject due` → state and what is done, of the half year as of a day. */
const statesOn = async (on: string): Promise<Map<string, string>> => {
  const ctx = contextOf({ packs, clock: app.clock }, machineActor, 'test');
  const asked = {
    area: city,
    from: '2025-01-01',
    to: '2025-12-31',
    on,
    page: 1,
    pageSize: 5000,
    responsible: 'all' as const,
  };
  const { rows } = await app.read((tx) => listDutyInstances(tx, ctx, asked));
  return new Map(
    rows.map(({ duty, subject, dueOn, state, done }) => [`${duty} ${subject.id} ${dueOn}`, `${state} ${done}`]),
  );
};

const record = async (draft: EntryDraft): Promise<EntryDraft> => {
  await app.record(draft);
  return draft;
};

test('meetings, activities, hours, checks, hazards and notes: due, done as of their day and not before, late, void', async () => {
  await app.record(
    site.draft,
    staffJoined.draft({
      ...draftOf('2024-03-01', [
        { kind: 'staff', id: staff },
        { kind: 'organisation', id: site.id },
      ]),
      body: { organisation: site.id, name: '李敏', discipline: 'socialWorker' },
    }),
    bodyOpened.draft({
      ...draftOf('2024-03-01', [{ kind: 'body', id: managing }]),
      body: { kind: 'townManagement', division: town, name: '东城综合管理小组' },
    }),
    bodyOpened.draft({
      ...draftOf('2024-03-01', [{ kind: 'body', id: joint }], city),
      body: { kind: 'jointMeeting', division: city, name: '部门联席会议' },
    }),
  );
  const before = await statesOn('2025-04-20');
  const keys = {
    hours: `hours ${staff} 2025-12-31`,
    monthly: `monthly ${town} 2025-04-30`,
    joint: `joint ${city} 2025-12-31`,
    courses: `courses ${county} 2025-12-31`,
    inspection: `inspection ${site.id} 2025-06-30`,
    noted: `noted ${town} 2025-06-30`,
  };
  for (const [name, key] of Object.entries(keys)) expect(before.get(key), name).toBe('due 0');
  expect(before.get(`inspection ${site.id} 2025-03-31`)).toBe('late 0');
  expect(before.get(`monthly ${town} 2025-03-31`)).toBe('late 0');

  const meeting = (on: string, body: string, of: string) =>
    meetingHeld.draft({
      ...draftOf(on, [{ kind: 'body', id: body }], of),
      body: { agenda: '工作', present: [], absent: [], tasks: [] },
    });
  const course = newId();
  const activity = activityRecorded.draft({
    ...{
      id: course,
      county,
      on: '2025-04-25',
      subjects: [
        { kind: 'activity', id: course },
        { kind: 'staff', id: staff },
      ],
    },
    body: { kind: 'staffTraining', division: county, title: '业务培训', hours: 20, staff: [{ staff, hours: 20 }] },
  });
  await record(meeting('2025-04-25', managing, county));
  await record(meeting('2025-04-25', joint, city));
  await record(activity);
  await record(
    siteCheckRecorded.draft({
      ...draftOf('2025-04-25', [{ kind: 'organisation', id: site.id }]),
      body: {
        ...{ organisation: site.id, kind: 'safety', inspectors: ['周明'], departments: ['civilAffairs'] },
        items: [{ item: 'fire', text: '消防', result: 'gap', remark: '通道堵塞', dueOn: '2025-05-30', hazard }],
      },
    }),
  );
  const note = newId();
  const noted = dutyRecorded.draft({
    ...{ id: note, county, on: '2025-04-25', subjects: [{ kind: 'record', id: note }] },
    body: {
      ...{
        rule: 'noted',
        clause: ['BZ-12'],
        pack: { id: 'try', version: 'x' },
        area: town,
        organisation: null,
        step: null,
      },
      ...{ dueOn: '2025-06-30', note: '已联合检查。' },
    },
  });
  await record(noted);

  const after = await statesOn('2025-04-30');
  for (const [name, key] of Object.entries(keys))
    expect(after.get(key), name).toBe(name === 'hours' ? 'done 20' : 'done 1');
  // As of an earlier day nothing has happened yet, whoever asks later.
  const again = await statesOn('2025-04-20');
  for (const [name, key] of Object.entries(keys)) expect(again.get(key), name).toBe('due 0');
  // Another town, another county: not theirs.
  expect(after.get('noted 511902002 2025-06-30')).toBe('due 0');
  expect(after.get('courses 511903 2025-12-31')).toBe('due 0');

  // Found on a Friday: five working days, with the holidays of May between.
  const fixing = [...after.keys()].find((key) => key.startsWith(`fixing ${hazard}`)) ?? '';
  expect(fixing).toBe(`fixing ${hazard} 2025-05-06`);
  expect(after.get(fixing)).toBe('due 0');
  expect((await statesOn('2025-05-07')).get(fixing)).toBe('late 0');
  await record(
    hazardClosed.draft({
      ...draftOf('2025-05-08', [{ kind: 'organisation', id: site.id }]),
      body: { hazard, done: '已清理通道。' },
    }),
  );
  expect((await statesOn('2025-05-08')).get(fixing)).toBe('doneLate 1');

  // Found in order by a check of the kind.
  const [other, clean] = [
    newId(),
    (on: string, result: 'ok' | 'gap', found: string) =>
      siteCheckRecorded.draft({
        ...draftOf(on, [{ kind: 'organisation', id: site.id }]),
        body: {
          ...{ organisation: site.id, kind: 'safety', inspectors: ['周明'], departments: ['civilAffairs'] },
          items: [
            {
              item: 'gas',
              text: '燃气',
              result,
              ...(result === 'gap' && { remark: '软管老化', dueOn: '2025-06-30', hazard: found }),
            },
          ],
        },
      }),
  ];
  await record(clean('2025-06-03', 'gap', other));
  await record(clean('2025-06-09', 'ok', other));
  expect((await statesOn('2025-06-30')).get(`fixing ${other} 2025-06-10`)).toBe('done 1');

  for (const [type, { id, subjects }] of [
    ['activity.void', activity],
    ['duty.void', noted],
  ] as const)
    await app.record({ ...draftOf('2025-06-01', subjects), type, replaces: id, body: { reason: '登记有误' } });
  const taken = await statesOn('2025-06-30');
  expect([keys.hours, keys.courses, keys.noted].map((key) => taken.get(key))).toEqual(['due 0', 'due 0', 'due 0']);
});
