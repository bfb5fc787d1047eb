// Forms read the operation's schema: nested fields, required marks, blanks left out.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldSchema, isRequired, withLabel, withoutBlanks } from './form-schema.ts';

const Input = z
  .object({
    on: z.iso.date(),
    note: z.string().optional(),
    minutes: z.coerce.number().int().default(30),
    guardian: z.object({ name: z.string() }).nullable().optional(),
    rows: z.array(z.object({ item: z.string(), score: z.int().max(4) })),
  })
  .refine(({ rows }) => rows.length > 0);

const required = (...path: (string | number)[]) => {
  const schema = fieldSchema(Input, path);
  return schema === undefined ? undefined : isRequired(schema);
};

test('required follows the schema, through nesting, arrays and refinements', () => {
  expect([required('on'), required('note'), required('minutes'), required('guardian')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([required('guardian', 'name'), required('rows', 3, 'score'), required('absent')]).toEqual([
    true,
    true,
    undefined,
  ]);
  expect(fieldSchema(Input, ['rows', 0, 'score'])?.safeParse(5).success).toBe(false);
});

test('blanks are left out at any depth; zero and false are values', () => {
  expect(
    withoutBlanks({ note: ' ', on: ' 2024-11-14 ', n: 0, b: false, x: null, rows: [{ item: '', score: 1 }] }),
  ).toEqual({
    on: '2024-11-14',
    n: 0,
    b: false,
    rows: [{ score: 1 }],
  });
});

test('a message names its field once', () => {
  expect(withLabel('姓名', '最多 40 个字')).toBe('姓名：最多 40 个字');
  expect(withLabel('联系电话', '联系电话不完整')).toBe('联系电话不完整');
});
