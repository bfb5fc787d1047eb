// Handlers of the audit: lines, what is unusual, the workbook, and who opened a person's file.
import { dayAt } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting } from '../kernel/setting.ts';
import { findActor } from '../network/account.server.ts';
import { listCounties } from '../network/division.ts';
import { getRecordsInFull } from '../person/file.server.ts';
import type { Handlers } from '../policy/context.ts';
import type { auditApi } from './audit.api.ts';
import { type LineFilter, type LineRow, listLines, listPurposes, listReaders, listReadings } from './audit.sql.ts';
import { type AuditRow, defaultFilesPerHour, filesPerHourSetting, spanOf } from './audit.ts';
import { auditSheet } from './audit-sheet.server.ts';
import { findUnusual, refusedLimit } from './audit-unusual.ts';
import { recordExport } from './export.server.ts';

type AuditHandlers = Handlers<typeof auditApi>;

/** The most lines of one workbook. */
const sheetLimit = 50_000;
/** The most lines that are looked through for what is unusual: a busy week of a county, in a moment. */
const readingLimit = 50_000;

/** What is done beside the operations of the contract. */
const otherSummaries: Readonly<Record<string, string>> = {
  signIn: '登录',
  signOut: '退出登录',
  secondFactor: '登录时填写验证码',
  sessionEnd: '登录自行结束',
  request: '未受理的请求',
  'account.changePassword': '修改本人密码',
  'account.setUpSecondFactor': '设置动态验证码',
  'account.endSessions': '退出其他登录',
  'identityServer.change': '调整统一身份认证的设置',
  'audit.archive': '归档审计记录',
  'audit.limit': '调整异常查阅提示的份数',
};

const offsetOf = ({ page, pageSize }: { page: number; pageSize: number }) => ({
  limit: pageSize,
  offset: (page - 1) * pageSize,
});

const nameActors = async (tx: Tx, usernames: Iterable<string>): Promise<Map<string, string | null>> => {
  const names = new Map<string, string | null>();
  for (const username of new Set(usernames)) names.set(username, (await findActor(tx, username))?.name ?? null);
  return names;
};

const unusual: AuditHandlers['unusual'] = async (tx, ctx, input) => {
  const filesPerHour = (await findSetting(tx, filesPerHourSetting)) ?? defaultFilesPerHour;
  const asked = { ...spanOf(input, ctx.today), filesPerHour, refused: refusedLimit };
  const readings = await listReadings(tx, asked, readingLimit);
  const flags = findUnusual(readings, { filesPerHour });
  const names = await nameActors(
    tx,
    flags.map(({ actor }) => actor),
  );
  return {
    filesPerHour,
    cut: readings.length === readingLimit,
    rows: flags.map((flag) => ({
      ...flag,
      actorName: names.get(flag.actor) ?? null,
      fromOn: dayAt(flag.from),
      toOn: dayAt(flag.to),
    })),
  };
};

/** `summaryOf` gives an operation of the contract in words. */
export const createAuditHandlers = (summaryOf: (operation: string) => string | undefined): AuditHandlers => {
  const inWords = (row: LineRow): AuditRow => ({
    ...row,
    summary: summaryOf(row.operation) ?? otherSummaries[row.operation] ?? row.operation,
  });

  const list: AuditHandlers['list'] = async (tx, ctx, { page, pageSize, ...input }) => {
    const filter = { ...input, ...spanOf(input, ctx.today) };
    const { rows, total } = await listLines(tx, filter, offsetOf({ page, pageSize }));
    return { rows: rows.map(inWords), total, from: filter.from, to: filter.to };
  };

  const exportSheet: AuditHandlers['export'] = async (tx, ctx, { purpose, ...input }) => {
    const filter: LineFilter = { ...input, ...spanOf(input, ctx.today) };
    const { rows, total } = await listLines(tx, filter, { limit: sheetLimit, offset: 0 });
    if (total > sheetLimit)
      throw new Refusal('tooMany', `一次最多导出 ${sheetLimit} 条，现有 ${total} 条，请缩短日期范围后分次导出。`);
    const counties = new Map(listCounties(ctx.actor.scope).map(({ code }) => [code, total]));
    const { watermark } = await recordExport(tx, ctx, { kind: 'audit', purpose, rows: counties });
    return auditSheet(rows.map(inWords), filter, watermark);
  };

  const readers: AuditHandlers['readers'] = async (tx, ctx, { person, ...paging }) => {
    const { name, ...about } = await getRecordsInFull(tx, ctx.actor, person);
    const { rows, total } = await listReaders(tx, about, offsetOf(paging));
    const purposes = await listPurposes(tx, about);
    return {
      name,
      total,
      printedAt: ctx.now,
      rows: rows.map(inWords).map(({ seq, at, organisationName, role, actor, actorName, kind, summary }) => ({
        ...{ seq, at, organisationName, role, actor, actorName, summary },
        purpose: kind === 'reveal' ? (purposes.get(`${actor} ${at}`) ?? null) : null,
      })),
    };
  };

  return { list, unusual, export: exportSheet, readers };
};
