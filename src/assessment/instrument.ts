// Assessment scales as data: the schema of an instrument, and the scorer that reads it. Pure; the files are in instruments/.
import { z } from 'zod';
import { Domain } from '../care/session.ts';

const Code = z.string().regex(/^[a-z][A-Za-z0-9]*$/, '编号用小写字母开头的英文词');

const Option = z.strictObject({ value: z.int().min(0), text: z.string().min(1) });

export const InstrumentItem = z.strictObject({
  code: Code,
  text: z.string().min(1),
  /** What to ask or look at. */
  hint: z.string().min(1).optional(),
  /** The training domain that the item speaks of. */
  domain: Domain.optional(),
  options: z.array(Option).min(2).optional(),
});
export type InstrumentItem = z.infer<typeof InstrumentItem>;

/** A band holds when any of its conditions does; the first band that holds is the result. */
const Band = z.strictObject({
  text: z.string().min(1).max(40),
  impaired: z.boolean(),
  when: z.strictObject({
    totalAtMost: z.number().optional(),
    totalAtLeast: z.number().optional(),
    /** At least `count` items answered with `value` or more. */
    items: z.strictObject({ value: z.int(), count: z.int().min(1) }).optional(),
  }),
  source: z.string().min(1),
});

export const Instrument = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-zA-Z0-9]{1,19}$/),
    version: z.string().regex(/^\d{1,3}$/, '版本号写成引号中的整数，例如 "1"'),
    title: z.string().min(1),
    short: z.string().min(1).max(20),
    /** The time that the answers speak of. */
    period: z.string().min(1),
    about: z.string().min(1),
    suits: z.strictObject({
      text: z.string().min(1),
      ageFrom: z.int().optional(),
      /** Last age that suits. */
      ageTo: z.int().optional(),
    }),
    /** Used by every item that brings none of its own. */
    options: z.array(Option).min(2),
    /** The answer "does not apply": shown with the options, never counted. */
    notApplicable: Option.optional(),
    /** Fewer counted answers than this: not scored. */
    minCounted: z.int().min(1),
    higherIs: z.enum(['better', 'worse']),
    range: z.strictObject({ min: z.number(), max: z.number() }),
    bands: z.array(Band),
    sources: z.array(z.string().min(1)).min(1),
    licence: z.string().min(1),
    items: z.array(InstrumentItem).min(1),
  })
  .superRefine((instrument, context) => {
    const codes = instrument.items.map((item) => item.code);
    const twice = codes.find((code, i) => codes.indexOf(code) !== i);
    if (twice !== undefined) context.addIssue({ code: 'custom', path: ['items'], message: `题目编号 ${twice} 重复` });
    if (instrument.minCounted > codes.length)
      context.addIssue({ code: 'custom', path: ['minCounted'], message: '多于题目数' });
    const extremes = (pick: (...values: number[]) => number): number =>
      instrument.items.reduce(
        (sum, item) => sum + pick(...optionsOf(instrument, item).map((option) => option.value)),
        0,
      );
    if (extremes(Math.max) !== instrument.range.max)
      context.addIssue({ code: 'custom', path: ['range', 'max'], message: `各题最高分之和是 ${extremes(Math.max)}` });
  });
export type Instrument = z.infer<typeof Instrument>;
export type Answers = Readonly<Record<string, number>>;

/** The counted options of an item. */
export const optionsOf = (
  instrument: Pick<Instrument, 'options'>,
  item: Pick<InstrumentItem, 'options'>,
): z.infer<typeof Option>[] => item.options ?? instrument.options;

/** What is wrong with answers, by item code: an unknown item, or a value that the item does not offer. */
export const listAnswerProblems = (instrument: Instrument, answers: Answers): Record<string, string> => {
  const problems: Record<string, string> = {};
  for (const [code, value] of Object.entries(answers)) {
    const item = instrument.items.find((one) => one.code === code);
    if (!item) {
      problems[code] = `${instrument.short}没有这一题`;
      continue;
    }
    const allowed = optionsOf(instrument, item).map((option) => option.value);
    if (instrument.notApplicable) allowed.push(instrument.notApplicable.value);
    if (!allowed.includes(value)) problems[code] = `“${item.text}”只能选 ${allowed.join('、')}`;
  }
  return problems;
};

export interface Score {
  /** Answers that count: given, and not "does not apply". */
  readonly counted: number;
  /** Undefined when too few answers count: not scored, which is not 0. */
  readonly total: number | undefined;
  readonly band: string | undefined;
  readonly impaired: boolean | undefined;
}

const holds = (when: Instrument['bands'][number]['when'], total: number, values: readonly number[]): boolean =>
  (when.totalAtMost !== undefined && total <= when.totalAtMost) ||
  (when.totalAtLeast !== undefined && total >= when.totalAtLeast) ||
  (when.items !== undefined && values.filter((v) => v >= (when.items?.value ?? 0)).length >= when.items.count);

/** Scores valid answers: the sum of what counts, and the first band that holds. */
export const scoreAnswers = (instrument: Instrument, answers: Answers): Score => {
  const values = instrument.items
    .map((item) => answers[item.code])
    .filter((value): value is number => value !== undefined && value !== instrument.notApplicable?.value);
  if (values.length < instrument.minCounted)
    return { counted: values.length, total: undefined, band: undefined, impaired: undefined };
  const total = values.reduce((sum, value) => sum + value, 0);
  const band = instrument.bands.find(({ when }) => holds(when, total, values));
  return { counted: values.length, total, band: band?.text, impaired: band?.impaired };
};

/** How much help is needed by domain: the highest answer given. */
export const Needs = z.partialRecord(Domain, z.int());
export type Needs = z.infer<typeof Needs>;

/** The highest answer of each domain that an instrument asks about; absent where nothing of it was answered. */
export const needsByDomain = (instrument: Instrument, answers: Answers): Needs => {
  const needs: Needs = {};
  for (const item of instrument.items) {
    const value = answers[item.code];
    if (item.domain && value !== undefined && value !== instrument.notApplicable?.value)
      needs[item.domain] = Math.max(needs[item.domain] ?? 0, value);
  }
  return needs;
};

/** Why the instrument may not suit a person of that age (undefined: not known); a warning, never a refusal. */
export const warnUnsuited = (instrument: Instrument, age: number | undefined): string | undefined => {
  const { ageFrom = 0, ageTo = 200, text } = instrument.suits;
  if (age === undefined || (age >= ageFrom && age <= ageTo)) return undefined;
  return `此人 ${age} 岁。${text}`;
};
