// The roll-call of a site, its month with who is short, and the month as a workbook.
import { buffer } from 'node:stream/consumers';
import { type Actor, countyOf, reachOf } from '../kernel/access.ts';
import { addDays, firstDayOf, lastDayOf, monthOf } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { type WriteSheet, writeSheets } from '../kernel/sheet-write.ts';
import { listCounties } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { recordExport } from '../oversight/export.server.ts';
import { nameOfStage } from '../person/file.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { findIndicator, resolveRules } from '../policy/resolve.ts';
import { getServicePapers } from './agreement.server.ts';
import type { ServicePapers } from './agreement.ts';
import { findPapersRule } from './papers-rule.ts';
import type { SiteMonth, sessionApi } from './session.api.ts';
import {
  checkOwnOrganisation,
  domainNames,
  findServiceRules,
  kindNames,
  OtherService,
  otherServiceNames,
  shownName,
} from './session.ts';
import {
  type LedgerRow,
  listGroups,
  listLedger,
  listMonthFigures,
  listOwnWork,
  listRoster,
  type RosterRow,
} from './site-month.sql.ts';
import { decideShortage, isShort, orderGroups } from './site-month.ts';

type SessionHandlers = Handlers<typeof sessionApi>;

const getSite = (tx: Tx, actor: Actor, id: string) => {
  checkOwnOrganisation(actor, id);
  return getOrganisation(tx, id);
};

const papersOf = async (tx: Tx, rows: readonly RosterRow[], on: string): Promise<Map<string, ServicePapers>> => {
  const all = new Map<string, ServicePapers>();
  for (const county of new Set(rows.map((row) => row.county))) {
    const persons = rows.filter((row) => row.county === county).map(({ id }) => id);
    for (const [person, papers] of await getServicePapers(tx, county, persons, on)) all.set(person, papers);
  }
  return all;
};

// Five weeks back: a group that skipped a few meetings is still there, one that ended is not.
const groupsSince = (on: string): string => addDays(on, -35);

export const getRoster: SessionHandlers['roster'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  const organisation = await getSite(tx, ctx.actor, input.organisation);
  const span = { area: ctx.actor.scope, organisation: organisation.id, to: on };
  const rows = await listRoster(tx, { ...span, from: firstDayOf(monthOf(on)) });
  const papers = await papersOf(tx, rows, on);
  const rule = findPapersRule(ctx.packs, organisation.division, on);
  const { others } = findServiceRules(resolveRules(ctx.packs, organisation.division, on));
  const here = new Set(rows.map(({ id }) => id));
  const groups = (await listGroups(tx, { ...span, from: groupsSince(on) }))
    .map((group) => ({ ...group, persons: group.persons.filter((id) => here.has(id)) }))
    .filter(({ persons }) => persons.length > 0);
  return {
    on,
    organisation: { id: organisation.id, name: organisation.name },
    persons: rows.map(({ county: _county, ...row }) => ({
      ...row,
      name: shownName(ctx.actor, row.name),
      papersMissing: rule?.listMissing(papers.get(row.id)) ?? [],
      hasBaseline: Boolean(papers.get(row.id)?.baseline),
      hasPlan: Boolean(papers.get(row.id)?.plan),
    })),
    papersClauses: [...(rule?.clauses ?? [])],
    otherServices: others
      ? {
          items: OtherService.options.filter((one) => others.items.some(({ id }) => id === one)),
          clause: [...others.clause],
        }
      : null,
    groups: orderGroups(groups, on).slice(0, 6),
  };
};

/** The number that the place asks for each month, from its indicator of the standardized-service rate. */
const findMonthlyRule = (ctx: Ctx, division: string, on: string): SiteMonth['rule'] => {
  const indicator = findIndicator(resolveRules(ctx.packs, division, on), 'standardizedServiceRate');
  if (!indicator) return null;
  const { params, clause, assumed } = indicator.rule;
  return {
    sessionsPerMonth: params.sessionsPerMonth,
    clause,
    assumed: assumed?.reason ?? null,
    pack: indicator.pack,
  };
};

/**
 * What an organisation did stays its own when it serves the person no more: its sessions, by masked name, and nothing that came after.
 * The statements name the organisation themselves.
 */
const asOwnWork = <T>(tx: Tx, { actor }: Ctx, work: () => Promise<T>): Promise<T> =>
  reachOf(actor) === 'organisation' ? withCountyReach(tx, work) : work();

const countHeld = (ledger: readonly LedgerRow[]): number => new Set(ledger.map(({ session }) => session)).size;

export const getSiteMonth = async (
  tx: Tx,
  ctx: Ctx,
  { organisation: id, month }: { organisation: string; month: string },
): Promise<SiteMonth> => {
  const organisation = await getSite(tx, ctx.actor, id);
  const span = { area: ctx.actor.scope, organisation: id, from: firstDayOf(month), to: lastDayOf(month) };
  const running = span.to > ctx.today;
  const asOf = running ? ctx.today : span.to;
  const rule = findMonthlyRule(ctx, organisation.division, asOf);
  const figures = await listMonthFigures(tx, span, asOf);
  const seen = new Set(figures.map(({ person }) => person));
  const [ledger, ownWork] = await asOwnWork(tx, ctx, async () => [
    await listLedger(tx, span),
    await listOwnWork(tx, span),
  ]);
  const past = ownWork
    .filter(({ person }) => !seen.has(person))
    .map((row) => ({
      ...{ ...row, name: maskName(row.name), other: row.sessions - row.standardized },
      ...{ stage: null, planned: null, shortOfRule: null, shortOfPlan: null },
    }));
  const rows = figures.map(({ asked, ...row }) => ({
    ...row,
    name: maskName(row.name),
    other: row.sessions - row.standardized,
    ...decideShortage({ ...row, asked }, rule?.sessionsPerMonth),
  }));
  return {
    month,
    organisation: { id, name: organisation.name },
    running,
    rule,
    sessionsHeld: countHeld(ledger),
    services: OtherService.options
      .map((service) => ({ service, sessions: countHeld(ledger.filter((row) => row.service === service)) }))
      .filter(({ sessions }) => sessions > 0),
    short: rows.filter(isShort).length,
    rows: [...rows, ...past],
  };
};

const summarySheet = (view: SiteMonth): WriteSheet => ({
  name: '按人汇总',
  title: [
    `${view.organisation.name} ${view.month} 康复服务次数`,
    view.rule
      ? `每月规范服务要求：${view.rule.sessionsPerMonth} 次（${view.rule.clause.join('、')}）${view.rule.assumed ? '，次数为暂定' : ''}`
      : '本地没有每月次数要求',
  ],
  columns: [
    { header: '姓名', width: 12 },
    { header: '目前阶段', width: 12 },
    { header: '合计', group: '服务次数', width: 8, format: 'integer' },
    { header: '规范服务', group: '服务次数', width: 10, format: 'integer' },
    { header: '其他服务', group: '服务次数', width: 10, format: 'integer' },
    { header: '合计分钟', width: 10, format: 'integer' },
    { header: '最近一次', width: 12, format: 'day' },
    { header: '计划每月次数', width: 13, format: 'integer' },
    { header: '比要求少', width: 10, format: 'integer' },
    { header: '比计划少', width: 10, format: 'integer' },
  ],
  rows: view.rows.map((row) => [
    row.name,
    row.stage === null ? '已不在本机构服务' : nameOfStage(row.stage),
    row.sessions,
    row.standardized,
    row.other,
    row.minutes,
    row.lastOn,
    row.planned ?? '—',
    row.shortOfRule ?? '—',
    row.shortOfPlan ?? '—',
  ]),
  notes: ['“—”表示当月不作要求或没有生效的计划。姓名已脱敏。'],
});

const ledgerSheet = (view: SiteMonth, ledger: readonly LedgerRow[]): WriteSheet => ({
  name: '服务明细',
  title: [`${view.organisation.name} ${view.month} 康复服务明细`],
  columns: [
    { header: '日期', width: 12, format: 'day' },
    { header: '开始', width: 8 },
    { header: '分钟', width: 8, format: 'integer' },
    { header: '姓名', width: 12 },
    { header: '方式', width: 8 },
    { header: '服务项目', width: 18 },
    { header: '类别', width: 10 },
    { header: '主题', width: 24 },
    { header: '带领人', width: 12 },
  ],
  rows: ledger.map((row) => [
    row.on,
    row.startAt,
    row.minutes,
    maskName(row.name),
    kindNames[row.kind],
    domainNames[row.domain],
    row.service === null
      ? row.standardized
        ? '规范服务'
        : '其他服务'
      : `其他服务（${otherServiceNames[row.service]}）`,
    row.title,
    row.leader,
  ]),
});

/** A city's centre serves several counties: its file is of each that the reader may see. */
const personsByCounty = ({ rows }: SiteMonth, division: string, scope: string): Map<string, number> => {
  const county = [division, scope].find(({ length }) => length >= 6);
  const counties = county ? [countyOf(county)] : listCounties(scope).map(({ code }) => code);
  return new Map(counties.map((code) => [code, rows.length]));
};

export const exportMonth: SessionHandlers['exportMonth'] = async (tx, ctx, input) => {
  const view = await getSiteMonth(tx, ctx, input);
  const span = { from: firstDayOf(input.month), to: lastDayOf(input.month) };
  const ledger = await asOwnWork(tx, ctx, () =>
    listLedger(tx, { area: ctx.actor.scope, organisation: input.organisation, ...span }),
  );
  const { division } = await getSite(tx, ctx.actor, input.organisation);
  const leaving = {
    kind: 'siteMonth',
    purpose: input.purpose,
    rows: personsByCounty(view, division, ctx.actor.scope),
  } as const;
  const { watermark } = await recordExport(tx, ctx, leaving);
  const sheets = [summarySheet(view), ledgerSheet(view, ledger)].map((sheet) => ({ ...sheet, watermark }));
  const bytes = await buffer(writeSheets(sheets));
  return new File([bytes], `${view.organisation.name}${input.month}康复服务台账.xlsx`, {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  });
};
