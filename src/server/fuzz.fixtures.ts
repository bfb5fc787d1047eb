// Inputs at random, valid and broken, from an operation's own schema: fast-check arbitraries of what a client might send.
import fc from 'fast-check';
import type { z } from 'zod';
import { defOf, type Known, singular } from './access-input.fixtures.ts';

/** What breaks servers: quotes, patterns, control and half characters, paths, formulas, numbers in disguise, other scripts. */
const hostile = [
  "'; drop table person; --",
  "' or '1'='1",
  '%',
  '_',
  '\\',
  '$1',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e张三',
  '👩‍👩‍👧‍👦'.repeat(20),
  '../../../../etc/passwd',
  '..\\..\\windows',
  '=cmd|/c calc',
  '<script>alert(1)</script>',
  '5.119E+17',
  '１２３',
  '1e309',
  '-1',
  'null',
  '[object Object]',
  '__proto__',
  '甲'.repeat(5000),
  ' ',
  '',
];
const dates = [
  '0000-00-00',
  '0001-01-01',
  '2024-02-30',
  '2024-11-14',
  '2024-11-15',
  '9999-12-31',
  '10000-01-01',
  '2024-1-1',
];
const numbers = [0, -1, 1, 0.5, 1e308, -0, 2 ** 31, 2 ** 53, 36_500];

const anyJson = fc.oneof(
  fc.constantFrom<unknown>(null, true, [], {}, [[]], '', 0),
  fc.constantFrom(...hostile),
  fc.constantFrom(...numbers),
);

const textOf = (field: string, known: Known): fc.Arbitrary<unknown> => {
  const named = [known[field], known[singular(field)]].filter((one) => one !== undefined);
  return fc.oneof(
    { weight: named.length ? 6 : 0, arbitrary: fc.constantFrom(...named, '') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('2024-11-10', '2024-10', '2024-H1', '09:00', '511902', '511903001', '张三丰'),
    },
    { weight: 2, arbitrary: fc.constantFrom(...hostile) },
    { weight: 1, arbitrary: fc.constantFrom(...dates) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  );
};

/** Mostly of the right kind, now and then anything at all. */
const mostly = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: anyJson });

/** Fits the schema where it can be made to within a few tries; what does not fit tests the refusals. */
const fitting = (schema: z.ZodType, made: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .array(made, { minLength: 6, maxLength: 6 })
    .map((tries) => tries.find((one) => schema.safeParse(one).success) ?? tries[0]);

/** Inputs for `schema`; fields that ask for an id or a place often get one of the `known`. */
export const inputsOf = (schema: z.ZodType, known: Known, field = ''): fc.Arbitrary<unknown> => {
  const def = defOf(schema);
  const inner = (one: z.ZodType | undefined, name = field) => inputsOf(one as z.ZodType, known, name);
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape ?? {}).map(([name, one]) => [name, inner(one, name)] as const);
      const needed = fields.filter(
        ([name]) => !['optional', 'default'].includes(defOf(def.shape?.[name] as z.ZodType).type),
      );
      return mostly(
        fc.record(Object.fromEntries(fields), { requiredKeys: needed.map(([name]) => name), noNullPrototype: true }),
      );
    }
    case 'array':
      return mostly(fc.array(inner(def.element, singular(field)), { maxLength: 3 }));
    case 'nullable':
      return fc.option(inner(def.innerType));
    case 'string':
      return mostly(fitting(schema, field === 'id' ? fc.uuid({ version: 7 }) : textOf(field, known)));
    case 'number':
      return mostly(fitting(schema, fc.oneof(fc.constantFrom(...numbers), fc.integer({ min: 0, max: 200 }))));
    case 'boolean':
      return mostly(fc.boolean());
    case 'enum':
      return mostly(fc.constantFrom(...Object.values(def.entries ?? {})));
    case 'literal':
      return mostly(fc.constantFrom(...(def.values ?? [])));
    case 'union':
      return fc.oneof(...(def.options ?? []).map((one) => inner(one)));
    case 'record':
      return mostly(
        fc.dictionary(fc.constantFrom('511902', 'a', '__proto__'), anyJson, { maxKeys: 2, noNullPrototype: true }),
      );
    case 'file':
      return fc.uint8Array({ maxLength: 300 }).map((bytes) => new File([new Uint8Array(bytes)], '名单.xlsx'));
    case 'pipe':
      return inner(defOf(def.in as z.ZodType).type === 'transform' ? def.out : def.in);
    default:
      return def.innerType ? inner(def.innerType) : anyJson;
  }
};
