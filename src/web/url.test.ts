// The address keeps a list's state: what is written is read back, and codes, defaults and old bookmarks survive.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { formatQuery, parseQuery, readQuery, writeQuery } from './url.ts';

const Query = z.object({ ...listQuery, area: z.string().optional(), short: z.stringbool().optional() });
const roundTrip = (values: z.infer<typeof Query>) =>
  readQuery(Query, parseQuery(formatQuery(writeQuery(Query, values))));

test('what is written to the address is read back the same', () => {
  const values = fc.record({
    search: fc.option(
      fc
        .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
        .map((text) => text.trim())
        .filter((text) => text !== ''),
      { nil: undefined },
    ),
    page: fc.integer({ min: 1, max: 9999 }),
    pageSize: fc.integer({ min: 1, max: 200 }),
    sort: fc.constantFrom(undefined, 'name', '-registeredOn'),
    area: fc.constantFrom(undefined, '5119', '511902', '011902001'),
    short: fc.constantFrom(undefined, true, false),
  });
  fc.assert(
    fc.property(values, (value) => {
      expect(roundTrip(value)).toEqual(
        Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)),
      );
    }),
    { numRuns: process.env.KANGTU_DEEP ? 5000 : 500 },
  );
});

test('defaults and empty values stay out of the address', () => {
  expect(formatQuery(writeQuery(Query, { page: 1, pageSize: 25, search: '', area: '511902' }))).toBe('?area=511902');
});

test('a field of an old bookmark that does not fit is dropped, the others stay', () => {
  expect(readQuery(Query, parseQuery('?page=zero&area=511902&pageSize=9000'))).toEqual({
    page: 1,
    pageSize: 25,
    area: '511902',
  });
});
