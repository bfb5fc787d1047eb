// What a field says when its value does not fit its schema, in words for the person who fills it in.
import i18next from 'i18next';
import type { z } from 'zod';

type Bound = { readonly origin: string; readonly inclusive?: boolean | undefined };

const boundKey = ({ origin, inclusive }: Bound): 'text' | 'items' | 'number' | 'numberStrict' => {
  if (origin === 'string') return 'text';
  if (origin === 'array' || origin === 'set') return 'items';
  return inclusive === false ? 'numberStrict' : 'number';
};

/** For `z.config({ customError })`: comes after a schema's own message and before zod's words. */
export const fieldMessage: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_big':
      return i18next.t(`invalid.most.${boundKey(issue as Bound)}`, { limit: String(issue.maximum) });
    case 'too_small':
      return i18next.t(`invalid.least.${boundKey(issue as Bound)}`, { limit: String(issue.minimum) });
    case 'invalid_type':
      if (issue.input === undefined) return i18next.t('invalid.missing');
      return i18next.t(issue.expected === 'int' ? 'invalid.whole' : 'invalid.value');
    case 'invalid_value':
      return i18next.t('invalid.choice');
    case 'invalid_format':
      return i18next.t(issue.format === 'date' ? 'invalid.day' : 'invalid.format');
    case 'not_multiple_of':
      return i18next.t('invalid.step', { step: String(issue.divisor) });
    default:
      return undefined;
  }
};
