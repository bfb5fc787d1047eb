// Closing a person's data to all use, opening it again, and deleting it for good (PIPL 47): when each may be.
import { z } from 'zod';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isOver, nameOfStage, type Stage } from './file.ts';

/** PIPL 47: why the data is no longer to be used, or not to be kept at all. */
export const ClosureBasis = z.enum(['purposeAchieved', 'retentionOver', 'consentWithdrawn', 'unlawful', 'asked']);
export type ClosureBasis = z.infer<typeof ClosureBasis>;
/** Who spoke for the person, where somebody asked. */
export const Asker = z.enum(['client', 'guardian', 'office']);
export type Asker = z.infer<typeof Asker>;

// Nothing in these is sealed: they are read when the person's key is closed or gone.
export const personWithheld = defineEntry({
  type: 'person.withhold',
  summary: '封存档案',
  body: z.object({ basis: ClosureBasis, asker: Asker }),
});
export const personReleased = defineEntry({
  type: 'person.release',
  summary: '解除封存',
  body: z.object({ basis: z.enum(['serviceAgain', 'legalDuty', 'mistake']) }),
});
export const personErased = defineEntry({
  type: 'person.erase',
  summary: '删除个人信息',
  body: z.object({ basis: ClosureBasis, asker: Asker }),
});
export const closureEntries = [personWithheld, personReleased, personErased];

/** How a person's data stands closed; null: in use. */
export const Closure = z.enum(['withheld', 'erased']);
export type Closure = z.infer<typeof Closure>;

const law = '《个人信息保护法》第四十七条';

/** Refuses (`closed`) to show or change more of a person whose data is closed. */
export const checkNotClosed = (closure: Closure | null): void => {
  if (closure === 'withheld')
    throw new Refusal(
      'closed',
      `此人的档案已封存（${law}），不再查阅和使用。确需使用的，请县（区）民政部门先解除封存。`,
      {
        kind: 'access',
      },
    );
  if (closure === 'erased')
    throw new Refusal('closed', `此人的个人信息已按要求删除（${law}），不能再查阅。`, { kind: 'access' });
};

/** May be withheld: nobody serves the person, and nobody is about to. Refuses `stillServed` and `alreadyClosed`. */
export const checkWithhold = (closure: Closure | null, stage: Stage): void => {
  if (closure !== null) throw new Refusal('alreadyClosed', '此人的档案已经封存或删除。', { kind: 'conflict' });
  if (!isOver(stage))
    throw new Refusal('stillServed', `此人正处于“${nameOfStage(stage)}”，请先转出或结案，再封存档案。`, {
      kind: 'rule',
    });
};

/** Refuses `notWithheld`: only what is withheld is released, and only what is withheld is deleted, so that it takes two steps on two days. */
export const checkWithheld = (closure: Closure | null): void => {
  if (closure !== 'withheld')
    throw new Refusal('notWithheld', '只有已封存的档案才能解除封存或删除。', { kind: 'conflict' });
};
