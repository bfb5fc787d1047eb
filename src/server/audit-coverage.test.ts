// No operation that can tell of a person is silent to the audit, and every field that an operation names for it is there.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { accessRows } from './access-guide.ts';
import { defOf } from './access-input.fixtures.ts';
import { contract } from './contract.ts';

/** Every path of the schema's fields, lists passed through: `rows.person`; a file is `file`. */
const pathsOf = (schema: z.ZodType, prefix = ''): string[] => {
  const def = defOf(schema);
  if (def.type === 'file') return [`${prefix}file`];
  // Any JSON.
  if (def.type === 'lazy') return [];
  const inner = [def.innerType, def.in, def.out, def.element, def.valueType, ...(def.options ?? [])].filter(
    (one) => one !== undefined,
  );
  const fields = Object.entries(def.shape ?? {}).flatMap(([name, one]) => [
    prefix + name,
    ...pathsOf(one, `${prefix}${name}.`),
  ]);
  return [...fields, ...inner.flatMap((one) => pathsOf(one, prefix))];
};

const rows = accessRows(contract).map(({ meta, operation }) => {
  const { inputSchema, outputSchema } = operation['~orpc'];
  return {
    meta,
    input: pathsOf(inputSchema as z.ZodType),
    output: pathsOf(outputSchema as z.ZodType),
  };
});

/** What an input names somebody by, and what only an answer about somebody has. A file may hold anything. */
const naming = new Set('person persons other application assessment consent session referral visit'.split(' '));
const personal = new Set('person persons people idNumber birthDate age guardian stage file'.split(' '));
const lastOf = (path: string): string => path.split('.').at(-1) ?? '';

test('each operation that names a person or can answer with one says what the audit keeps of it', () => {
  const silent = rows.filter(
    ({ meta, input, output }) =>
      meta.audit === null &&
      (input.some((path) => naming.has(lastOf(path))) || output.some((path) => personal.has(lastOf(path)))),
  );
  expect(silent.map(({ meta }) => meta.name)).toEqual([]);
});

test('every write leaves a line', () => {
  expect(rows.filter(({ meta }) => meta.writes && meta.audit === null)).toEqual([]);
});

test('the fields that an operation names for the audit are in its schemas', () => {
  for (const { meta, input, output } of rows) {
    for (const path of meta.audit?.answer ?? []) expect(output, meta.name).toContain(path);
    if (meta.audit?.when) expect(input, meta.name).toContain(meta.audit.when);
  }
});

test('one that opens the file of one person says whom, in its input or its answer', () => {
  const nameless = rows.filter(
    ({ meta, input }) =>
      (meta.audit?.kind === 'read' || meta.audit?.kind === 'reveal') &&
      !input.includes('person') &&
      !meta.audit.answer?.length,
  );
  expect(nameless.map(({ meta }) => meta.name)).toEqual([]);
});
