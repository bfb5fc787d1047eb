// Yearly joint sweeps (CM-06): what is opened, how each town is covered, and what must be there before one is closed.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { County, Day, Town } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { Department } from './exchange.ts';

const cites = ['CM-06'];
const count = z.int().min(0).max(1_000_000);

export const sweepFields = {
  year: z.int().min(2000).max(2100),
  /** Stands in lists and in clear: it names nobody. */
  title: z.string().trim().min(2).max(60),
  from: Day,
  to: Day,
  departments: z.array(Department).min(1).max(10),
  towns: z.array(Town).min(1).max(200),
};

/** The sweep's id is the entry's. */
export const sweepOpened = defineEntry({
  type: 'sweep.open',
  summary: '部署联合排查',
  body: z.object({ ...sweepFields, county: County }),
  replaceable: true,
});

export const coverFields = {
  town: Town,
  village: z.string().trim().min(2).max(40).optional(),
  /** Households and people that were visited, and how many people were newly found. */
  households: count,
  residents: count,
  found: count,
  note: z.string().trim().max(500).optional().meta({ sealed: true }),
};

export const coverRecorded = defineEntry({
  type: 'sweepCover.record',
  summary: '登记排查覆盖情况',
  body: z.object({ ...coverFields, sweep: z.uuid() }),
  replaceable: true,
});

export const sweepClosed = defineEntry({
  type: 'sweep.close',
  summary: '办结联合排查',
  body: z.object({ summary: z.string().trim().min(4).max(1000).meta({ sealed: true }) }),
  replaceable: 'takenBack',
});

export const sweepEntries = [sweepOpened, coverRecorded, sweepClosed];

export const SweepRow = z.object({
  id: z.uuid(),
  county: z.string(),
  year: z.int(),
  title: z.string(),
  fromOn: Day,
  toOn: Day,
  departments: z.array(Department),
  towns: z.int(),
  covered: z.int(),
  openedOn: Day,
  closedOn: Day.nullable(),
});
export type SweepRow = z.infer<typeof SweepRow>;

export const CoverRow = z.object({
  id: z.uuid(),
  town: z.string(),
  village: z.string().nullable(),
  households: z.int(),
  residents: z.int(),
  /** Null to whoever sees no person of the town: few could point at one. */
  found: z.int().nullable(),
  note: z.string().nullable(),
  on: Day,
  by: z.string(),
  mine: z.boolean(),
});
export type CoverRow = z.infer<typeof CoverRow>;

/** What the records themselves say of a town in the span: nobody types these. */
export const SweepFigures = z.object({
  visited: z.int(),
  /** Living in the town with a newest risk of 3 or higher; of these, assessed in the span; of these, with a care team or looked after in the span. */
  atRisk: z.int(),
  newAtRisk: z.int(),
  managed: z.int(),
});
export type SweepFigures = z.infer<typeof SweepFigures>;

export const SweepTown = z.object({
  town: z.string(),
  name: z.string(),
  covered: z.boolean(),
  households: z.int(),
  residents: z.int(),
  found: z.int().nullable(),
  /** Null where the asker sees no persons of the town; without risk where its purpose does not need it. */
  live: SweepFigures.partial({ atRisk: true, newAtRisk: true, managed: true }).nullable(),
  mayCover: z.boolean(),
  covers: z.array(CoverRow),
});
export type SweepTown = z.infer<typeof SweepTown>;

/** A closing that was taken back: what counted as done from `closedOn` counts no more. */
export const SweepReopening = z.object({
  closedOn: Day,
  on: Day,
  by: z.string(),
  /** Null to whoever does not read the sweep's summary. */
  reason: z.string().nullable(),
});

export const SweepView = SweepRow.extend({
  summary: z.string().nullable(),
  rows: z.array(SweepTown),
  mayKeep: z.boolean(),
  mayReopen: z.boolean(),
  reopenings: z.array(SweepReopening),
});
export type SweepView = z.infer<typeof SweepView>;

/** Refuses a span that ends before it begins or lies outside of the year, and towns of elsewhere. */
export const checkOpening = (sweep: {
  readonly year: number;
  readonly from: Day;
  readonly to: Day;
  readonly county: string;
  readonly towns: readonly string[];
}): void => {
  const { year, from, to, county, towns } = sweep;
  if (to < from || from.slice(0, 4) !== String(year))
    throw new Refusal('spanInvalid', `排查应在 ${year} 年开始，结束日期不早于开始日期。`, {
      fields: { to: '请核对起止日期' },
      cites,
    });
  if (towns.some((town) => !town.startsWith(county)))
    throw new Refusal('otherCounty', '排查的乡镇（街道）应在本县（市、区）。', {
      fields: { towns: '请核对乡镇' },
      cites,
    });
};

type Open = Pick<SweepRow, 'fromOn' | 'toOn' | 'closedOn'>;

/** Refuses to change a sweep that is closed. */
export const checkStillOpen = ({ closedOn }: Pick<Open, 'closedOn'>): void => {
  if (closedOn !== null)
    throw new Refusal('closed', `这次排查已于 ${closedOn} 办结。确需更正的，请办结的部门先撤销办结。`, {
      kind: 'conflict',
      cites,
    });
};

/** Whether the actor may take a closing back: the kind of office that closed, or civil affairs. */
export const mayTakeBack = (role: Role, closer: string): boolean => role === closer || role === 'civilAffairs';

/** The closing that stands. Refuses a sweep that is not closed, and whoever did not close it. */
export const getTakenBack = <C extends { readonly role: string }>(closing: C | undefined, role: Role): C => {
  if (closing === undefined)
    throw new Refusal('notClosed', '这次排查没有办结，可以直接更正，请刷新后再试。', { kind: 'conflict', cites });
  if (!mayTakeBack(role, closing.role))
    throw new Refusal('otherOffice', '这次排查由其他部门办结，请由办结的部门或县（区）民政部门撤销。', {
      kind: 'access',
      cites,
    });
  return closing;
};

/** Refuses a town that is not swept and a day outside of the span. */
export const checkCover = (
  sweep: Open & { readonly towns: readonly string[] },
  { town, on }: { readonly town: string; readonly on: Day },
): void => {
  checkStillOpen(sweep);
  if (!sweep.towns.includes(town))
    throw new Refusal('notSwept', `${nameOfDivision(town)}不在这次排查范围内。`, {
      fields: { town: '不在排查范围' },
      cites,
    });
  if (on < sweep.fromOn || on > sweep.toOn)
    throw new Refusal('outsideSpan', `这次排查自 ${sweep.fromOn} 至 ${sweep.toOn}，请核对日期。`, {
      fields: { on: '不在排查期内' },
      cites,
    });
};

/** Refuses to close while towns are without coverage, naming them. */
export const checkClosing = (
  sweep: Open & { readonly towns: readonly string[] },
  covered: readonly string[],
  on: Day,
): void => {
  checkStillOpen(sweep);
  if (on < sweep.fromOn)
    throw new Refusal('outsideSpan', `这次排查自 ${sweep.fromOn} 开始，不能在此之前办结。`, { cites });
  const missing = sweep.towns.filter((town) => !covered.includes(town));
  if (missing.length)
    throw new Refusal(
      'notCovered',
      `还有 ${missing.length} 个乡镇（街道）没有登记排查情况：${missing.map(nameOfDivision).join('、')}。全部登记后才能办结。`,
      { cites },
    );
};
