// The page of a file over HTTP: what it shows to whom, conflicts between lists, the next step with its clock, and the timeline.
import { describe, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { FilePage, TimelineRow } from './file-page.ts';
import type { RecordedFact } from './person.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const page = async (person: string, actor: Actor = clerk) =>
  (await app.call<FilePage>(actor, 'GET', `/persons/${person}`)).body;
const timeline = async (person: string, query: object = {}) =>
  (await app.call<{ rows: TimelineRow[]; total: number }>(clerk, 'GET', `/persons/${person}/timeline`, query)).body;

const said = (
  source: RecordedFact['source'],
  kind: RecordedFact['kind'],
  value: RecordedFact['value'],
  on = '2024-01-02',
) => ({ source, kind, value, on });
const site = anOrganisation('site');
await app.record(site.draft);

describe('person.file', () => {
  test('marks what lists disagree about, not what changed with time', async () => {
    const client = aClient({
      facts: [
        said('health', 'certificate', { category: 6, grade: 2 }),
        said('federation', 'certificate', { category: 6, grade: 3 }, '2024-02-01'),
        said('health', 'risk', 3),
        said('hospital', 'risk', 1, '2024-02-01'),
        said('health', 'severe', true),
        said('civil', 'severe', true),
      ],
    });
    await app.record(...client.drafts);
    const { facts } = await page(client.person);
    expect(facts.filter(({ conflict }) => conflict).map(({ kind }) => kind)).toEqual(['certificate']);
    expect(facts.find(({ kind }) => kind === 'certificate')?.said.map(({ source }) => source)).toEqual([
      'federation',
      'health',
    ]);
  });

  test('masks the identity, and shows a diagnosis only to who treats or answers for the person', async () => {
    const identity = { phone: '19900001234', address: '某路 1 号', guardian: { name: '王桂英', relation: '母亲' } };
    const client = aClient({ identity, facts: [said('health', 'diagnosis', { code: 'F20' })] });
    await app.record(...client.drafts);
    const shown = await page(client.person);
    expect(shown.identity).toMatchObject({ name: '陈*远', phone: '199****1234', guardian: { name: '王*英' } });
    expect(JSON.stringify(shown.identity)).not.toContain('某路');
    expect(shown.facts[0]).toMatchObject({ kind: 'diagnosis', hidden: false });
    const seenByVillage = await page(client.person, anActor('village', { scope: '511902001' }));
    expect(seenByVillage.facts[0]).toMatchObject({ kind: 'diagnosis', hidden: true });
    expect(JSON.stringify(seenByVillage)).not.toContain('F20');
  });

  test('shows which steps of the process are there (QS-08); of an episode, and only as far as the office reads', async () => {
    const client = aClient().registered('2024-01-10').accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25');
    await app.record(...client.drafts);
    const { process } = await page(client.person);
    expect(process?.clause).toEqual(['NA-06']);
    expect(process?.steps.map(({ text, on }) => `${text} ${on}`)).toEqual([
      '转入 2024-01-20',
      '登记建档 2024-01-10',
      '基线评估 2024-01-25',
      '过程评估 null',
      '转出 null',
      '特殊情况处置 null',
    ]);
    const village = await page(client.person, anActor('village', { scope: '511902001' }));
    expect(village.process?.steps.map(({ text }) => text)).not.toContain('基线评估');
  });

  test('says whose step comes next and by when', async () => {
    const client = aClient().registered('2024-11-08');
    await app.record(...client.drafts);
    const mine = await page(client.person);
    expect(mine.next).toEqual({ step: 'refer', mine: true, by: 'civilAffairs' });
    expect(mine.clock).toMatchObject({ dueOn: '2024-11-15', left: 1, unit: 'workingDays', clause: ['BZ-12', 'NA-02'] });
    expect(mine.waiting).toBeNull();
    expect((await page(client.person, anActor('health'))).next).toEqual({
      step: 'refer',
      mine: false,
      by: 'civilAffairs',
    });
  });

  test('names the application or the referral that the next step is about, and none once it is decided', async () => {
    const applied = aClient().applied('2024-11-08');
    const again = aClient().registered('2024-02-01').referred(site.id, '2024-02-05').queued(site.id, '2024-02-06');
    const accepted = aClient().registered('2024-02-01').accepted(site.id, '2024-02-05');
    await app.record(...applied.drafts, ...again.drafts, ...accepted.drafts);
    expect((await page(applied.person)).waiting).toBe(applied.idOf('application.submit'));
    expect((await page(again.person)).waiting).toBe(again.idOf('referral.send'));
    const worker = anActor('site', { organisation: site.id });
    expect((await page(again.person, worker)).waiting).toBe(again.idOf('referral.send'));
    expect((await page(accepted.person)).waiting).toBeNull();
  });

  test('asks for the papers in their order before sessions', async () => {
    const accepted = aClient().registered('2024-02-01').accepted(site.id, '2024-02-05');
    const signed = accepted.withPapers(site.id, '2024-02-06', ['consent', 'agreement']);
    const ready = aClient().registered('2024-02-01').accepted(site.id, '2024-02-05').withPapers(site.id, '2024-02-06');
    await app.record(...accepted.drafts, ...ready.drafts);
    const worker = anActor('site', { organisation: site.id });
    expect((await page(accepted.person, worker)).next).toMatchObject({ step: 'consent', mine: true });
    await app.record(...signed.drafts.slice(accepted.drafts.length));
    expect((await page(accepted.person, worker)).next?.step).toBe('baseline');
    expect((await page(ready.person, worker)).next?.step).toBe('session');
  });

  test('shows an organisation that was only sent a referral the minimum', async () => {
    const client = aClient({ identity: { phone: '19900001234' }, facts: [said('health', 'risk', 1)] })
      .registered('2024-02-01')
      .referred(site.id, '2024-02-05');
    await app.record(...client.drafts);
    const worker = anActor('site', { organisation: site.id });
    const shown = await page(client.person, worker);
    expect(shown).toMatchObject({ level: 'minimum', facts: [], placements: [], next: { step: 'answer', mine: true } });
    expect(shown.identity).toMatchObject({ name: '陈*远', phone: null, birthDate: null });
    expect((await app.call(worker, 'GET', `/persons/${client.person}/timeline`)).code).toBe('minimumSight');
  });

  test('is not for finance, and shows nobody of another area', async () => {
    const client = aClient();
    await app.record(...client.drafts);
    expect((await app.call(anActor('finance'), 'GET', `/persons/${client.person}`)).status).toBe(403);
    expect((await app.call(anActor('finance'), 'GET', `/persons/${client.person}/timeline`)).status).toBe(403);
    const elsewhere = anActor('civilAffairs', { scope: '511903' });
    expect((await app.call(elsewhere, 'GET', `/persons/${client.person}`)).status).toBe(404);
    expect((await app.call(elsewhere, 'GET', `/persons/${client.person}/timeline`)).status).toBe(404);
  });
});

describe('person.timeline', () => {
  test('holds every entry, the newest day first, and marks what was corrected or voided', async () => {
    const client = aClient().registered('2024-02-01');
    await app.record(...client.drafts);
    const visit = (on: string) => ({ id: newId(), on, method: 'phone', participants: ['李敏'], met: ['client'] });
    const [first, second] = [visit('2024-02-10'), visit('2024-02-11')];
    await app.call(clerk, 'POST', `/persons/${client.person}/visits`, first);
    await app.call(clerk, 'POST', `/persons/${client.person}/visits`, second);
    const path = `/persons/${client.person}/visits`;
    await app.call(clerk, 'POST', `${path}/${first.id}/correct`, { ...first, id: newId(), method: 'home' });
    await app.call(clerk, 'POST', `${path}/${second.id}/void`, { id: newId(), reason: '重复登记' });
    const { rows, total } = await timeline(client.person);
    expect(total).toBe(7);
    expect(rows.slice(0, 4).map(({ type, status, detail }) => [type, status, detail])).toEqual([
      ['visit.void', 'standing', '原因：重复登记'],
      ['visit.record', 'voided', '电话'],
      ['visit.correct', 'standing', '上门'],
      ['visit.record', 'corrected', '电话'],
    ]);
    expect((await timeline(client.person, { page: 2, pageSize: 5 })).rows.map(({ type }) => type)).toEqual([
      'application.submit',
      'person.list',
    ]);
  });

  test('holds the entries of linked records, marked as such', async () => {
    const [client, other] = [aClient(), aClient({ on: '2024-01-03' })];
    await app.record(...client.drafts, ...other.drafts, {
      id: newId(),
      type: 'person.link',
      county: '511902',
      on: '2024-02-01',
      subjects: [client.person, other.person].map((id) => ({ kind: 'person' as const, id })),
      body: { person: client.person, other: other.person, reason: '同一人' },
    });
    const { rows } = await timeline(client.person);
    expect(rows.map(({ type, linked }) => [type, linked])).toEqual([
      ['person.link', false],
      ['person.list', true],
      ['person.list', false],
    ]);
    expect((await page(client.person)).linked).toMatchObject([{ id: other.person, name: '陈*远', sources: [] }]);
  });
});
