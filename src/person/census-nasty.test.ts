// Lists laid out as offices really send them: each with the row where its people begin, its columns, its people and what is no person.
import { afterAll, describe, expect, test } from 'vitest';
import { readSheet } from '../kernel/sheet.ts';
import { anId, anXlsx, inFolder, type RawRow, readingsOf, removeFolders, rowsOf } from './census.fixtures.ts';
import { findTable, mappingOf } from './census-columns.ts';
import type { CensusSender } from './census-fields.ts';

afterAll(removeFolders);

const male = anId('1985-03-07', 11);
const female = anId('1990-12-01', 22);
const csv = (lines: readonly string[]): Promise<string> => inFolder('list.csv', lines.join('\r\n'));

/** What became of a file: first row of people, titles, mapping, and name, guardian and telephone of each person by row. */
const readFile = async (path: string, sender: CensusSender = 'federation') => {
  const rows = await rowsOf(path);
  const table = findTable(rows.slice(0, 60), sender);
  return {
    first: table?.firstDataRow,
    titles: table?.titles,
    mapping: mappingOf(table?.columns ?? []),
    people: readingsOf(rows, sender).map(({ row }) => [row.rowNumber, row.name]),
    guardians: readingsOf(rows, sender).map(({ row }) => [row.guardianName, row.guardianPhone, row.phone]),
  };
};

describe('titles above the header', () => {
  test.each([
    ['a name and a month', '巴州区精神残疾人名单,2023年11月,,'],
    ['words that lists also use for columns', '精神障碍患者社会救助名单,截至2023年11月,户籍所在地统计,'],
    ['form lines that are filled in', '单位：巴州区残联,乡镇街道：东城街道,联系电话：5260001,2023年11月'],
    ['form lines left open', '填表人：,联系电话：,,2023年11月'],
  ])('%s', async (_, title) => {
    const read = await readFile(
      await csv([title, '姓名,身份证号,乡镇,联系电话', `张三,${male},东城街道,19900000001`]),
      'civil',
    );
    expect(read).toMatchObject({
      first: 2 + 1,
      mapping: { name: 0, idNumber: 1, townName: 2, phone: 3 },
      people: [[3, '张三']],
    });
    expect(read.titles?.join()).toContain('2023年11月');
  });
});

describe('a header and two people, without a number to tell them by', () => {
  test.each<[CensusSender, string[], object]>([
    ['federation', ['姓名,性别,乡镇', '张三,男,东城街道', '李四,女,西城街道'], { name: 0, sex: 1, townName: 2 }],
    ['civil', ['姓名,救助类型', '张三,低保', '李四,特困'], { name: 0, aid: 1 }],
    ['civil', ['姓名,低保,乡镇', '张三,低保,东城街道', '李四,,东城街道'], { name: 0, aid: 1, townName: 2 }],
    [
      'health',
      ['姓名,身份证号码,诊断,服药情况', '张三,无,精神分裂症,规律服药', `李四,${female},双相情感障碍,间断服药`],
      { name: 0, idNumber: 1, diagnosis: 2, medication: 3 },
    ],
  ])('%s %j', async (sender, lines, mapping) => {
    expect(await readFile(await csv(lines), sender)).toMatchObject({
      first: 2,
      mapping,
      people: [
        [2, '张三'],
        [3, '李四'],
      ],
    });
  });
});

describe('headers in two lines', () => {
  const people = [`1,张三,男,${male},张大,19900000001,东城街道`, `2,李四,女,${female},李大,19900000002,西城街道`];
  const expected = {
    first: 3,
    mapping: { name: 1, sex: 2, idNumber: 3, guardianName: 4, guardianPhone: 5, townName: 6 },
    guardians: [
      ['张大', '19900000001', undefined],
      ['李大', '19900000002', undefined],
    ],
  };
  test.each([
    ['groups and names', ['序号,基本信息,,,监护人,,乡镇', ',姓名,性别,身份证号,姓名,电话,']],
    ['one group only', [',,,,监护人,,', '序号,姓名,性别,身份证号,姓名,电话,乡镇']],
    ['names above, parts below', ['序号,姓名,性别,身份证号,监护人,,乡镇', ',,,,姓名,电话,']],
  ])('merged cells saved as text: %s', async (_, header) => {
    expect(await readFile(await csv([...header, ...people]))).toMatchObject(expected);
  });

  test('merged cells of a workbook, with blank columns before the table and lines below it', async () => {
    const rows: RawRow[] = [
      [null, null, '序号', '本人', null, null, '监护人', null, '乡镇'],
      [null, null, null, '姓名', '性别', '身份证号', '姓名', '电话', null],
      ...people.map((line): RawRow => [null, null, ...line.split(',')]),
      [null, null, '合计', '2人'],
      [null, null, '填表人：王某', null, null, '审核人：李某', null, '填表日期：2023年11月'],
    ];
    const merges = ['C1:C2', 'D1:F1', 'G1:H1', 'I1:I2', 'D5:I5'];
    expect(await readFile(await anXlsx([{ name: '表', rows, merges }]))).toMatchObject({
      ...expected,
      mapping: Object.fromEntries(Object.entries(expected.mapping).map(([field, column]) => [field, column + 2])),
      people: [
        [3, '张三'],
        [4, '李四'],
      ],
    });
  });
});

test('lines that are no people: units, numbered columns, hints, repeated headers, totals, signatures, remarks', async () => {
  const path = await csv([
    '序号,姓名,身份证号,补贴金额',
    ',,,（元）',
    '甲,乙,1,2',
    ',（必填）,（必填，18位）,（选填）',
    '示例,王某某,000000199001010000,100',
    `1,张三,${male},200`,
    '小计,,,200',
    '序号,姓名,身份证号,补贴金额',
    `2,李四,${female},200`,
    '合计：2人,,,400',
    '填表人：王某,,审核人：李某,',
    ',制表日期：2023年11月,,',
    '单位负责人（签字）：,,,',
    '以上人员均已核实,,,',
    '注：本表一式三份。,,,',
  ]);
  expect((await readFile(path)).people).toEqual([
    [6, '张三'],
    [9, '李四'],
  ]);
});

test('a hidden sheet and a sheet of explanations give no people', async () => {
  const header = ['姓名', '身份证号'];
  const path = await anXlsx([
    { name: '上月', rows: [header, ['旧人', female]], hidden: true },
    { name: '填报说明', rows: [['一、本表由乡镇填报'], ['二、姓名、身份证号为必填项']] },
    { name: '名单', rows: [header, ['张三', male]] },
  ]);
  expect(readingsOf(await rowsOf(path)).map(({ row }) => [row.sheet, row.name])).toEqual([['名单', '张三']]);
});

test('tab separated text that is called .xls is read', async () => {
  const path = await inFolder('list.xls', `姓名\t身份证号\t住址\r\n张三\t${male}\t东城街道,1号\r\n`);
  expect((await readFile(path)).people).toEqual([[2, '张三']]);
});

describe('files in the clothes of a list are refused with what to do', () => {
  test.each([
    ['a web page', '<html><body><table><tr><td>姓名</td></tr></table></body></html>'],
    ['a web page that begins with a comment', '<!-- 导出 --><table><tr><td>姓名</td></tr></table>'],
    ['a web page with a style before it', '<style>td{mso-number-format:"@"}</style><table></table>'],
    ['a web page in UTF-16', Buffer.from('\ufeff<html><table><tr><td>姓名</td></tr></table></html>', 'utf16le')],
    ['XML of 2003', '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>'],
    ['a web archive', 'MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n'],
  ])('%s named .xls', async (_, bytes) => {
    const read = async () => {
      for await (const _row of readSheet(await inFolder('list.xls', bytes)));
    };
    await expect(read()).rejects.toMatchObject({
      code: 'fileUnreadable',
      message: expect.stringMatching(/网页.*另存为“Excel 工作簿（\.xlsx）”/),
    });
  });
});
