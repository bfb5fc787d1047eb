// An opening (临时查阅): an officer above the county is shown one person for a reason and for hours; the county is told and may end it.
import { z } from 'zod';
import { County } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { readIdNumber } from './identity.ts';

/** No document gives a number: a working day and its night, and at most over a weekend. */
export const openingHours = { usual: 24, most: 72, assumed: true } as const;

const reason = z.string().trim().min(10, '请写明履行什么职责、为何要看此人（至少 10 个字）').max(300);
const endReason = z.string().trim().min(2, '请写明为何提前结束').max(200);

/** Whole number and whole name: whoever asks knows the person already, and learns of nobody else. */
export const OpeningRequest = z.object({
  county: County,
  name: z.string().trim().min(1, '请填写姓名').max(40),
  idNumber: z.string().trim().min(1, '请填写证件号码').max(30),
  reason,
  hours: z.int().min(1).max(openingHours.most, `最长 ${openingHours.most} 小时`).default(openingHours.usual),
});
export type OpeningRequest = z.infer<typeof OpeningRequest>;

export const OpeningEnd = z.object({ reason: endReason });

const instant = z.iso.datetime();

export const openingRequested = defineEntry({
  type: 'opening.request',
  summary: '临时查阅',
  body: z.object({ reason: reason.meta({ sealed: true }), endsAt: instant }),
});
export const openingEnded = defineEntry({
  type: 'opening.end',
  summary: '提前结束临时查阅',
  body: z.object({ opening: z.uuid(), reason: endReason.meta({ sealed: true }) }),
});
export const openingEntries = [openingRequested, openingEnded];

export const OpeningState = z.enum(['running', 'over', 'ended']);
export type OpeningState = z.infer<typeof OpeningState>;

export const OpeningRow = z.object({
  id: z.uuid(),
  /** Null where the reader sees the person no more; then there is no name either. */
  person: z.uuid().nullable(),
  /** Masked. */
  name: z.string().nullable(),
  county: z.string(),
  reason: z.string(),
  /** The officer, and their office. */
  by: z.string(),
  organisation: z.string().nullable(),
  openedAt: instant,
  endsAt: instant,
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  state: OpeningState,
});
export type OpeningRow = z.infer<typeof OpeningRow>;

export const stateOf = (
  { endsAt, endedAt }: { readonly endsAt: string; readonly endedAt: string | null },
  now: string,
): OpeningState => {
  if (endedAt !== null) return 'ended';
  return Date.parse(endsAt) > Date.parse(now) ? 'running' : 'over';
};

/** The number as it is on record, and when the opening will end. Refuses `idNumberInvalid`. */
export const decideOpening = (
  { idNumber, hours }: Pick<OpeningRequest, 'idNumber' | 'hours'>,
  now: string,
): { idNumber: string; endsAt: string } => {
  const read = readIdNumber(idNumber);
  if (!read.ok)
    throw new Refusal('idNumberInvalid', `${read.reason}。`, { kind: 'input', fields: { idNumber: read.reason } });
  return { idNumber: read.document.number, endsAt: new Date(Date.parse(now) + hours * 3_600_000).toISOString() };
};
