// Three-valued answers: truth tables, and every test of the closed list at its boundary.
import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../kernel/calendar.ts';
import {
  allOf,
  anyOf,
  type Condition,
  Condition as ConditionSchema,
  type FindingOutcome,
  whenGiven,
} from './criterion.ts';
import { evaluate } from './evaluate.ts';
import { type Facts, factKeys } from './facts.ts';

const on = '2024-03-01';
const ask = (condition: Condition, facts: Facts, day = on) => evaluate({ facts, on: day, sources: {} }, condition);
const verdict = (outcome: FindingOutcome) =>
  outcome === 'unknown' ? { outcome, because: '?', needs: ['risk' as const] } : { outcome, because: outcome };

describe('truth tables', () => {
  test.each([
    ['met', 'met', 'met', 'met'],
    ['met', 'unknown', 'unknown', 'met'],
    ['met', 'unmet', 'unmet', 'met'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
    ['unknown', 'unmet', 'unmet', 'unknown'],
    ['unmet', 'unmet', 'unmet', 'unmet'],
  ] as const)('%s and/or %s', (a, b, all, any) => {
    for (const pair of [
      [a, b],
      [b, a],
    ] as const) {
      expect(allOf(pair.map(verdict)).outcome).toBe(all);
      expect(anyOf(pair.map(verdict)).outcome).toBe(any);
    }
  });

  test.each([
    ['met', 'met', 'unmet', 'met'],
    ['met', 'unknown', 'met', 'unknown'],
    ['unmet', 'met', 'unmet', 'unmet'],
    ['unmet', 'unmet', undefined, 'met'],
    ['unknown', 'met', undefined, 'met'],
    ['unknown', 'unmet', 'unmet', 'unmet'],
    ['unknown', 'unmet', undefined, 'unknown'],
    ['unknown', 'met', 'unmet', 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
  ] as const)('when %s require %s otherwise %s → %s', (given, required, otherwise, expected) => {
    const answer = whenGiven(verdict(given), verdict(required), otherwise && verdict(otherwise));
    expect(answer.outcome).toBe(expected);
    expect(answer.needs).toEqual(expected === 'unknown' ? ['risk'] : undefined);
  });
});

const mental = { category: 6, grade: 3 };

const boundaries: readonly (readonly [string, Condition, Facts, FindingOutcome])[] = [
  ['18th birthday', { ageBetween: { from: 18, to: 60 } }, { birthDate: '2006-03-01' }, 'met'],
  ['day before it', { ageBetween: { from: 18, to: 60 } }, { birthDate: '2006-03-02' }, 'unmet'],
  ['last day of being 60', { ageBetween: { from: 18, to: 60 } }, { birthDate: '1963-03-02' }, 'met'],
  ['61st birthday', { ageBetween: { from: 18, to: 60 } }, { birthDate: '1963-03-01' }, 'unmet'],
  ['born in the future', { ageBetween: { from: 0, to: 60 } }, { birthDate: '2024-03-02' }, 'unknown'],
  [
    'certificate of another category',
    { hasCertificate: { categories: [6] } },
    { certificate: { category: 1, grade: 3 } },
    'unmet',
  ],
  ['any certificate', { hasCertificate: {} }, { certificate: { category: 1, grade: 3 } }, 'met'],
  ['known to have none', { hasCertificate: {} }, { certificate: null }, 'unmet'],
  ['grade 3', { gradeIn: { grades: [3, 4] } }, { certificate: mental }, 'met'],
  ['grade 2', { gradeIn: { grades: [3, 4] } }, { certificate: { category: 6, grade: 2 } }, 'unmet'],
  ['no grade without certificate', { gradeIn: { grades: [3, 4] } }, { certificate: null }, 'unmet'],
  [
    'household in the county',
    { residentOf: { area: '331124', kind: 'household' } },
    { householdDivision: '331124102' },
    'met',
  ],
  [
    'household elsewhere',
    { residentOf: { area: '331124', kind: 'household' } },
    { householdDivision: '331121' },
    'unmet',
  ],
  [
    'only the city known',
    { residentOf: { area: '331124', kind: 'household' } },
    { householdDivision: '331100' },
    'unknown',
  ],
  ['another city', { residentOf: { area: '331124', kind: 'household' } }, { householdDivision: '330100' }, 'unmet'],
  [
    'household does not answer residence',
    { residentOf: { area: '5119', kind: 'residence' } },
    { householdDivision: '511902' },
    'unknown',
  ],
  ['in hospital', { livesAt: { places: ['home'] } }, { livesAt: 'hospital' }, 'unmet'],
  ['both willing, guardian not asked', { willing: { by: ['client', 'guardian'] } }, { clientWilling: true }, 'unknown'],
  ['client unwilling decides', { willing: { by: ['client', 'guardian'] } }, { clientWilling: false }, 'unmet'],
  ['opinion of later', { judgedFit: {} }, { medicalOpinion: { on: '2024-03-02', fit: true } }, 'unknown'],
  [
    'opinion too old',
    { judgedFit: { withinMonths: 6 } },
    { medicalOpinion: { on: '2023-08-31', fit: true } },
    'unknown',
  ],
  [
    'opinion six months old',
    { judgedFit: { withinMonths: 6 } },
    { medicalOpinion: { on: '2023-09-01', fit: true } },
    'met',
  ],
  ['not remitted', { remission: true }, { remission: 'none' }, 'unmet'],
  ['illness present', { noMajorPhysicalIllness: true }, { majorPhysicalIllness: true }, 'unmet'],
  ['no infection', { noInfectiousDisease: true }, { infectiousDisease: false }, 'met'],
  ['no diagnosis', { hasDiagnosis: true }, { diagnosis: null }, 'unmet'],
  ['diagnosis of later', { hasDiagnosis: true }, { diagnosis: { code: 'F20', on: '2024-03-02' } }, 'unknown'],
  ['no guardian', { hasGuardian: true }, { guardian: null }, 'unmet'],
  ['guardian', { hasGuardian: true }, { guardian: { name: '甲', relation: '父' } }, 'met'],
];

test.each(boundaries)('%s', (_title, condition, facts, expected) => {
  expect(ask(condition, facts).outcome).toBe(expected);
});

test.each(boundaries.map(([title, condition]) => [title, condition] as const))(
  'nothing known asks for a fact: %s',
  (_title, condition) => {
    const answer = ask(condition, {});
    expect(answer.outcome).toBe('unknown');
    expect(answer.needs?.every((key) => factKeys.includes(key))).toBe(true);
    expect(answer.needs?.length).toBeGreaterThan(0);
  },
);

describe('risk within six months', () => {
  const atMost = (reading: 'latest' | 'highest'): Condition => ({ riskAtMost: { level: 2, withinMonths: 6, reading } });

  test.each(['2024-03-01', '2024-08-31', '2024-02-29'])(
    'six months to the day on %s counts, a day more does not',
    (day) => {
      const since = addMonths(day, -6);
      expect(ask(atMost('latest'), { risk: [{ on: since, level: 2 }] }, day).outcome).toBe('met');
      expect(ask(atMost('latest'), { risk: [{ on: addDays(since, -1), level: 2 }] }, day).outcome).toBe('unknown');
    },
  );

  test('latest reads the last assessment, highest the worst of the window and nothing before it', () => {
    const risk = [
      { on: '2024-02-01', level: 1 },
      { on: '2023-12-01', level: 3 },
      { on: '2023-06-01', level: 5 },
    ];
    expect(ask(atMost('latest'), { risk }).outcome).toBe('met');
    expect(ask(atMost('highest'), { risk }).fact?.value).toEqual({ on: '2023-12-01', level: 3 });
  });
});

test('a verdict names neither the guardian nor facts it did not use', () => {
  const answer = ask({ hasGuardian: true }, { guardian: { name: '张某', relation: '母' }, birthDate: '1990-01-01' });
  expect(JSON.stringify(answer)).not.toContain('张某');
});

test('source and date of a fact are told', () => {
  const answer = evaluate(
    { facts: { stability: 'stable' }, on, sources: { stability: { on: '2024-01-02', source: '卫健名单' } } },
    { stable: { classes: ['stable'] } },
  );
  expect(answer.fact).toEqual({ key: 'stability', value: 'stable', on: '2024-01-02', source: '卫健名单' });
  expect(answer.because).toContain('2024-01-02');
});

test('Songyang’s branches: severe by risk, certificate by grade, the rest by remission', () => {
  const branches = ConditionSchema.parse({
    when: {
      if: { any: [{ severe: true }, { hasCertificate: { categories: [6] } }] },
      require: {
        all: [
          { when: { if: { severe: true }, require: { riskAtMost: { level: 2, withinMonths: 6 } } } },
          { when: { if: { hasCertificate: { categories: [6] } }, require: { gradeIn: { grades: [3, 4] } } } },
        ],
      },
      otherwise: { remission: true },
    },
  });
  const risk = [{ on: '2024-02-01', level: 2 }];
  expect(ask(branches, { severe: true, risk, certificate: null }).outcome).toBe('met');
  expect(ask(branches, { severe: true, risk, certificate: { category: 6, grade: 2 } }).outcome).toBe('unmet');
  expect(ask(branches, { severe: false, certificate: mental }).outcome).toBe('met');
  expect(ask(branches, { severe: false, certificate: null, remission: 'basic' }).outcome).toBe('met');
  expect(ask(branches, { severe: false, certificate: null }).needs).toEqual(['remission']);
  expect(ask(branches, { certificate: mental, risk }).outcome).toBe('met');
});
