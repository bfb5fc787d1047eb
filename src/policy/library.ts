// Loads every policy pack of a folder, checks the packs against each other, and keeps them for the process.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkPlaces } from './coverage.ts';
import { checkPack, checkPacksTogether, type LoadedPack } from './library-checks.ts';
import { type AreaPrefix, ClauseId, type Pack, PackFile } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import type { Packs } from './resolve.ts';
import { parseSource, readSource, type Source } from './source.ts';

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
  /** By entry type, where only some entries answer the clause: those whose body holds one of these. */
  records: z.record(z.string(), z.array(z.record(z.string(), z.json()))).optional(),
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

export interface PackLibrary extends Packs {
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

const plainText = (text: string): string => text.replaceAll('\r\n', '\n');

interface ReadPack {
  readonly value: PackFile;
  readonly source: Source;
  readonly text: string;
}

const packOf = ({ value, source, text }: ReadPack, version: string): LoadedPack => {
  const { area, ...rest } = value;
  const areas = area === 'adopters' ? [] : Array.isArray(area) ? area : [area];
  return { pack: { ...rest, areas, version, file: source.file, text }, source };
};

/** All packs of the folder. */
export function loadPackLibrary(folder: string): LoadedLibrary {
  const { clauses, problems: clauseProblems, source: clauseSource } = loadClauses(folder);
  const problems: PackProblem[] = [...clauseProblems];
  const read: ReadPack[] = [];
  for (const file of listPackFiles(folder)) {
    const text = plainText(readFileSync(join(folder, file), 'utf8'));
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
  const loaded = read.map((one) => packOf(one, versionOf(one.value.id, texts, parents)));
  for (const one of loaded) problems.push(...checkPack(one, loaded, clauses));
  problems.push(...checkPacksTogether(loaded));
  const library = { packs: new Map(loaded.map(({ pack }) => [pack.id, pack])), clauses };
  return { library, problems, unplaced: problems.length > 0 ? [] : checkPlaces(library, clauseSource) };
}

export interface Draft {
  readonly file: string;
  readonly text: string;
}

/** A pack's version as a text beside the shipped packs: the same as the shipped one's where it is the same text. */
const draftVersion = ({ id, parent }: PackFile, text: string, packs: ReadonlyMap<string, Pack>): string => {
  const others = [...packs.values()];
  const texts = new Map([...others.map((pack): [string, string] => [pack.id, pack.text]), [id, text]]);
  const parents = new Map([
    ...others.map((pack): [string, string | undefined] => [pack.id, pack.parent]),
    [id, parent],
  ]);
  return versionOf(id, texts, parents);
};

/** Where a text is to hold, and the packs that hold there already by the same rank. */
export interface DraftPlace {
  readonly areas: readonly AreaPrefix[];
  readonly beside: readonly Pack[];
}

/**
 * A text of a pack that the library does not hold, or another text of one that it does, and what is wrong with it: beside the shipped
 * packs, or in the place where it is to be adopted.
 */
export function readDraft(
  library: PackLibrary,
  { file, text: raw }: Draft,
  place?: DraftPlace,
): { pack: Pack | undefined; problems: readonly PackProblem[] } {
  const text = plainText(raw);
  const source = readSource(file, text);
  const { value, problems } = parseSource(source, PackFile);
  if (value === undefined) return { pack: undefined, problems };
  const draft = packOf({ value, source, text }, draftVersion(value, text, library.packs));
  const asLoaded = (pack: Pack): LoadedPack => ({ pack, source: readSource(pack.file, '') });
  const adopted = (library.adoptions ?? []).flatMap(({ pack }) => (pack ? [[pack.id, pack] as const] : []));
  const known = new Map([...adopted, ...library.packs]);
  known.delete(value.id);
  const others = [...known.values()].map(asLoaded);
  const held = place ? { ...draft, pack: { ...draft.pack, areas: place.areas } } : draft;
  const beside = place
    ? place.beside.map(asLoaded)
    : [...library.packs.values()].filter(({ id }) => id !== value.id).map(asLoaded);
  const found = [
    ...checkPack(draft, [...others, draft], library.clauses),
    ...checkPacksTogether([...beside, held]).filter((problem) => problem.file === file),
  ];
  return { pack: draft.pack, problems: found };
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
