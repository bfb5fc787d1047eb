// Every kind of mistake in a pack is named with its file and line.
import { afterAll, expect, test } from 'vitest';
import { folderWith, head, removeFolders, rule, willing } from './library.fixtures.ts';
import { formatProblem, loadPackLibrary } from './library.ts';

afterAll(removeFolders);

const duty = (text: string) =>
  head('a') + rule(`id: x, kind: duty, subject: county, responsible: { role: civilAffairs, level: county }, ${text}`);
const milestone = (text: string) =>
  head('a') + rule(`id: x, kind: milestone, responsible: { role: civilAffairs, level: county }, ${text}`);
const standard = (text: string) => head('a') + rule(`id: x, kind: standard, standard: { ${text} }`);
const coverage = 'kind: indicator, measure: countyCoverage, params: { minimumClients: 1, minimumSessions: 0 }';
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
  ['unknown parameter', head('a') + rule('id: x, kind: criterion, require: { riskAtMost: { levle: 1 } }'), 7, 'level'],
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
  expect(messages({ 'a.yaml': base, 'b.yaml': base.replace('id: a', 'id: b') })).toContain('与同一地区的政策包 a 重复');
  expect(messages({ 'a.yaml': base, 'b.yaml': child('b', 'a') })).toBe('');
});
