// Of the packs that cover a place the nearest rule in force wins, and what is past its period goes on.
import { afterAll, expect, test } from 'vitest';
import { folderWith, head, removeFolders, rule, willing } from './library.fixtures.ts';
import { getPackLibrary, loadPackLibrary } from './library.ts';
import { findDuty, findIndicator, findRule, resolveRules } from './resolve.ts';

afterAll(removeFolders);

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
