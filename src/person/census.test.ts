// The nasty lists: each with the rows, changes and problems that must come out.
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Refusal } from '../kernel/refusal.ts';
import type { SheetRow } from '../kernel/sheet-cell.ts';
import {
  anId,
  anXlsx,
  aReading,
  areas,
  fullWidth,
  inFolder,
  type RawRow,
  readingsOf,
  removeFolders,
  rowsOf,
  workbookParts,
  zipOf,
} from './census.fixtures.ts';
import { applyRemembered, findTable, mappingOf, overrideColumns, rememberColumns } from './census-columns.ts';
import { findDivision } from './census-division.ts';
import { factsFrom, identityFrom } from './census-facts.ts';
import type { CensusSender } from './census-fields.ts';
import type { CensusReading } from './census-row.ts';
import { findDay, findDiagnosis, findLivesAt, findPhone, findRiskLevel, findStability } from './census-values.ts';

afterAll(removeFolders);

const male = anId('1985-03-07', 11);
const female = anId('1990-12-01', 22);
const problemsOf = (reading: CensusReading | undefined): string[] =>
  reading?.problems.map((problem) => `${problem.field} ${problem.kind}`) ?? ['no reading'];
const tableOf = (lines: readonly (readonly string[])[], sender: CensusSender) =>
  findTable(
    lines.map((cells, i): SheetRow => ({ sheet: '', rowNumber: i + 1, cells, epoch: 1900 })),
    sender,
  );

describe('columns', () => {
  test.each<[CensusSender, string[], Record<string, number>]>([
    [
      'federation',
      [
        '序号',
        '姓 名',
        '性别',
        '残疾人证号',
        '残疾类别',
        '等级',
        '户籍地址',
        '监护人',
        '监护人身份证号',
        '监护人电话',
        '联系电话',
      ],
      {
        name: 1,
        sex: 2,
        certificateNumber: 3,
        certificateCategory: 4,
        certificateGrade: 5,
        address: 6,
        guardianName: 7,
        guardianPhone: 9,
        phone: 10,
      },
    ],
    [
      'health',
      [
        '患者姓名',
        '身份证号码*',
        '目前诊断',
        '确诊日期',
        '确诊医院',
        '危险性评估',
        '病情（稳定程度）',
        '最近一次随访日期',
        '是否住院',
        '下次随访日期',
        '用药依从性',
        '现住址',
      ],
      {
        name: 0,
        idNumber: 1,
        diagnosis: 2,
        diagnosedOn: 3,
        hospital: 4,
        riskLevel: 5,
        stability: 6,
        riskOn: 7,
        livesAt: 8,
        medication: 10,
        address: 11,
      },
    ],
    [
      'civil',
      [
        '乡镇\n（街道）',
        '村（社区）',
        '户主姓名',
        '救助对象姓名',
        '公民身份号码',
        '救助类型',
        '与户主关系',
        '联系方式',
        '备注',
      ],
      { townName: 0, villageName: 1, name: 3, idNumber: 4, aid: 5, phone: 7, remark: 8 },
    ],
  ])('usual names of a %s list', (sender, header, mapping) => {
    expect(mappingOf(tableOf([header, header.map(() => '')], sender)?.columns ?? [])).toEqual(mapping);
  });

  test('a remembered mapping is followed, also where the guess differs, and never gives one field to two columns', () => {
    const table = tableOf([['姓名', '曾用名', '证件号码', '备注1']], 'civil');
    const chosen = overrideColumns(table?.columns ?? [], { 1: 'name', 3: 'phone' });
    expect(mappingOf(chosen)).toEqual({ name: 1, idNumber: 2, phone: 3 });
    const next = tableOf([['证件号码', '曾 用 名', '姓名', '备注1', '备注１']], 'civil');
    expect(mappingOf(applyRemembered(next?.columns ?? [], rememberColumns(chosen)))).toEqual({
      idNumber: 0,
      name: 1,
      phone: 3,
    });
  });

  test('a column whose content contradicts its name is doubted', () => {
    const table = tableOf(
      [
        ['姓名', '身份证号'],
        ['张三', '东城'],
        ['李四', '西城'],
      ],
      'civil',
    );
    expect(table?.columns[1]?.confidence).toBeLessThan(0.5);
  });

  test('a sheet that is no list of people has no table', () => {
    expect(
      tableOf(
        [
          ['收入', '支出'],
          ['1', '2'],
        ],
        'civil',
      ),
    ).toBeUndefined();
  });
});

describe('whole files', () => {
  test('titles, two header lines with merges, a merged town, totals, notes, a second sheet without header', async () => {
    const rows: RawRow[] = [
      ['巴州区残疾人名单', null, null, null, null, null],
      ['填报单位：某某', null, null, null, null, '2023年11月'],
      ['乡镇', '姓名', '身份证号', '监护人', null, '残疾等级'],
      [null, null, null, '姓名', '电话', null],
      ['东城办事处', '张 三', male, '张大', '19900000001', '三级'],
      [null, '李四', female, '李大', '19900000002', '二级'],
      ['合计', '2人', null, null, null, null],
      ['注：以上人员均已核实', null, null, null, null, null],
    ];
    const merges = ['A1:F1', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:E3', 'F3:F4', 'A5:A6', 'A8:F8'];
    const more: RawRow[] = [
      ['王五', anId('1970-01-01', 7), '男'],
      ['赵六', anId('1971-01-01', 9), '男'],
    ];
    const readings = readingsOf(
      await rowsOf(
        await anXlsx([
          { name: '一', rows, merges },
          { name: '二', rows: more },
        ]),
      ),
    );
    expect(
      readings.map(({ row }) => [row.rowNumber, row.name, row.townName, row.guardianName, row.guardianPhone]),
    ).toEqual([
      [5, '张三', '东城街道', '张大', '19900000001'],
      [6, '李四', '东城街道', '李大', '19900000002'],
      // Names are not guessed from content: the number is enough to find the person.
      [1, undefined, undefined, undefined, undefined],
      [2, undefined, undefined, undefined, undefined],
    ]);
    expect(readings[2]?.row.idDocument?.birthDate).toBe('1970-01-01');
  });

  test('ID numbers that Excel turned into numbers are refused, 15 digits survive, dates come by system', async () => {
    const lost = { v: '5.1190219850101102E+17' };
    const list = (date: string): RawRow[] => [
      ['姓名', '身份证号', '残疾证号', '出生日期'],
      ['甲一', lost, null, { v: date }],
      ['甲二', 110105491231002, null, { v: date, s: 1 }],
      ['甲三', '5.119E+17', `${male}63`, '1985.3.7'],
      ['甲四', '511902198501011000', null, '1985年3月'],
    ];
    const [one, two, three, four] = readingsOf(await rowsOf(await anXlsx([{ name: 's', rows: list('31113') }])));
    expect(one?.row).toMatchObject({ name: '甲一', birthDate: '1985-03-07' });
    expect(problemsOf(one)).toEqual(['idNumber dropped']);
    expect(two?.row.idDocument?.number).toBe('11010519491231002X');
    expect(problemsOf(two)).toEqual(['birthDate contradiction']);
    expect(three?.row).toMatchObject({ idDocument: { number: male }, certificateGrade: 3, birthDate: '1985-03-07' });
    expect(problemsOf(four)).toEqual(['idNumber dropped', 'birthDate dropped']);
    expect(four?.problems[0]?.reason).toContain('000');
    const [later] = readingsOf(await rowsOf(await anXlsx([{ name: 's', rows: list('29651') }], true)));
    expect(later?.row.birthDate).toBe('1985-03-07');
  });

  test('1,000 fuzzed files: rows or a refusal, never a crash', async () => {
    const parts = workbookParts([
      {
        name: '一',
        rows: [
          ['姓名', '身份证号', '出生日期'],
          ['张三', male, 31113],
        ],
        merges: ['A1:B1'],
      },
    ]);
    const whole = await zipOf(parts);
    const noise = fc.string({ unit: 'binary', maxLength: 30 });
    const cell = fc.oneof(
      noise,
      fc.constantFrom('姓名', '身份证号', male, `${male}63`, '1985.3.7', '5.119E+17', '男', '东城', ''),
      fc.double().map(String),
    );
    const cut = fc.tuple(fc.constantFrom(...Object.keys(parts)), fc.nat(), fc.nat(200), noise);
    const file = fc.oneof(
      fc
        .array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 })
        .map((rows) => Buffer.from(rows.map((row) => row.join(',')).join('\n'))),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        return bytes;
      }),
      cut.map(([part, at, length, text]) => {
        const content = parts[part] ?? '';
        const from = at % (content.length + 1);
        return { ...parts, [part]: content.slice(0, from) + text + content.slice(from + length) };
      }),
      fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 }).map((rows) => workbookParts([{ name: 's', rows }])),
    );
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.constantFrom<CensusSender>('federation', 'health', 'civil'),
        async (content, sender) => {
          const path = await inFolder('fuzz', Buffer.isBuffer(content) ? content : await zipOf(content));
          try {
            for (const reading of readingsOf(await rowsOf(path), sender))
              factsFrom(reading.row, { sender, listedOn: '2023-11-30' });
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
          await removeFolders();
        },
      ),
      { numRuns: process.env.KANGTU_DEEP ? 1000 : 100 },
    );
  }, 120_000);
});

describe('rows', () => {
  test('numbers cleaned, said what was changed', () => {
    const reading = aReading({
      姓名: '张 三（低保）',
      身份证号: fullWidth(male.toLowerCase()),
      电话: '+86 199-0000-0001；无',
    });
    expect(reading.row).toMatchObject({
      name: '张三',
      idDocument: { number: male },
      sex: 'male',
      birthDate: '1985-03-07',
      phone: '19900000001',
    });
    expect(reading.changes.map((change) => change.field)).toEqual(['name', 'idNumber', 'phone']);
  });

  test('contradictions are said and the verified number wins', () => {
    const reading = aReading({
      姓名: '张三',
      身份证号: male,
      性别: '女',
      出生日期: '1985-03-08',
      残疾证号: `${male}63`,
      等级: '二级',
    });
    expect(problemsOf(reading)).toEqual([
      'certificateGrade contradiction',
      'sex contradiction',
      'birthDate contradiction',
    ]);
    expect(reading.row).toMatchObject({ sex: 'male', birthDate: '1985-03-07', certificateGrade: 3 });
  });

  test('a certificate of somebody else is a conflict', () => {
    expect(problemsOf(aReading({ 姓名: '张三', 身份证号: male, 残疾证号: `${female}63` }))).toEqual([
      'certificateNumber conflict',
    ]);
  });

  test('values of the future, of nobody and of no meaning are dropped with a reason', () => {
    const reading = aReading({
      姓名: '张*',
      身份证号: anId('2030-01-01', 3),
      电话: '12',
      乡镇: '不存在镇',
      危险等级: '9',
      确诊日期: '2030-01-01',
    });
    expect(problemsOf(reading).sort()).toEqual([
      'diagnosedOn dropped',
      'idNumber dropped',
      'name dropped',
      'phone dropped',
      'riskLevel dropped',
      'townName dropped',
    ]);
  });

  test('a bare yes means what the header asks', () => {
    expect(aReading({ 姓名: '张三', 身份证号: male, 是否低保: '是', 是否住院: '否' }, 'civil').row).toMatchObject({
      aid: ['低保'],
      livesAt: 'home',
    });
    const none = aReading(
      { 姓名: '张三', 身份证号: male, 是否低保: '否', 住院情况: { number: 1, raw: '1' } },
      'civil',
    ).row;
    expect([none.aid, none.livesAt]).toEqual([undefined, 'hospital']);
  });

  test.each([
    ['1985.3.7', '1985-03-07'],
    ['1985年3月7日', '1985-03-07'],
    ['19850307', '1985-03-07'],
    ['１９８５／０３／０７', '1985-03-07'],
    ['1985-03-07 00:00:00', '1985-03-07'],
    ['1985-3-7T08:00:00Z', '1985-03-07'],
    ['31113', '1985-03-07'],
    ['1985-02-30', undefined],
    ['1985', undefined],
    ['1985.3', undefined],
    ['3/7/1985', undefined],
    ['60', undefined],
  ])('day %s', (text, day) => {
    expect(findDay(text, 1900)).toBe(day);
  });

  test.each([
    [findDiagnosis, '精神分裂症', { category: 1, code: 'F20' }],
    [findDiagnosis, 'F20.0偏执型精神分裂症', { category: 1, code: 'F20.0' }],
    [findDiagnosis, '分裂情感性障碍', { category: 2 }],
    [findDiagnosis, '双相情感障碍（躁狂）', { category: 4, code: 'F31' }],
    [findDiagnosis, '6A20', { category: 1, code: 'F20' }],
    [findDiagnosis, '5', { category: 5 }],
    [findDiagnosis, '精神发育迟滞伴发精神障碍', { category: 6 }],
    [findDiagnosis, '抑郁症', { code: 'F32' }],
    [findDiagnosis, '高血压', undefined],
    [findLivesAt, '居家', 'home'],
    [findLivesAt, '曾住院，现未住院', 'home'],
    [findLivesAt, '住院', 'hospital'],
    [findLivesAt, '福利院', 'institution'],
    [findStability, '不稳定', 'unstable'],
    [findStability, '基本稳定', 'basicallyStable'],
    [findStability, '3', 'stable'],
    [findRiskLevel, '0', 0],
    [findRiskLevel, '３级', 3],
    [findRiskLevel, '三级', 3],
    [findRiskLevel, 'Ⅳ级', 4],
    [findRiskLevel, '6', undefined],
    [findPhone, '0827-5260001', '08275260001'],
    [findPhone, '无', undefined],
  ] as const)('%o %s', (find, text, value) => {
    const found = find(text);
    if (value !== null && typeof value === 'object') expect(found).toMatchObject(value);
    else expect(found).toBe(value);
  });

  test.each([
    [{ town: '东城街道' }, '511902001'],
    [{ town: '东城办事处' }, '511902001'],
    [{ town: '东城' }, '511902001'],
    [{ town: '巴州区东城街道' }, '511902001'],
    [{ town: '511902001000' }, '511902001'],
    [{ town: '清江乡' }, '511902101'],
    [{ county: '通江', town: '兴文' }, '511921102'],
    [{ town: '兴文' }, '511902007'],
    [{ address: '四川省巴中市巴州区清江镇某村1组' }, '511902101'],
    [{ address: '通江县诺江镇东城街道路' }, '511921100'],
    [{ county: '巴州区' }, '511902'],
    [{ town: '不存在镇' }, undefined],
    [{ county: '平昌县', town: '同州街道' }, undefined],
  ])('place %o', (query, code) => {
    const found = findDivision(query, areas, '511902');
    expect('code' in found ? found.code : undefined).toBe(code);
  });
});

test('facts keep the sender and the day that is their own', () => {
  const { row } = aReading(
    {
      姓名: '张三',
      身份证号: male,
      目前诊断: 'F20.0',
      确诊日期: '2010-05-01',
      危险性评估: '1',
      随访日期: '2023-10-01',
      病情: '稳定',
      监护人: '张大',
      与患者关系: '父子',
      乡镇: '东城',
    },
    'health',
  );
  const facts = factsFrom(row, { sender: 'health', listedOn: '2023-11-30' });
  expect(facts.map(({ kind, value, on }) => [kind, value, on])).toEqual([
    ['birthDate', '1985-03-07', '2023-11-30'],
    ['sex', 'male', '2023-11-30'],
    ['householdDivision', '511902001', '2023-11-30'],
    ['diagnosis', { code: 'F20.0' }, '2010-05-01'],
    ['severe', true, '2023-11-30'],
    ['risk', 1, '2023-10-01'],
    ['stability', 'stable', '2023-11-30'],
    ['guardian', { name: '张大', relation: '父子' }, '2023-11-30'],
  ]);
  expect(identityFrom(row)).toMatchObject({
    name: '张三',
    town: '511902001',
    guardian: { name: '张大', relation: '父子' },
  });
});
