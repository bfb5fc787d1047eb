// Facts as a screen states them: the value that each kind takes, and the names of where facts come from.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day } from '../kernel/contract.ts';
import type { EntryDraft } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { FactKey, Facts, factNames, RiskLevel } from '../policy/facts.ts';
import { type FactOrigin, factRecorded, type RecordedFact } from './person.ts';

const originNames: Readonly<Record<FactOrigin, string>> = {
  federation: '残联名单',
  health: '卫健名单',
  civil: '民政名单',
  visit: '入户走访',
  application: '申请',
  hospital: '医疗机构',
  assessment: '康复评估',
  manual: '人工登记',
};
/** 残联名单, 入户走访 …; an origin that is not ours is shown as it is. */
export const nameOfOrigin = (origin: string): string => originNames[origin as FactOrigin] ?? origin;

/** What the value of a kind must be: as in `Facts`, except that risk is one level, and what is dated takes its day from the fact. */
export const factValueOf = (kind: FactKey): z.ZodType => {
  if (kind === 'risk') return RiskLevel;
  if (kind === 'diagnosis') return z.strictObject({ code: z.string().trim().min(1).max(10) }).nullable();
  if (kind === 'medicalOpinion') return z.strictObject({ fit: z.boolean() });
  return Facts.shape[kind].unwrap();
};

/** A fact from a screen; where it was said follows from the operation. */
export const FactInput = z.object({ kind: FactKey, on: Day, value: z.json() }).superRefine((fact, context) => {
  const read = factValueOf(fact.kind).safeParse(fact.value);
  if (!read.success)
    context.addIssue({ code: 'custom', path: ['value'], message: `“${factNames[fact.kind]}”的内容不正确` });
});
export type FactInput = z.infer<typeof FactInput>;

/** Facts to be recorded; refuses (`inFuture`) one that is dated after today. */
export const decideFacts = (facts: readonly FactInput[], source: FactOrigin, today: Day): RecordedFact[] =>
  facts.map(({ kind, on, value }, position) => {
    if (on > today)
      throw new Refusal('inFuture', `“${factNames[kind]}”的日期 ${on} 晚于今天（${today}）。`, {
        fields: { [`facts.${position}.on`]: '不能晚于今天' },
      });
    return { kind, on, value, source };
  });

/** What a hospital says is the hospital's; everyone else writes down what they were told. */
export const originOf = (role: Role): FactOrigin => (role === 'hospital' ? 'hospital' : 'manual');

export const draftFacts = (
  base: Pick<EntryDraft, 'id' | 'county' | 'on' | 'subjects'>,
  facts: readonly RecordedFact[],
  note: string | undefined,
): EntryDraft => factRecorded.draft({ ...base, body: { facts: [...facts], ...(note ? { note } : {}) } });
