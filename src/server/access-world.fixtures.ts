// A small world for the access matrix: one county where everything exists once, its neighbours, and who is asking from where.
import { assessmentRecorded } from '../assessment/assessment.ts';
import { activityRecorded } from '../governance/activity.ts';
import { bodyOpened, memberJoined } from '../governance/body.ts';
import { meetingHeld } from '../governance/meeting.ts';
import { dutyRecorded } from '../governance/milestone.ts';
import { coverRecorded, sweepOpened } from '../governance/sweep.ts';
import { type Actor, inScope, machineActor, type Role, reachOf } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { staffJoined } from '../network/organisation.ts';
import { siteCheckRecorded } from '../network/site-check.ts';
import { addToCheck } from '../network/site-document.fixtures.ts';
import { lists } from '../person/census-server.fixtures.ts';
import { openingRequested } from '../person/opening.ts';
import { type Identity, visitRecorded } from '../person/person.ts';
import type { PersonalField } from './access-guide.ts';
import type { Known } from './access-input.fixtures.ts';
import { anActor, newId, type TestApp } from './app.fixtures.ts';
import { aClient, anOrganisation } from './client.fixtures.ts';
import { contextOf } from './http.ts';

/** Where the asker stands, seen from the person: whose site, town, county and city are the person's own. */
export const places = ['own', 'sisterSite', 'sisterTown', 'sisterCounty', 'ownCity', 'otherCity'] as const;
export type Place = (typeof places)[number];

const county = '511902';
const town = '511902001';
const townOf: Readonly<Record<Place, string>> = {
  own: town,
  sisterSite: town,
  sisterTown: '511902002',
  sisterCounty: '511903001',
  // Above the own county: counts it, and sees nobody of it.
  ownCity: '5119',
  otherCity: '511702001',
};
const scopeOf: Readonly<Record<Place, string>> = {
  own: county,
  sisterSite: county,
  sisterTown: '511902002',
  sisterCounty: '511903',
  ownCity: '5119',
  otherCity: '5117',
};
const organisationRoles = ['hospital', 'centre', 'site'] as const;
const hasOrganisation = (role: Role): role is (typeof organisationRoles)[number] =>
  organisationRoles.some((one) => one === role);

/** Personal data that may reach nobody outside, by field; each text stands nowhere else. */
interface Canary {
  readonly person: string;
  readonly texts: readonly { readonly field: PersonalField; readonly text: string }[];
}

export interface World {
  readonly known: Known;
  /** Stands in a row of the census list and nowhere else. */
  readonly phoneOnList: string;
  /** Being served by the own site. */
  readonly served: Canary;
  /** Referred to the own centre, which has not answered. */
  readonly sent: Canary;
  actorAt(role: Role, place: Place): Actor;
  /** Whether the actor may see or change what the field names. */
  reaches(actor: Actor, field: string): boolean;
  /** The fields of `known` that say something of a person. */
  readonly personal: ReadonlySet<string>;
  /** Whether the person is one whom the actor sees in full. */
  sees(actor: Actor, canary: Canary): boolean;
}

const identityOf = (name: string, tail: string, birthDate: string, guardian: string): Identity => ({
  name,
  sex: 'male',
  birthDate,
  idNumber: `511902${birthDate.replaceAll('-', '')}${tail}`,
  phone: `1391902${tail}`,
  address: `金丝雀巷${tail}号`,
  guardian: { name: guardian, relation: '母亲', phone: `1381902${tail}` },
  town,
});
const canaryOf = (person: string, { name, idNumber, phone, address, guardian }: Identity): Canary => {
  const texts = { name, idNumber, phone, address };
  return {
    person,
    texts: [
      ...Object.entries(texts).map(([field, text = '']) => ({ field: field as PersonalField, text })),
      { field: 'guardian', text: guardian?.name ?? '' },
      { field: 'guardian', text: guardian?.phone ?? '' },
    ],
  };
};

const idOf = async (reply: Promise<{ status: number; body: object }>, field: string): Promise<string> => {
  const { status, body } = await reply;
  if (status !== 200) throw new Error(`the world is not made: ${status} ${JSON.stringify(body)}`);
  return String(body[field as keyof typeof body]);
};

/** Records the world and says who is who. */
export const aWorld = async (app: TestApp): Promise<World> => {
  const seats = places.flatMap((place) =>
    organisationRoles.map((kind) => ({
      place,
      kind,
      ...anOrganisation(kind, { division: townOf[place], name: `${place}${kind}` }),
    })),
  );
  const seatOf = (place: Place, kind: Role): string =>
    seats.find((x) => x.place === place && x.kind === kind)?.id ?? '';
  const [site, centre] = [seatOf('own', 'site'), seatOf('own', 'centre')];
  await app.record(...seats.map(({ draft }) => draft));

  const identities = {
    served: identityOf('欧阳丹枫', '0417', '1985-03-07', '诸葛素琴'),
    sent: identityOf('司徒静远', '0433', '1990-08-21', '令狐秀兰'),
    other: identityOf('上官秋白', '0450', '1979-11-30', '夏侯玉华'),
  };
  // At risk, so that public security finds this person and no other.
  const facts = [{ kind: 'risk', on: '2024-01-20', value: 4, source: 'health' } as const];
  const served = aClient({ county, identity: identities.served, facts })
    .applied('2024-02-01', { applicant: '诸葛素琴', phone: '13819020417' })
    .registered('2024-02-01')
    .accepted(site, '2024-03-01')
    .withPapers(site, '2024-03-02', ['consent', 'agreement', 'plan'])
    .session(site, '2024-03-10');
  const sent = aClient({ county, identity: identities.sent }).registered('2024-02-01').referred(centre, '2024-11-01');
  const other = aClient({ county, identity: identities.other });
  const visit = visitRecorded.draft({
    id: newId(),
    county,
    on: '2024-01-20',
    subjects: [personSubject(served.person)],
    body: { method: 'home', participants: ['李敏'], met: ['client'], facts: [], aid: [] },
  });
  const staff = newId();
  const joined = staffJoined.draft({
    id: newId(),
    county,
    on: '2024-01-10',
    subjects: [
      { kind: 'staff', id: staff },
      { kind: 'organisation', id: site },
    ],
    body: { organisation: site, name: '李敏', discipline: 'socialWorker' },
  });
  const hazard = newId();
  const siteCheck = siteCheckRecorded.draft({
    id: newId(),
    county,
    on: '2024-10-10',
    subjects: [{ kind: 'organisation', id: site }],
    body: {
      ...{ organisation: site, kind: 'standardization', inspectors: ['周明'], departments: ['civilAffairs'] },
      items: [{ item: 'facilities', text: '设施配置', result: 'gap', remark: '扶手松动', dueOn: '2024-11-30', hazard }],
    },
    recorded: { at: '2024-10-10T08:00:00.000Z', actor: 'civilAffairs-own', role: 'civilAffairs', organisation: null },
  });
  await app.record(...served.drafts, ...sent.drafts, ...other.drafts, visit, joined, siteCheck);
  const baseline = assessmentRecorded.draft({
    id: newId(),
    county,
    on: '2024-03-02',
    subjects: [personSubject(served.person)],
    body: { kind: 'baseline', assessor: '李敏', results: [], facts: [] },
  });
  // Only the organisation that recorded it may change it.
  const recorder = contextOf(app, anActor('site', { scope: county, organisation: site }), 'world');
  await app.database.as(machineActor, (tx) => app.journal.append(tx, recorder, [baseline]));

  const clerk = anActor('civilAffairs', { scope: county });
  const siteDocument = await idOf(addToCheck(app, clerk, siteCheck.id), 'siteDocument');
  const report = newId();
  await idOf(app.call(clerk, 'POST', '/reports', { id: report, county, period: '2024-H1' }), 'report');
  const fields = { username: 'canary.account', name: '柳如烟', role: 'health', scope: county };
  const systemAdmin = anActor('systemAdmin', { scope: county });
  const account = await idOf(
    app.call(systemAdmin, 'POST', '/accounts', { id: newId(), password: 'canary-Pass-1', ...fields }),
    'id',
  );
  const phoneOnList = '13519020417';
  // The same name and birth date without a number: a row that waits for a person.
  const list = await lists(app).imported([{ 姓名: '欧阳丹枫', 出生日期: '1985-03-07', 联系电话: phoneOnList }]);

  // By an officer who asks for nothing else here: to all others of the city the person stays unseen.
  const opening = openingRequested.draft({
    id: newId(),
    county,
    on: '2024-11-13',
    subjects: [personSubject(other.person)],
    body: { reason: '核实信访反映的服务中断', endsAt: '2024-11-16T01:00:00.000Z' },
    recorded: { at: '2024-11-13T01:00:00.000Z', actor: 'opener', role: 'health', organisation: null },
  });
  await app.record(opening);

  // The team of the served person, with the guardian in it, who resolved something.
  const [body, task, activity] = [newId(), newId(), newId()];
  const ofBody = (on: string) => ({
    id: newId(),
    county,
    on,
    subjects: [{ kind: 'body' as const, id: body }, personSubject(served.person)],
  });
  const opened = bodyOpened.draft({
    ...ofBody('2024-03-03'),
    body: { kind: 'careTeam', division: town, name: '关爱帮扶小组', person: served.person },
  });
  const member = memberJoined.draft({
    ...ofBody('2024-03-03'),
    body: { name: identities.served.guardian?.name ?? '', duty: 'member', family: true },
  });
  const meeting = meetingHeld.draft({
    ...ofBody('2024-03-05'),
    body: {
      agenda: '商量送药',
      present: [member.id],
      absent: [],
      tasks: [{ id: task, text: '每月送药', responsible: '村医', dueOn: '2024-04-05' }],
    },
  });
  const held = activityRecorded.draft({
    ...{ id: activity, county, on: '2024-05-05', subjects: [{ kind: 'activity', id: activity }] },
    body: { kind: 'publicity', division: town, organisation: site, title: '宣传日', hours: 2 },
  });
  const record = newId();
  const noted = dutyRecorded.draft({
    ...{ id: record, county, on: '2024-01-02', subjects: [{ kind: 'record', id: record }] },
    body: {
      ...{
        rule: 'countyPlan',
        clause: ['BZ-33'],
        pack: { id: 'bazhong', version: '1' },
        area: county,
        organisation: null,
      },
      ...{ dueOn: '2023-12-25', step: null, note: '方案已报市民政局备案。' },
    },
    recorded: { at: '2024-01-02T08:00:00.000Z', actor: 'civilAffairs-own', role: 'civilAffairs', organisation: null },
  });
  // A sweep of the county that has covered its only town, and a batch that waits for the receipt of health.
  const sweep = newId();
  const ofSweep = { county, subjects: [{ kind: 'record' as const, id: sweep }] };
  const swept = sweepOpened.draft({
    ...{ id: sweep, ...ofSweep, on: '2024-10-01' },
    body: {
      ...{ county, year: 2024, title: '联合排查', from: '2024-10-01', to: '2024-11-30', departments: ['health'] },
      towns: [town],
    },
  });
  const cover = coverRecorded.draft({
    ...{ id: newId(), ...ofSweep, on: '2024-10-08' },
    body: { sweep, town, households: 1, residents: 3, found: 1 },
  });
  await app.record(opened, member, meeting, held, noted, swept, cover);
  const batch = { month: '2024-09', to: 'health', kind: 'clients', purpose: '每月互通' };
  const exchange = await idOf(app.call(clerk, 'POST', '/exchanges', { id: newId(), ...batch }), 'exchange');

  // Of the whole county; all others are of the town.
  const ofCounty = new Set('report list account opening county area scope record exchange sweep'.split(' '));
  const known: Known = {
    ...{ person: served.person, other: other.person, report, account, list, staff, opening: opening.id },
    ...{ organisation: site, site, area: county, county, scope: county, town, division: town },
    application: served.idOf('application.submit'),
    assessment: baseline.id,
    consent: served.idOf('consent.sign'),
    session: served.idOf('session.record'),
    referral: sent.idOf('referral.send'),
    visit: visit.id,
    ...{ siteCheck: siteCheck.id, siteDocument, hazard },
    search: identities.served.name,
    ...{ body, member: member.id, meeting: meeting.id, task, activity, record },
    ...{ exchange, sweep, cover: cover.id },
  };
  const personal = new Set(
    'opening person other application assessment consent session referral visit search list body member meeting task'.split(
      ' ',
    ),
  );
  const seatFor = (field: string): string => (field === 'referral' ? centre : site);

  const watches = (actor: Actor): boolean => actor.role === 'publicSecurity';
  const reaches: World['reaches'] = (actor, field) => {
    const reach = reachOf(actor);
    if (watches(actor) && (field === 'person' || field === 'search')) return inScope(actor, town);
    if (personal.has(field) && (reach === 'none' || reach === 'figures')) return false;
    const ofSeat =
      ['organisation', 'site', 'siteCheck', 'siteDocument', 'hazard'].includes(field) || personal.has(field);
    if (reach === 'organisation' && ofSeat) return actor.organisation === seatFor(field);
    return inScope(actor, ofCounty.has(field) ? county : town);
  };
  return {
    known,
    personal,
    phoneOnList,
    served: canaryOf(served.person, identities.served),
    sent: canaryOf(sent.person, identities.sent),
    actorAt: (role, place) =>
      anActor(role, {
        user: `${role}-${place}`,
        scope: scopeOf[place],
        organisation: hasOrganisation(role) ? seatOf(place, role) : null,
      }),
    reaches,
    // Nobody has accepted the second person, so that no organisation sees more than the referral.
    sees: (actor, { person }) => reaches(actor, 'person') && (reachOf(actor) === 'area' || person === served.person),
  };
};
