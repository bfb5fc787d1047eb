// The audit as it is read: its lines and their filters, who opened a person's file, and the setting of what is pointed out.
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { addDays } from '../kernel/calendar.ts';
import { AuditKind, Day } from '../kernel/contract.ts';

/** Files that one account may open in an hour before it is pointed out. No document gives a number: 60 is one a minute. */
export const FilesPerHour = z.int().min(1).max(100_000);
export const filesPerHourSetting = { name: 'auditFilesPerHour', schema: FilesPerHour };
export const defaultFilesPerHour = 60;

/** The kinds as printed. */
export const kindNames: Readonly<Record<AuditKind, string>> = {
  read: '查阅档案',
  reveal: '查看完整信息',
  search: '查找、浏览名单',
  export: '导出',
  write: '登记办理',
  account: '账号变更',
  setting: '设置变更',
  audit: '查看审计',
  signIn: '登录',
  signOut: '退出登录',
  request: '未受理的请求',
};

/** Who may show the full data of a person (`person.reveal`). */
export const revealers: readonly Role[] = [
  'civilAffairs',
  'health',
  'federation',
  'village',
  'hospital',
  'centre',
  'site',
];

export const AuditOutcome = z.enum(['ok', 'refused']);

const span = { from: Day.optional(), to: Day.optional() };
export const AuditSpan = z.object(span);
export type AuditSpan = z.infer<typeof AuditSpan>;

/** Which lines: days, both included, by default the last week; `search` is a user name. */
export const auditFilter = {
  ...span,
  search: z.string().trim().max(50).optional(),
  kind: AuditKind.optional(),
  role: Role.optional(),
  outcome: AuditOutcome.optional(),
  person: z.uuid('请填写完整的档案编号').optional(),
};

export const AuditRow = z.object({
  seq: z.int(),
  at: z.string(),
  actor: z.string(),
  /** Of the account; null where there is none. */
  actorName: z.string().nullable(),
  role: Role,
  organisationName: z.string().nullable(),
  address: z.string().nullable(),
  operation: z.string(),
  /** What the operation does, in words. */
  summary: z.string(),
  kind: AuditKind,
  outcome: z.string(),
  persons: z.array(z.uuid()),
  details: z.record(z.string(), z.unknown()),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** Who opened a person's file, as it is handed to the person. */
export const ReaderRow = z.object({
  seq: z.int(),
  at: z.string(),
  organisationName: z.string().nullable(),
  role: Role,
  actor: z.string(),
  actorName: z.string().nullable(),
  summary: z.string(),
  /** As it was given for showing the full data. */
  purpose: z.string().nullable(),
});
export type ReaderRow = z.infer<typeof ReaderRow>;

/** The days asked for: without a first day the week before the last, without a last day up to today. */
export const spanOf = ({ from, to }: AuditSpan, today: string): { from: string; to: string } => {
  const last = to ?? today;
  return { from: from ?? addDays(last, -6), to: last };
};
