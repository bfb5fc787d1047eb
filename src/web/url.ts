// The state of a list or a page in the query of its address: plain `key=value`, read and checked with a zod schema.
import type { z } from 'zod';

export type QueryValues = Readonly<Record<string, unknown>>;
export type QuerySchema<T> = z.ZodType<T>;

/** `?a=1&b=x` → `{ a: '1', b: 'x' }`; of a repeated key the last one counts. Everything stays text: codes keep their zeros. */
export const parseQuery = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/** The reverse of `parseQuery`, with the leading `?`; empty values are left out. */
export const formatQuery = (values: QueryValues): string => {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (!isEmpty(value)) query.set(key, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
};

/**
 * Reads the query with the schema. A field that does not fit is dropped rather than losing the others (an old bookmark still opens);
 * throws a ZodError if the schema refuses even what is left.
 */
export const readQuery = <T>(schema: QuerySchema<T>, raw: QueryValues): T => {
  const first = schema.safeParse(raw);
  if (first.success) return first.data;
  const wrong = new Set(first.error.issues.map((issue) => String(issue.path[0])));
  return schema.parse(Object.fromEntries(Object.entries(raw).filter(([key]) => !wrong.has(key))));
};

/** What to put in the address: the values without those that the schema fills in by itself. */
export const writeQuery = <T>(schema: QuerySchema<T>, values: QueryValues): Record<string, unknown> => {
  const filled = schema.safeParse({});
  const defaults = new Map(filled.success ? Object.entries(filled.data as object) : []);
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => !isEmpty(value) && value !== defaults.get(key)),
  );
};
