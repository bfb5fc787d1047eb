// The shipped packs hold together, every kind of mistake is named with its line, and the nearest rule in force wins.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Refusal } from '../kernel/refusal.ts';
import { checkPackFile, checkPacks, screenFile } from './check.ts';
import { formatProblem, getPackLibrary, loadPackLibrary, packFolder } from './library.ts';
import { editorSchemas } from './pack-schema.ts';
import { findDuty, findIndicator, findRule, resolveRules } from './resolve.ts';
import { listForbiddenWords, listGaps } from './standard.ts';

const folder = mkdtempSync(join(tmpdir(), 'kangtu-packs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fewClauses = `documents: { BZ: 甲, QS: 乙 }
clauses: { BZ-07: { kind: [E], summary: 丙 }, QS-05: { kind: [E], summary: 丁 } }
`;

let count = 0;
/** A folder with two clauses and these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const place = join(folder, String(++count));
  mkdirSync(place);
  writeFileSync(join(place, 'clauses.yaml'), fewClauses);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  return place;
}

const head = (id: string, more = '') => `id: ${id}
name: 试验
area: "5119"
period: { from: 2023-01-01, to: 2025-12-31 }
documents: [{ title: 试验, clausePrefix: BZ }]
${more}rules:
`;
const rule = (text: string) => `  - { clause: [BZ-07], title: 甲, summary: 乙, ${text} }\n`;
const willing = rule('id: willing, kind: criterion, require: { willing: { by: [client] } }');

test('the shipped packs are sound and their cases come out', () => {
  const { problems, cases } = checkPacks(packFolder);
  expect(problems.map(formatProblem)).toEqual([]);
  expect(cases).toBeGreaterThan(180);
});

test('a wrong case is told with its file, line and both answers', () => {
  const text = readFileSync(join(packFolder, 'bazhong.cases.yaml'), 'utf8').replace('level: 0 }] }', 'level: 2 }] }');
  const place = folderWith({});
  for (const name of ['clauses.yaml', 'national.yaml', 'bazhong.yaml'])
    cpSync(join(packFolder, name), join(place, name));
  writeFileSync(join(place, 'bazhong.cases.yaml'), text);
  const [problem] = checkPacks(place).problems;
  expect(problem?.file).toBe('bazhong.cases.yaml');
  expect(text.split('\n')[(problem?.line ?? 0) - 1]).toContain('危险度0级');
  expect(problem?.message).toContain('"ineligible"');
});

const duty = (text: string) =>
  head('a') + rule(`id: x, kind: duty, subject: county, responsible: { role: civilAffairs, level: county }, ${text}`);
const milestone = (text: string) =>
  head('a') + rule(`id: x, kind: milestone, responsible: { role: civilAffairs, level: county }, ${text}`);
const standard = (text: string) => head('a') + rule(`id: x, kind: standard, standard: { ${text} }`);
const coverage = 'kind: indicator, measure: countyCoverage, params: { minimumClients: 1, minimumSessions: 0 }';
describe('docs/writing-a-pack.md', () => {
  const guide = readFileSync(new URL('../../docs/writing-a-pack.md', import.meta.url), 'utf8');
  const blocks = new Map(
    [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => [
      /# file: (\S+)/.exec(text)?.[1] ?? '',
      text,
    ]),
  );
  const place = folderWith(Object.fromEntries(blocks));
  const check = (name: string) => checkPackFile(getPackLibrary(), join(place, name));

  test('its pack is sound and its cases come out', () => {
    expect([...blocks.keys()]).toEqual(['example.yaml', 'example.cases.yaml']);
    const { problems, cases } = check('example.yaml');
    expect(problems.map(formatProblem)).toEqual([]);
    expect(cases).toBe(6);
  });

  const pack = blocks.get('example.yaml') ?? '';
  const target = (text: string) =>
    `${pack}\n  - { id: rate, kind: indicator, clause: [BZ-02], title: 甲, summary: 乙, measure: newSites, params: {}, targets: { 2024: ${text} } }\n`;
  test.each([
    ['misspelt', pack.replace('summary: 病情处于', 'sumary: 病情处于'), '是否想写 summary？'],
    ['area', pack.replace('area: adopters', 'area: 511902'), '行政区划代码要加引号，写成 "511902"'],
    ['day', pack.replace('from: 2024-01-01', 'from: 2024/3/1'), '日期写成 2024-03-01'],
    ['percentage', target('45%'), '百分数写成小数，例如 0.45'],
    ['name of a test', pack.replace('riskAtMost', 'riskAtmost'), '是否想写 riskAtMost？'],
    [
      'indented too far',
      pack
        .replace(
          '    kind: criterion\n    clause: [BZ-07]\n    title: 本人愿意',
          '    title: 本人愿意\n    kind: criterion\n    clause: [BZ-07]',
        )
        .replace('by: [client] }', 'by: [client], summary: 丙 }'),
      '缩进',
    ],
  ])('its hint for a mistake: %s', (name, text, hint) => {
    writeFileSync(join(place, `${name}.yaml`), text);
    expect(check(`${name}.yaml`).problems.map(formatProblem).join('\n')).toContain(hint);
    if (name !== 'indented too far') expect(guide).toContain(hint);
  });
});

test.each([...editorSchemas()])('policies/%s says what the schemas say (npm run guide)', (name, text) => {
  expect(readFileSync(join(packFolder, name), 'utf8')).toBe(text);
});

describe('mistakes', () => {
  const base = head('a') + willing;
  test.each([
    ['unknown kind', head('a') + rule('id: x, kind: advice'), 7, '没有名为“advice”的规则类别'],
    [
      'unknown test',
      head('a') + rule('id: x, kind: criterion, require: { riskBelow: { level: 1 } }'),
      7,
      '没有名为“riskBelow”的检验',
    ],
    [
      'unknown nested test',
      head('a') + rule('id: x, kind: criterion, require: { any: [{ hasWings: true }] }'),
      7,
      '没有名为“hasWings”的检验',
    ],
    [
      'unknown parameter',
      head('a') + rule('id: x, kind: criterion, require: { riskAtMost: { levle: 1 } }'),
      7,
      'level',
    ],
    [
      'unknown measure',
      head('a') + rule('id: x, kind: indicator, measure: happiness, params: {}, targets: { 2023: 0.5 }'),
      7,
      '没有名为“happiness”的指标',
    ],
    [
      'unknown cadence',
      head('a') +
        rule('id: x, kind: duty, subject: client, responsible: { role: site, level: town }, cadence: { often: 3 }'),
      7,
      '没有名为“often”的时限',
    ],
    [
      'unknown list item',
      head('a') + rule('id: x, kind: standard, standard: { list: teamDisciplines, items: [{ id: wizard, text: 巫 }] }'),
      7,
      '没有“wizard”这一项',
    ],
    ['unknown field', base.replace('name: 试验', 'name: 试验\ncolour: red'), 3, '没有名为“colour”的字段'],
    [
      'missing clause',
      `${head('a')}  - { id: x, kind: criterion, title: 甲, summary: 乙, require: { severe: true } }\n`,
      7,
      '缺少字段 rules.0.clause',
    ],
    ['empty clause', base.replace('[BZ-07]', '[]'), 7, 'rules.0.clause'],
    ['unknown clause', base.replace('BZ-07', 'BZ-77'), 7, '条款 BZ-77 不存在'],
    ['clause of another document', base.replace('BZ-07', 'QS-05'), 7, '条款 QS-05 所属文件'],
    ['impossible day', base.replace('2023-01-01', '2023-02-30'), 4, 'period.from'],
    ['period backwards', base.replace('to: 2025-12-31', 'to: 2022-12-31'), 4, '有效期的止日早于起日'],
    [
      'rule outside the period',
      head('a') + rule('id: x, from: 2026-01-01, kind: criterion, require: { severe: true }'),
      7,
      '不在政策包有效期内',
    ],
    ['overlap', base + willing, 8, '规则 willing 的两段有效期重叠'],
    [
      'target gap',
      head('a') +
        rule(
          'id: x, kind: indicator, measure: countyCoverage, params: { minimumClients: 1, minimumSessions: 0 }, targets: { 2023: 0.5, 2025: 0.8 }',
        ),
      7,
      '缺少 2024 年的目标',
    ],
    [
      'target in percent',
      head('a') +
        rule(
          'id: x, to: 2023-12-31, kind: indicator, measure: countyCoverage, params: { minimumClients: 1, minimumSessions: 0 }, targets: { 2023: 50 }',
        ),
      7,
      '目标应在 0 与 1 之间',
    ],
    [
      'target after the period',
      head('a') + rule(`id: x, to: 2023-12-31, ${coverage}, targets: { 2023: 0.5, 2024: 0.6 }`),
      7,
      '2024 年不在规则 x 的有效期内',
    ],
    [
      'days between two pieces of a rule',
      head('a') +
        rule(`id: x, to: 2023-12-31, ${coverage}, targets: {}`) +
        rule(`id: x, from: 2024-02-01, ${coverage}, targets: {}`),
      8,
      '规则 x 在 2024-01-01 至 2024-01-31 之间没有规定',
    ],
    [
      'ages backwards',
      head('a') + rule('id: x, kind: criterion, require: { ageBetween: { from: 60, to: 18 } }'),
      7,
      '年龄的上限小于下限',
    ],
    [
      'rule backwards',
      head('a') + rule('id: x, from: 2024-02-01, to: 2024-01-01, kind: criterion, require: { severe: true }'),
      7,
      '规则 x 的止日早于起日',
    ],
    ['unknown evidence', duty('cadence: { everyYear: { amount: 1 } }, evidence: goodWill'), 7, 'rules.0.evidence'],
    ['evidence without its kind', duty('cadence: { everyYear: { amount: 1 } }, evidence: meetingHeld'), 7, 'of 应为'],
    [
      'kind where there is none',
      duty('cadence: { everyYear: { amount: 1 } }, evidence: sweepDone, of: drill'),
      7,
      '不分种类',
    ],
    [
      'two cadences',
      duty('cadence: { everyYear: { amount: 1 }, everyMonth: { amount: 1 } }, evidence: recorded'),
      7,
      '时限只写一种',
    ],
    ['day of no calendar', milestone('dueOn: 2025-02-29'), 7, 'rules.0.dueOn'],
    ['step before the document', milestone('dueOn: 2022-12-31'), 7, '节点 x 的日期早于有效期的起日'],
    [
      'place of another city',
      milestone('dueOn: 2023-12-31, places: ["511902", "654301"]'),
      7,
      '地区 654301 不在政策包的地区之内',
    ],
    ['step twice', milestone('dueOn: 2023-12-31, steps: [{ id: a, text: 甲 }, { id: a, text: 乙 }]'), 7, '“a”写了两次'],
    [
      'item twice',
      standard('list: safetyChecklist, items: [{ id: a, text: 甲 }, { id: a, text: 乙 }]'),
      7,
      '“a”写了两次',
    ],
    ['members of no body', standard('list: bodyMembers, items: [{ id: a, text: 甲 }]'), 7, '清单 bodyMembers 用 of'],
    ['unknown parent', base.replace('rules:', 'parent: nobody\nrules:'), 6, '上级政策包“nobody”不存在'],
    ['own parent', base.replace('rules:', 'parent: a\nrules:'), 6, '成环'],
    ['broken YAML', `${base}\n  - [`, 9, 'YAML 写法有误'],
    ['key twice', base.replace('name: 试验', 'name: 试验\nname: 又'), 3, 'YAML 写法有误'],
  ])('%s', (_title, text, line, message) => {
    const { problems } = loadPackLibrary(folderWith({ 'a.yaml': text }));
    const texts = problems.map(formatProblem);
    expect(texts.join('\n')).toContain(message);
    expect(problems.map((problem) => `${problem.file}:${problem.line}`)).toContain(`a.yaml:${line}`);
  });

  test('a cycle over three packs, a parent elsewhere, one id twice, one rule in two packs of a rank', () => {
    const child = (id: string, parent: string) => head(id, `parent: ${parent}\n`) + willing;
    const messages = (files: Readonly<Record<string, string>>) =>
      loadPackLibrary(folderWith(files)).problems.map(formatProblem).join('\n');
    expect(messages({ 'a.yaml': child('a', 'b'), 'b.yaml': child('b', 'c'), 'c.yaml': child('c', 'a') })).toContain(
      '成环',
    );
    expect(
      messages({ 'a.yaml': child('a', 'b'), 'b.yaml': base.replace('id: a', 'id: b').replace('5119', '4601') }),
    ).toContain('不包括地区 5119');
    expect(messages({ 'a.yaml': base, 'b.yaml': base })).toContain('已被另一个文件使用');
    expect(messages({ 'a.yaml': base, 'b.yaml': base.replace('id: a', 'id: b') })).toContain(
      '与同一地区的政策包 a 重复',
    );
    expect(messages({ 'a.yaml': base, 'b.yaml': child('b', 'a') })).toBe('');
  });
});

describe('resolution', () => {
  const library = getPackLibrary();

  test('a nearer pack overrides by rule id, the rest comes from above', () => {
    const rules = resolveRules(library, '511902001', '2024-03-01');
    expect(findDuty(rules, 'referralDispatch')?.rule.clause).toEqual(['BZ-12', 'NA-02']);
    expect(findRule(rules, 'standard', 'processSteps')?.pack.id).toBe('national');
    expect(findDuty(resolveRules(library, '460107', '2024-03-01'), 'referralDispatch')?.rule.clause).toEqual(['NA-02']);
  });

  test('before its first day a pack is silent, after its last it goes on, marked as lapsed', () => {
    expect(findRule(resolveRules(library, '5119', '2023-11-20'), 'criterion', 'willing')).toBeUndefined();
    expect(findRule(resolveRules(library, '5119', '2023-11-21'), 'criterion', 'willing')?.pack.lapsed).toBe(false);
    expect(findRule(resolveRules(library, '5119', '2025-12-31'), 'criterion', 'willing')?.pack.lapsed).toBe(false);
    expect(findRule(resolveRules(library, '5119', '2026-01-01'), 'criterion', 'willing')?.pack.lapsed).toBe(true);
    expect(findIndicator(resolveRules(library, '5119', '2026-07-01'), 'standardizedServiceRate')?.target).toEqual({
      value: 0.6,
      year: 2025,
      carriedOver: true,
    });
  });

  test('within a pack the rule in force that day; its version follows its own text and its ancestors’', () => {
    const dated =
      head('a') +
      [
        rule('id: risk, to: 2023-12-31, kind: criterion, require: { riskAtMost: { level: 1 } }'),
        rule('id: risk, from: 2024-01-01, kind: criterion, require: { riskAtMost: { level: 2 } }'),
      ].join('');
    const parent = head('p').replace('"5119"', '"51"') + willing;
    const versions = [parent, parent.replace('甲', '丙')].map((text) => {
      const place = folderWith({ 'a.yaml': dated.replace('rules:', 'parent: p\nrules:'), 'p.yaml': text });
      const { library: loaded, problems } = loadPackLibrary(place);
      expect(problems).toEqual([]);
      const levels = ['2023-12-31', '2024-01-01', '2027-01-01'].map(
        (on) => findRule(resolveRules(loaded, '511902', on), 'criterion', 'risk')?.rule.require.riskAtMost?.level,
      );
      expect(levels).toEqual([1, 2, 2]);
      return loaded.packs.get('a')?.version;
    });
    expect(versions[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(versions[0]).not.toBe(versions[1]);
  });

  test('a pack of several areas covers each of them and no other', () => {
    const text = head('a').replace('"5119"', '["5119", "331124"]') + willing;
    const { library: loaded } = loadPackLibrary(folderWith({ 'a.yaml': text }));
    const covered = ['511902', '331124001', '331100', '5101'].map(
      (area) => resolveRules(loaded, area, '2024-01-01').rules.length,
    );
    expect(covered).toEqual([1, 1, 0, 0]);
  });
});

test('a facts file: words for codes are read, a misspelt key is named', () => {
  const library = getPackLibrary();
  const asked = { area: '511902', on: '2024-03-01' };
  const text = JSON.stringify({ sex: '男', certificate: { category: '精神', grade: '三级' }, clientWilling: false });
  expect(screenFile(library, { ...asked, text }).outcome).toBe('ineligible');
  for (const wrong of ['{"rsk": []}', '{"risk": [{"on": "2024-02-30", "level": 1}]}', '{', '[]'])
    expect(() => screenFile(library, { ...asked, text: wrong })).toThrow(Refusal);
  expect(() => screenFile(library, { ...asked, text: '{"rsk": []}' })).toThrow('rsk');
});

test('standards: what a team lacks, and forbidden words in a name however written', () => {
  const rules = resolveRules(getPackLibrary(), '511902', '2024-03-01');
  const team = findRule(rules, 'standard', 'teamDisciplines');
  expect(team && listGaps(team.rule.standard, ['nurse', 'psychiatrist'])).toEqual(['康复师', '社会工作者']);
});

test.each([
  ['润心精 神·障　碍之家', ['精神', '障碍']],
  ['润心家园', []],
  ['润心精\u200b神之家', ['精神']],
  ['润心障\u2060\ufe0f碍之家', ['障碍']],
  ['精神障礙康复站', ['精神', '障碍']],
  ['障（礙）康复站', ['障碍']],
  ['\ufa1d\ufa19康复站', ['精神']],
  ['精＋神康复站', ['精神']],
  ['精\u3164神康复站', ['精神']],
  ['精准神州康复站', []],
])('forbidden words in a name however written: %s', (name, words) => {
  const rules = resolveRules(getPackLibrary(), '460107', '2024-06-30');
  const found = findRule(rules, 'standard', 'siteName');
  expect(found && listForbiddenWords(found.rule.standard, name)).toEqual(words);
});
