// The shipped packs and those of the guide hold together, their cases come out, and names and teams are held against them.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Refusal } from '../kernel/refusal.ts';
import { checkPackFile, checkPacks, screenFile } from './check.ts';
import { folderWith, removeFolders } from './library.fixtures.ts';
import { formatProblem, getPackLibrary, packFolder } from './library.ts';
import { editorSchemas } from './pack-schema.ts';
import { findRule, resolveRules } from './resolve.ts';
import { listForbiddenWords, listGaps } from './standard.ts';

afterAll(removeFolders);

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
