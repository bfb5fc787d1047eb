// The half-yearly reports of the demo: taken from the figures as they stood when each was filed; one is late, one is missing.
import type { Tx } from '../src/kernel/database.ts';
import type { Ctx } from '../src/policy/context.ts';
import { checkFiling, type ReportContent, reportDrafted, reportFiled } from '../src/reporting/report.ts';
import { draftReport, hashReport } from '../src/reporting/report-draft.server.ts';
import type { Period } from '../src/reporting/report-period.ts';
import { instantOf, positionOf } from './days.ts';
import type { CountyNetwork } from './network.ts';
import type { Random } from './random.ts';

export interface Filing {
  readonly county: string;
  readonly period: Period;
  readonly organisation: { readonly id: string; readonly name: string };
  readonly user: string;
  readonly on: string;
  /** Entries recorded before this instant are in the figures. */
  readonly at: string;
  readonly ids: readonly [string, string];
}

/** Tongjiang filed the first one in January and has not filed the second; Nanjiang was twelve days late with the second. */
const filingDays: Readonly<Record<string, Readonly<Record<Period, string>>>> = {
  '511902': { '2023-H2': '2023-12-26', '2024-H1': '2024-06-28' },
  '511903': { '2023-H2': '2023-12-28', '2024-H1': '2024-06-28' },
  '511921': { '2023-H2': '2024-01-15' },
  '511922': { '2023-H2': '2023-12-27', '2024-H1': '2024-07-12' },
  '511923': { '2023-H2': '2023-12-25', '2024-H1': '2024-06-27' },
};

export const planFilings = (random: Random, { county, civilAffairs }: CountyNetwork): Filing[] =>
  Object.entries(filingDays[county] ?? {}).map(([period, on]): Filing => {
    const at = instantOf(positionOf(on), 15 * 60 + random.int(0, 90));
    const { id, name, user } = civilAffairs;
    return { county, period, organisation: { id, name }, user, on, at, ids: [random.id(at), random.id(at)] };
  });

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`;

/** What an office would write about its figures. */
const textOf = ({ figures: { total, rate } }: ReportContent): ReportContent['text'] => {
  const behind = rate?.target && (total.rate ?? 0) < rate.target;
  return {
    goals: `本期在册康复对象 ${total.registered ?? 0} 人，其中接受规范服务 ${total.standardized ?? 0} 人，规范服务率 ${percent(total.rate)}${
      rate?.target ? `（年度目标 ${percent(rate.target)}${behind ? '，尚有差距' : '，已达到'}）` : ''
    }。`,
    tasks: `本期新登记 ${total.newlyRegistered ?? 0} 人，开展服务 ${total.sessions ?? 0} 人次；发出转介 ${total.referralsSent ?? 0} 件，排队等候 ${
      total.waiting ?? 0
    } 人。${behind ? '下一步集中补签协议、补做评估，减少排队。' : '下一步继续按计划做好评估和随访。'}`,
    safeguards: `现有站点 ${total.sites ?? 0} 个，从业人员 ${total.staff ?? 0} 人，其中专业人员 ${total.professionals ?? 0} 人。经费已列入本级预算。`,
  };
};

/** Drafts and files a report as of its day, from what the journal holds by then. */
export const fileReport = async (tx: Tx, ctx: Ctx, filing: Filing): Promise<void> => {
  const { county, period, organisation, user, on, at, ids } = filing;
  const drafted = await draftReport(tx, ctx.packs, { county, period, today: on, organisation: organisation.name });
  const content = { ...drafted, text: textOf(drafted) };
  checkFiling(content, on);
  const [report, filed] = ids;
  const base = {
    county,
    on,
    subjects: [{ kind: 'report' as const, id: report }],
    recorded: { at, actor: user, role: 'civilAffairs', organisation: organisation.id },
  };
  await ctx.journal.append(tx, ctx, [
    reportDrafted.draft({ ...base, id: report, body: content }),
    reportFiled.draft({ ...base, id: filed, body: { ...content, hash: hashReport(content) } }),
  ]);
};
