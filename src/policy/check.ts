// What the commands `kangtu policy check` and `kangtu screen` do, without the command line around it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Day } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { withPack } from './adoption.ts';
import { CaseFile, runCases } from './cases.ts';
import { FactsFile } from './facts.ts';
import { loadPackLibrary, type PackLibrary, readDraft } from './library.ts';
import type { PackProblem } from './pack-problem.ts';
import { resolveRules } from './resolve.ts';
import { type Screening, screenPerson } from './screen.ts';
import { comparePlaces, type PlaceScreening } from './side-by-side.ts';
import { inChinese, parseSource, readSource } from './source.ts';

export interface PackCheck {
  readonly packs: number;
  readonly rules: number;
  readonly cases: number;
  readonly problems: readonly PackProblem[];
}

/** Loads every pack of the folder and works its cases; cases are worked only where the packs themselves are sound. */
export function checkPacks(folder: string): PackCheck {
  const { library, problems, unplaced } = loadPackLibrary(folder);
  const packs = [...library.packs.values()];
  const found: PackProblem[] = [...problems];
  let cases = 0;
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.cases.yaml')) continue;
    const source = readSource(name, readFileSync(join(folder, name), 'utf8'));
    const { value, problems: mistakes } = parseSource(source, CaseFile);
    found.push(...mistakes);
    cases += value?.cases.length ?? 0;
    if (value !== undefined && problems.length === 0) found.push(...runCases(value, source, library));
  }
  found.push(...unplaced);
  const rules = packs.reduce((sum, pack) => sum + pack.rules.length, 0);
  return { packs: packs.length, rules, cases, problems: found };
}

/** One file beside the shipped packs, and its worked cases where they lie beside it as `x.cases.yaml`. */
export function checkPackFile(library: PackLibrary, path: string): PackCheck {
  const name = basename(path);
  const { pack, problems } = readDraft(library, { file: name, text: readFileSync(path, 'utf8') });
  const casePath = path.replace(/\.ya?ml$/, '.cases.yaml');
  if (pack === undefined || problems.length > 0 || casePath === path || !existsSync(casePath))
    return { packs: 1, rules: pack?.rules.length ?? 0, cases: 0, problems };
  const source = readSource(basename(casePath), readFileSync(casePath, 'utf8'));
  const { value, problems: mistakes } = parseSource(source, CaseFile);
  // A template holds nowhere by itself: its cases are worked as if their places had adopted it.
  const areas = pack.areas.length > 0 ? pack.areas : [...new Set(value?.cases.map(({ area }) => area))];
  const tried = withPack(library, { pack, areas, fromOn: pack.period.from });
  const differing = value === undefined ? [] : runCases(value, source, tried);
  return { packs: 1, rules: pack.rules.length, cases: value?.cases.length ?? 0, problems: [...mistakes, ...differing] };
}

/** Screens the facts of a JSON text. Refuses with `factsInvalid` (naming fields) or `noCriteria`. */
export function screenFile(library: PackLibrary, asked: { area: string; on: Day; text: string }): Screening {
  const { sources, ...facts } = readFacts(asked.text);
  return screenPerson(resolveRules(library, asked.area, asked.on), facts, asked.on, sources);
}

/** The same under every place that has criteria of its own. */
export function compareFile(library: PackLibrary, asked: { on: Day; text: string }): PlaceScreening[] {
  const { sources = {}, ...facts } = readFacts(asked.text);
  return comparePlaces(library, { facts, on: asked.on, sources });
}

function readFacts(text: string): FactsFile {
  const parsed = FactsFile.safeParse(readWords(parseJson(text)), { error: inChinese });
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.flatMap((issue) => {
        const keys = issue.code === 'unrecognized_keys' ? issue.keys : [''];
        return keys.map((key) => [[...issue.path, key].filter((part) => part !== '').join('.'), issue.message]);
      }),
    );
    const names = Object.keys(fields).join('、');
    throw new Refusal('factsInvalid', `事实文件中这些字段不认识或写法不对：${names}`, { fields, kind: 'input' });
  }
  return parsed.data;
}

const words: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  sex: { 男: 'male', 女: 'female' },
  category: { 视力: 1, 听力: 2, 言语: 3, 肢体: 4, 智力: 5, 精神: 6, 多重: 7, mental: 6 },
  grade: { 一级: 1, 二级: 2, 三级: 3, 四级: 4 },
};

/** People write 男, 精神 and 三级 where the facts keep codes; everything else stays as it is. */
function readWords(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const entries = Object.entries(json).map(([key, value]) => {
    if (key === 'certificate') return [key, readWords(value)];
    return [key, typeof value === 'string' ? (words[key]?.[value] ?? value) : value];
  });
  return Object.fromEntries(entries);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal('factsInvalid', `事实文件不是 JSON：${error.message}`, { kind: 'input' });
  }
}
