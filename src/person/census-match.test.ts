// Matching decided case by case: never a silent merge, never a lost twin.
import { describe, expect, test } from 'vitest';
import { aMatcher, anId, aReading } from './census.fixtures.ts';
import type { KnownPerson, RowOutcome } from './census-match.ts';
import { compareNames } from './name-match.ts';

const id = anId('1985-03-07', 11);
const other = anId('1985-03-07', 13);
const known: KnownPerson = {
  id: 'p1',
  name: '张三',
  sex: 'male',
  birthDate: '1985-03-07',
  idNumber: id,
  town: '511902001',
};
const { idNumber: _, ...withoutId } = known;

const outcomesOf = async (people: readonly KnownPerson[], ...rows: Record<string, string>[]): Promise<RowOutcome[]> =>
  aMatcher(...people).match(
    rows.map((cells, i) => {
      const reading = aReading(cells);
      return { ...reading, row: { ...reading.row, rowNumber: i + 2 } };
    }),
  );
const kindsOf = async (people: readonly KnownPerson[], ...rows: Record<string, string>[]): Promise<string[]> =>
  (await outcomesOf(people, ...rows)).map((outcome) => outcome.kind);

describe('by number', () => {
  test('same ID and name: known for certain; what the row adds is listed', async () => {
    const [same, more] = await outcomesOf(
      [known],
      { 姓名: '张三', 身份证号: id },
      { 姓名: '张三', 身份证号: id, 电话: '19900000001' },
    );
    expect(same).toMatchObject({ kind: 'match', certain: true, person: { kind: 'person', id: 'p1' } });
    expect(more).toMatchObject({
      kind: 'update',
      differences: [{ field: 'phone', after: '19900000001' }],
      repeats: { rowNumber: 2 },
    });
  });

  test('same ID, other name: a conflict, be it homophone, near or entirely different', async () => {
    expect(await kindsOf([known], { 姓名: '章三', 身份证号: id }, { 姓名: '李四', 身份证号: id })).toEqual([
      'conflict',
      'conflict',
    ]);
  });

  test('same ID, name in another script or with an unprintable letter: the same person, name on file stays', async () => {
    expect(await kindsOf([known], { 姓名: '張三', 身份证号: id }, { 姓名: '张?', 身份证号: id })).toEqual([
      'match',
      'match',
    ]);
  });

  test('the certificate finds a person without ID on file', async () => {
    const [outcome] = await outcomesOf([{ ...withoutId, certificateNumber: `${id}63` }], {
      姓名: '张三',
      残疾证号: `${id}63B1`,
    });
    expect(outcome).toMatchObject({ kind: 'update', certain: true, reasons: ['残疾人证号相同'] });
  });

  test("two people on file with one ID, and a row with two people's numbers, wait for a person", async () => {
    expect(await kindsOf([known, { ...known, id: 'p2' }], { 姓名: '张三', 身份证号: id })).toEqual(['review']);
    expect(await kindsOf([known], { 姓名: '张三', 身份证号: id, 残疾证号: `${other}63` })).toEqual(['conflict']);
  });
});

describe('by name, birth date, sex and town', () => {
  const row = { 姓名: '张三', 出生日期: '1985-03-07', 性别: '男', 乡镇: '东城' };
  test('all the same: taken, but not as certain', async () => {
    const [outcome] = await outcomesOf([known], row);
    expect(outcome).toMatchObject({ kind: 'match', certain: false, score: 0.95 });
  });

  test('less than all, or two candidates: to review, with reasons', async () => {
    const [elsewhere] = await outcomesOf([known], { ...row, 乡镇: '西城' });
    expect(elsewhere).toMatchObject({ kind: 'review', candidates: [{ score: 0.7 }] });
    expect(await kindsOf([known], { ...row, 姓名: '章三' })).toEqual(['review']);
    expect(await kindsOf([known, { ...withoutId, id: 'p2' }], row)).toEqual(['review']);
  });

  test('twins with their own IDs are two people; without IDs and with names alike they wait for a person', async () => {
    const twin = { 姓名: '张珊', 身份证号: other, 性别: '男', 乡镇: '东城' };
    expect(await kindsOf([known], twin)).toEqual(['create']);
    expect(await kindsOf([], { ...row, 姓名: '张晓东' }, { ...row, 姓名: '张晓西' })).toEqual(['create', 'review']);
    expect(await kindsOf([], { ...row, 姓名: '张东' }, { ...row, 姓名: '张西' })).toEqual(['create', 'create']);
  });

  test('same name, day and town but another verified ID: asked, not decided', async () => {
    expect(await kindsOf([known], { 姓名: '张三', 身份证号: other, 乡镇: '东城' })).toEqual(['review']);
  });

  test('a name alone, or nothing, is refused', async () => {
    expect(await kindsOf([known], { 姓名: '张三', 电话: '19900000001' }, { 姓名: '', 身份证号: '511902' })).toEqual([
      'refuse',
      'refuse',
    ]);
  });
});

test('rows of one file meet each other, also over batches and through what an earlier row added', async () => {
  const matcher = aMatcher(withoutId);
  const reading = (cells: Record<string, string>, rowNumber: number) => {
    const read = aReading(cells);
    return { ...read, row: { ...read.row, rowNumber } };
  };
  const first = await matcher.match([
    reading({ 姓名: '李四', 身份证号: other }, 2),
    reading({ 姓名: '李四', 身份证号: other }, 3),
    reading({ 姓名: '张三', 身份证号: id, 乡镇: '东城' }, 4),
  ]);
  expect(first).toMatchObject([
    { kind: 'create' },
    { kind: 'match', person: { kind: 'row', rowNumber: 2 }, repeats: { rowNumber: 2 } },
    { kind: 'update', person: { kind: 'person', id: 'p1' } },
  ]);
  const second = await matcher.match([
    reading({ 姓名: '王五', 身份证号: other }, 5),
    reading({ 姓名: '张三', 身份证号: id }, 6),
  ]);
  expect(second).toMatchObject([
    { kind: 'conflict' },
    { kind: 'match', person: { id: 'p1' }, repeats: { rowNumber: 4 } },
  ]);
});

test.each([
  ['张 三', '张三', 'same'],
  ['阿依古丽·买买提', '阿依古丽•买买提', 'same'],
  ['劉德華', '刘德华', 'variant'],
  ['李堃', '李坤', 'variant'],
  ['张□', '张喆', 'variant'],
  ['??', '张三', 'different'],
  ['李小丽', '李晓莉', 'homophone'],
  ['张晓东', '张晓西', 'near'],
  ['张伟', '张丽', 'different'],
  ['张三', '张三丰', 'different'],
] as const)('%s and %s: %s', (a, b, likeness) => {
  expect(compareNames(a, b)).toBe(likeness);
  expect(compareNames(b, a)).toBe(likeness);
});
