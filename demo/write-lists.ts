// Writes the three census lists that a newcomer imports into the demo: `npm run demo:lists`. The same seed gives the same files.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { type WriteColumn, type WriteSheet, writeSheetsFile } from '../src/kernel/sheet-write.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { type Cell, type ListedRow, listRows } from './census-rows.ts';
import { generateDemo } from './generate.ts';
import { createHumans } from './people.ts';
import { createRandom } from './random.ts';

const county = '511902';

type Column = readonly [header: string, value: (row: ListedRow, number: number) => Cell, group?: string];

const sheetOf = (
  name: string,
  title: readonly string[],
  notes: readonly string[],
  columns: readonly Column[],
  rows: readonly ListedRow[],
): WriteSheet => ({
  name,
  title,
  notes,
  columns: columns.map(([header, , group]): WriteColumn => ({ header, ...(group ? { group } : {}) })),
  rows: rows.map((row, i) => columns.map(([, value]) => value(row, i + 1))),
});

/** Header in two lines with merged groups, a title, a total and a signature below. */
const federationSheet = (rows: readonly ListedRow[]): WriteSheet =>
  sheetOf(
    '持证名册',
    ['巴州区持证精神残疾人名册', '填报单位：巴州区残疾人联合会（盖章）        截至2024年10月31日'],
    [`合计：${rows.length}人`, '审核人：          填表人：          填表时间：2024年11月1日'],
    [
      ['序号', (_, n) => n],
      ['姓名', (row) => row.name, '本人'],
      ['性别', (row) => row.sex, '本人'],
      ['出生日期', (row) => row.birthDate, '本人'],
      ['身份证号', (row) => row.idNumber, '本人'],
      ['残疾证号', (row) => row.certificate, '残疾人证'],
      ['类别', (row) => row.category, '残疾人证'],
      ['等级', (row) => row.grade, '残疾人证'],
      ['姓名', (row) => row.guardian, '监护人'],
      ['与残疾人关系', (row) => row.relation, '监护人'],
      ['联系电话', (row) => row.guardianPhone, '监护人'],
      ['乡镇（街道）', (row) => row.town],
      ['村（社区）', (row) => row.village],
      ['备注', (row) => row.remark],
    ],
    rows,
  );

const healthColumns: readonly Column[] = [
  ['编号', (_, n) => `51190210${String(n).padStart(4, '0')}`],
  ['患者姓名', (row) => row.name],
  ['性别', (row) => row.sex],
  ['身份证号码', (row) => row.idNumber],
  ['出生日期', (row) => row.birthDate],
  ['所属乡镇', (row) => row.town],
  ['目前诊断', (row) => row.diagnosis],
  ['确诊日期', (row) => row.diagnosedOn],
  ['危险性评估等级', (row) => row.risk],
  ['最近一次随访日期', (row) => row.riskOn],
  ['病情稳定程度', (row) => row.stability],
  ['居住状况', (row) => row.livesAt],
  ['监护人姓名', (row) => row.guardian],
  ['监护人电话', (row) => row.guardianPhone],
  ['责任医生', () => '村医'],
];

/** People at home and in hospital on a sheet each, and a sheet that is no list at all. */
const healthSheets = (rows: readonly ListedRow[]): WriteSheet[] => {
  const inside = rows.filter(({ livesAt }) => livesAt === '住院');
  const title = (what: string) => [`巴州区严重精神障碍患者管理台账（${what}）`, '数据日期：2024年10月31日'];
  return [
    sheetOf(
      '居家',
      title('居家'),
      [],
      healthColumns,
      rows.filter((row) => !inside.includes(row)),
    ),
    sheetOf('在院', title('在院'), ['说明：在院以当日为准'], healthColumns, inside),
    {
      name: '填报说明',
      columns: [{ header: '填报说明' }],
      rows: [['一、本表由各乡镇卫生院填报。'], ['二、危险性评估分0至5级。']],
    },
  ];
};

const quoted = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** As older programs save it: GB18030 with title lines, no mark of the encoding. */
const civilCsv = (rows: readonly ListedRow[]): Buffer => {
  const columns: readonly Column[] = [
    ['序号', (_, n) => n],
    ['对象姓名', (row) => row.name],
    ['性别', (row) => row.sex],
    ['身份证件号码', (row) => row.idNumber],
    ['出生年月', (row) => row.birthDate],
    ['镇街', (row) => row.town],
    ['村居', (row) => row.village],
    ['救助类型', (row) => row.aid],
    ['居住情况', (row) => row.livesAt],
    ['联系方式', (row) => row.phone],
    ['备注', (row) => row.remark],
  ];
  const lines = [
    ['巴州区社会救助对象中精神障碍患者名单'],
    ['填报日期：2024-10-31    单位：人'],
    columns.map(([header]) => header),
    ...rows.map((row, i) => columns.map(([, value]) => value(row, i + 1))),
    ['合计', rows.length],
  ];
  return iconv.encode(`${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`, 'gb18030');
};

const main = async (): Promise<void> => {
  const demo = generateDemo({ packs: getPackLibrary() });
  const random = createRandom(511902);
  const humansOf = (code: string) => demo.counties.find((one) => one.county === code)?.humans ?? [];
  const fresh = (createHumans(createRandom(20241031), 240, () => []).get(county) ?? []).map((human) => ({
    ...human,
    lists: new Set<never>(),
  }));
  const people = {
    known: humansOf(county).filter(({ wave }) => wave !== 'later'),
    fresh,
    strangers: humansOf('511903').slice(0, 3),
  };
  const path = (name: string): string => fileURLToPath(new URL(`lists/${name}`, import.meta.url));
  await writeSheetsFile(path('federation.xlsx'), [federationSheet(listRows(random, people, 'federation'))]);
  await writeSheetsFile(path('health.xlsx'), healthSheets(listRows(random, people, 'health')));
  await writeFile(path('civil.csv'), civilCsv(listRows(random, people, 'civil')));
};

await main();
