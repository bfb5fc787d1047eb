// Spreadsheet files of every bad kind: either the right rows or a clear refusal.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  anXlsx,
  inFolder,
  type RawSheet,
  removeFolders,
  rowsOf,
  workbookParts,
  zipOf,
} from '../person/census.fixtures.ts';
import { readSheet } from './sheet.ts';
import { type SheetLimits, sheetLimits } from './sheet-cell.ts';
import { writeSheetsFile } from './sheet-write.ts';

afterAll(removeFolders);

const cellsOf = async (path: string): Promise<unknown[]> => (await rowsOf(path)).map((row) => row.cells);
const codeOf = async (path: string, limits: Partial<SheetLimits> = {}): Promise<string> => {
  try {
    for await (const _ of readSheet(path, { ...sheetLimits, ...limits }));
    return 'read';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `bug: ${String(error)}`;
  }
};
const plainSheet: RawSheet = {
  name: '名单',
  rows: [
    ['姓名', '电话'],
    ['张三', '1'],
  ],
};
const withPart = async (part: string, content: string): Promise<string> =>
  inFolder('x.xlsx', await zipOf({ ...workbookParts([plainSheet]), [part]: content }));
const sheetOf = (data: string): string => `<worksheet><sheetData>${data}</sheetData></worksheet>`;

describe('xlsx', () => {
  test('keeps row numbers, sheet names and raw digits, and leaves hidden sheets out', async () => {
    const path = await anXlsx([
      { name: '隐藏', rows: [['不读']], hidden: true },
      { name: '一', rows: [['a'], [], [null, { v: '5.1190219850101102E+17' }]] },
      { name: '二', rows: [['b']] },
    ]);
    const rows = await rowsOf(path);
    expect(rows.map((row) => [row.sheet, row.rowNumber])).toEqual([
      ['一', 1],
      ['一', 3],
      ['二', 1],
    ]);
    expect(rows[1]?.cells).toEqual([null, expect.objectContaining({ raw: '5.1190219850101102E+17' })]);
  });

  test('shows days of date cells in both date systems, also before March 1900', async () => {
    const sheet: RawSheet = {
      name: 's',
      rows: [
        [
          { v: '31113', s: 1 },
          { v: '31113', s: 2 },
          { v: '1', s: 1 },
        ],
      ],
    };
    expect(await cellsOf(await anXlsx([sheet]))).toMatchObject([
      [{ day: '1985-03-07' }, { number: 31113 }, { day: '1900-01-01' }],
    ]);
    expect(await cellsOf(await anXlsx([sheet], true))).toMatchObject([
      [{ day: '1989-03-08' }, {}, { day: '1904-01-02' }],
    ]);
  });

  test('fills merged cells, and no phonetic reading enters a text', async () => {
    const path = await anXlsx([
      {
        name: 's',
        rows: [
          ['镇', '姓名'],
          ['清江', '张三'],
          [null, '李四'],
        ],
        merges: ['A2:A3', 'A1:A1'],
      },
    ]);
    expect(await cellsOf(path)).toEqual([
      ['镇', '姓名'],
      ['清江', '张三'],
      ['清江', '李四'],
    ]);
  });

  test('reads inline text, cells without references, escapes, errors and prefixed tags', async () => {
    const row =
      '<x:row><x:c t="inlineStr"><x:is><x:r><x:t>张</x:t></x:r><x:r><x:t>三_x000D_</x:t></x:r></x:is></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c></x:row>';
    const path = await withPart(
      'xl/worksheets/sheet1.xml',
      `<x:worksheet xmlns:x="urn:x"><x:sheetData>${row}</x:sheetData></x:worksheet>`,
    );
    expect(await cellsOf(path)).toEqual([['张三\r', '#N/A', true]]);
  });

  test('refuses what it cannot read, each with its own code', async () => {
    const huge = `<row><c t="str"><v>${'字'.repeat(40_000)}</v></c></row>`;
    const cases: [string, string, Partial<SheetLimits>?][] = [
      [await inFolder('empty.xlsx', ''), 'fileEmpty'],
      [await anXlsx([{ name: 's', rows: [[' ']] }]), 'fileEmpty'],
      [await inFolder('cut.xlsx', (await zipOf(workbookParts([plainSheet]))).subarray(0, 300)), 'fileUnreadable'],
      [await inFolder('doc.xlsx', await zipOf({ 'word/document.xml': '<w/>' })), 'fileUnreadable'],
      [await withPart('xl/worksheets/sheet1.xml', '<worksheet><sheetData><row></sheetData>'), 'fileUnreadable'],
      [await withPart('xl/worksheets/sheet1.xml', `<!DOCTYPE a [<!ENTITY b "c">]>${sheetOf('')}`), 'fileUnreadable'],
      [await withPart('xl/worksheets/sheet1.xml', sheetOf(huge)), 'fileTooLarge'],
      [await withPart('xl/worksheets/sheet1.xml', sheetOf('<row><c r="ZZZ1"><v>1</v></c></row>')), 'fileTooLarge'],
      [
        await withPart('xl/worksheets/sheet1.xml', sheetOf(' '.repeat(3_000_000))),
        'fileTooLarge',
        { unpackedBytes: 2_000_000 },
      ],
      [
        await withPart('xl/sharedStrings.xml', `<sst>${' '.repeat(3_000_000)}</sst>`),
        'fileTooLarge',
        { heldBytes: 2_000_000 },
      ],
      [await anXlsx([{ name: 's', rows: [['a'], ['b'], ['c']] }]), 'fileTooLarge', { rows: 2 }],
      [await anXlsx([plainSheet]), 'fileTooLarge', { fileBytes: 100 }],
      [await inFolder('page.xls', '<html><table><tr><td>姓名</td></tr></table></html>'), 'fileUnreadable'],
      [
        await inFolder('picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 0, 0, 3, 0, 0, 0, 9])),
        'fileUnreadable',
      ],
    ];
    const found = await Promise.all(cases.map(async ([path, , limits]) => codeOf(path, limits)));
    expect(found).toEqual(cases.map(([, code]) => code));
  });

  test('tells old workbooks from password-protected ones by the directory of the container', async () => {
    const container = (entry: string): Buffer => {
      const bytes = Buffer.alloc(2048);
      Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
      bytes.writeUInt16LE(9, 30);
      bytes.writeUInt32LE(1, 48);
      bytes.write(entry, 1024 + 128, 'utf16le');
      return bytes;
    };
    expect(await codeOf(await inFolder('old.xls', container('Workbook')))).toBe('fileOldFormat');
    expect(await codeOf(await inFolder('locked.xlsx', container('EncryptedPackage')))).toBe('fileEncrypted');
    expect(await codeOf(await inFolder('letter.doc', container('WordDocument')))).toBe('fileUnreadable');
  });

  test('a consumer that stops early or fails gets its own error and closes the file', async () => {
    const path = await anXlsx([plainSheet]);
    const failing = async (): Promise<void> => {
      for await (const row of readSheet(path)) throw new RangeError(`row ${row.rowNumber}`);
    };
    await expect(failing()).rejects.toThrow(new RangeError('row 1'));
  });
});

describe('delimited text', () => {
  const text = '姓名,备注\r\n张三,"第一行\n第二行，含""引号"""\r\n\r\n李四,="0123"\r\n';
  const expected = [
    ['姓名', '备注'],
    ['张三', '第一行\n第二行，含"引号"'],
    ['李四', '0123'],
  ];
  // GB18030 for the same text, made with the table of the platform's own decoder turned round.
  const toGb18030 = (given: string): Buffer => {
    const decoder = new TextDecoder('gb18030');
    const table = new Map<string, number[]>();
    for (let a = 0x81; a <= 0xfe; a += 1) {
      for (let b = 0x40; b <= 0xfe; b += 1) if (b !== 0x7f) table.set(decoder.decode(Uint8Array.of(a, b)), [a, b]);
    }
    return Buffer.from(
      [...given].flatMap((letter) => (letter < '\u0080' ? [letter.charCodeAt(0)] : (table.get(letter) ?? []))),
    );
  };
  const utf16 = (bigEndian: boolean, mark: string): Buffer => {
    const bytes = Buffer.from(mark + text, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with mark', Buffer.from(`\ufeff${text}`)],
    ['GB18030', toGb18030(text)],
    ['UTF-16LE with mark', utf16(false, '\ufeff')],
    ['UTF-16BE with mark', utf16(true, '\ufeff')],
    ['UTF-16LE without mark', utf16(false, '')],
  ])('%s', async (_, bytes) => {
    const rows = await rowsOf(await inFolder('list.csv', bytes));
    expect(rows.map((row) => row.cells)).toEqual(expected);
    // As a spreadsheet program numbers them: a quoted line break does not count, an empty line does.
    expect(rows.map((row) => row.rowNumber)).toEqual([1, 2, 4]);
  });

  test.each([
    [
      'a mark of UTF-8 before GB18030',
      Buffer.concat([Buffer.from('\ufeff'), toGb18030('姓名,住址\n联通,东城\n李四,西城')]),
    ],
    ['GB18030 added below UTF-8', Buffer.concat([Buffer.from('姓名\t住址\n联通\t东城\n'), toGb18030('李四\t西城')])],
    [
      'UTF-8 added below a marked head, with a line of GB18030 between',
      Buffer.concat([Buffer.from('\ufeff姓名,住址\n'), toGb18030('联通,东城\n'), Buffer.from('李四,西城')]),
    ],
  ])('two encodings: %s', async (_, bytes) => {
    expect(await cellsOf(await inFolder('list.csv', bytes))).toEqual([
      ['姓名', '住址'],
      ['联通', '东城'],
      ['李四', '西城'],
    ]);
  });

  test('bytes that are neither UTF-8 nor GB18030 below a head of UTF-8 are refused, not guessed', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeff姓名,住址\n'), Buffer.from([0xff, 0xff, 0x2c, 0xff, 0x0a])]);
    expect(await codeOf(await inFolder('list.csv', bytes))).toBe('fileUnreadable');
  });

  test.each([
    ['tab', '姓名\t住址\n张三\t东城,1号'],
    ['semicolon', '姓名;住址\n张三;东城,1号'],
    ['declared', 'sep=;\n姓名;住址\n张三;东城,1号'],
  ])('separator: %s', async (_, content) => {
    expect(await cellsOf(await inFolder('list.csv', content))).toEqual([
      ['姓名', '住址'],
      ['张三', '东城,1号'],
    ]);
  });

  test('an unclosed quote is refused with the row, not read as one giant cell', async () => {
    expect(await codeOf(await inFolder('list.csv', `姓名,备注\n张三,"没完\n${'李四,无\n'.repeat(10)}`))).toBe(
      'fileUnreadable',
    );
  });
});

describe('writing', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kangtu-sheet-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('what is written reads back: title, grouped header, days, figures, marked cells, odd characters', async () => {
    const path = join(folder, 'report.xlsx');
    await writeSheetsFile(path, [
      {
        name: '表/一',
        title: ['半年报告', '单位：人'],
        columns: [
          { header: '县', width: 20 },
          { header: '应', group: '服务', format: 'integer' },
          { header: '率', group: '服务', format: 'percent' },
          { header: '日期', format: 'day' },
        ],
        rows: [
          ['=1+1 <&>\u0001\ud83d', 12, { value: 0.5, tone: 'bad' }, '2024-02-29'],
          ['合计', '—', null, '1899-01-01'],
        ],
        notes: ['注：无'],
      },
      { name: '表/一', columns: [{ header: '空' }], rows: [] },
    ]);
    const rows = await rowsOf(path);
    expect(rows.map((row) => row.cells)).toEqual([
      Array(4).fill('半年报告'),
      Array(4).fill('单位：人'),
      ['县', '服务', '服务', '日期'],
      ['县', '应', '率', '日期'],
      [
        '=1+1 <&>\ufffd',
        { number: 12, raw: '12' },
        { number: 0.5, raw: '0.5' },
        { number: 45351, raw: '45351', day: '2024-02-29' },
      ],
      ['合计', '—', null, '1899-01-01'],
      Array(4).fill('注：无'),
      ['空'],
    ]);
    expect(new Set(rows.map((row) => row.sheet))).toEqual(new Set(['表 一', '表 一(2)']));
  });

  test('the same content gives the same bytes at another moment', async () => {
    const sheet = { name: 's', columns: [{ header: '县' }], rows: [['甲']] };
    const paths = [join(folder, 'one.xlsx'), join(folder, 'two.xlsx')];
    const clock = vi.useFakeTimers({ toFake: ['Date'] });
    const bytes: Buffer[] = [];
    for (const [i, path] of paths.entries()) {
      clock.setSystemTime(new Date(2024, i, 1));
      await writeSheetsFile(path, [sheet]);
      bytes.push(await readFile(path));
    }
    vi.useRealTimers();
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(true);
  });

  test('a failing source fails the file instead of leaving a short one that looks whole', async () => {
    const broken = async function* (): AsyncGenerator<string[]> {
      yield ['a'];
      throw new RangeError('source');
    };
    const path = join(folder, 'broken.xlsx');
    await expect(writeSheetsFile(path, [{ name: 's', columns: [{ header: 'h' }], rows: broken() }])).rejects.toThrow(
      'source',
    );
  });
});
