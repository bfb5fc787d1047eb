// Loads every policy pack of a folder, checks the packs against each other, and keeps them for the process.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkPlaces } from './coverage.ts';
import { checkPack, checkPacksTogether, type LoadedPack } from './library-checks.ts';
import { ClauseId, type Pack, PackFile } from './pack.ts';
import { type PackProblem, parseSource, readSource, type Source } from './source.ts';

export const ClauseKind = z.enum(['E', 'P', 'D', 'I', 'M', 'S', 'R', 'G', 'X', 'U', 'A']);
export type ClauseKind = z.infer<typeof ClauseKind>;

const clauseFields = {
  kind: z.array(ClauseKind).min(1),
  summary: z.string().min(1),
  /** Operations of the contract that serve the clause, besides the rules that cite it. */
  served: z
    .array(z.string().regex(/^[a-zA-Z]+\.[a-zA-Z]+$/, '写操作的名称，例如 referral.send'))
    .min(1)
    .optional(),
  /** The ledger to come, where no rule and no operation serves the clause yet. */
  planned: z.string().min(1).optional(),
};

const ClauseFile = z.strictObject({
  documents: z.record(z.string().regex(/^[A-Z]{2}$/), z.string().min(1)),
  clauses: z.record(ClauseId, z.strictObject(clauseFields)),
});

/** One thing that a document asks, in our own words. */
export const Clause = z.object({ id: ClauseId, document: z.string(), ...clauseFields });
export type Clause = z.infer<typeof Clause>;

export interface PackLibrary {
  readonly packs: ReadonlyMap<string, Pack>;
  readonly clauses: ReadonlyMap<string, Clause>;
}

const clauseFile = 'clauses.yaml';
const isPackFile = (file: string): boolean =>
  file.endsWith('.yaml') && !file.endsWith('.cases.yaml') && file !== clauseFile;

/** Names of the pack files of a folder, in order. */
export const listPackFiles = (folder: string): string[] => readdirSync(folder).filter(isPackFile).sort();

function loadClauses(folder: string) {
  const source = readSource(clauseFile, readFileSync(join(folder, clauseFile), 'utf8'));
  const { value, problems } = parseSource(source, ClauseFile);
  const clauses = Object.entries(value?.clauses ?? {}).map(([id, clause]): [string, Clause] => [
    id,
    { id, document: value?.documents[id.slice(0, 2)] ?? id.slice(0, 2), ...clause },
  ]);
  return { clauses: new Map(clauses), problems, source };
}

/** Twelve hex digits over the texts of the pack and its ancestors: the same text has the same version everywhere. */
function versionOf(id: string, texts: ReadonlyMap<string, string>, parents: ReadonlyMap<string, string | undefined>) {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
    seen.add(at);
    hash.update(`${at}\n${texts.get(at) ?? ''}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

export interface LoadedLibrary {
  readonly library: PackLibrary;
  /** Everything wrong with the packs; only a library without problems may be used. */
  readonly problems: PackProblem[];
  /** Clauses without a place: mistakes of a whole library, not of a folder with some packs of it. */
  readonly unplaced: PackProblem[];
}

/** All packs of the folder. */
export function loadPackLibrary(folder: string): LoadedLibrary {
  const { clauses, problems: clauseProblems, source: clauseSource } = loadClauses(folder);
  const problems: PackProblem[] = [...clauseProblems];
  const read: { value: PackFile; source: Source; text: string }[] = [];
  for (const file of listPackFiles(folder)) {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
    const source = readSource(file, text);
    const { value, problems: mistakes } = parseSource(source, PackFile);
    problems.push(...mistakes);
    if (value === undefined) continue;
    if (read.some((other) => other.value.id === value.id))
      problems.push(source.problem(['id'], `政策包编号“${value.id}”已被另一个文件使用`));
    else read.push({ value, source, text });
  }
  const texts = new Map(read.map(({ value, text }) => [value.id, text]));
  const parents = new Map(read.map(({ value }) => [value.id, value.parent]));
  const loaded = read.map(({ value, source }): LoadedPack => {
    const { area, ...rest } = value;
    const areas = area === 'adopters' ? [] : Array.isArray(area) ? area : [area];
    return { pack: { ...rest, areas, version: versionOf(value.id, texts, parents), file: source.file }, source };
  });
  for (const one of loaded) problems.push(...checkPack(one, loaded, clauses));
  problems.push(...checkPacksTogether(loaded));
  const library = { packs: new Map(loaded.map(({ pack }) => [pack.id, pack])), clauses };
  return { library, problems, unplaced: problems.length > 0 ? [] : checkPlaces(library, clauseSource) };
}

export const formatProblem = ({ file, line, message, hint }: PackProblem): string =>
  `${file}:${line} ${message}${hint === undefined ? '' : `（${hint}）`}`;

/** The folder of packs that ships with the product. */
export const packFolder = fileURLToPath(new URL('../../policies/', import.meta.url));

let shipped: PackLibrary | undefined;

/** The shipped packs, loaded once; an Error naming files and lines if they do not hold together. */
export function getPackLibrary(): PackLibrary {
  if (shipped === undefined) {
    const { library, problems: mistakes, unplaced } = loadPackLibrary(packFolder);
    const problems = [...mistakes, ...unplaced];
    if (problems.length > 0) throw new Error(`policy packs are broken:\n${problems.map(formatProblem).join('\n')}`);
    shipped = library;
  }
  return shipped;
}

/** Every clause that may be cited, in the order of the documents. */
export const listClauses = (library: PackLibrary): Clause[] => [...library.clauses.values()];
