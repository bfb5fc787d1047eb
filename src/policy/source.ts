// Reads a policy YAML file against a schema and says, for every mistake, on which line it is and what may stand there.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { testNames } from './criterion.ts';
import { cadenceNames } from './duty.ts';
import type { PackProblem } from './pack-problem.ts';
import { explainSyntax, hintAmong, hintFor, hintForKey } from './source-hint.ts';

type Path = readonly PropertyKey[];

/** A YAML text with the lines of its parts. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  readonly syntaxProblems: readonly PackProblem[];
  /** The line of the part at the path, or of the nearest part that holds it. */
  lineOf(path: Path): number;
  problem(path: Path, message: string, hint?: string): PackProblem;
}

/** Undefined where brackets lie deeper in one another than can be read, or one part is repeated without end. */
function readDocument(text: string, lineCounter: LineCounter) {
  try {
    const document = parseDocument(text, { lineCounter, uniqueKeys: true });
    if (document.errors.length === 0) document.toJS();
    return document;
  } catch (error) {
    if (error instanceof RangeError || error instanceof ReferenceError) return undefined;
    throw error;
  }
}

const emptySource = (file: string, syntaxProblems: readonly PackProblem[]): Source => ({
  file,
  data: undefined,
  syntaxProblems,
  lineOf: () => 1,
  problem: (_, message) => ({ file, line: 1, message }),
});

export function readSource(file: string, text: string): Source {
  const counter = new LineCounter();
  const document = readDocument(text, counter);
  if (document === undefined)
    return emptySource(file, [{ file, line: 1, message: '文件嵌套太深，无法读取', hint: '请检查括号是否成对' }]);
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length).map(String), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
      if (Array.isArray(range) && typeof range[0] === 'number') return counter.linePos(range[0]).line;
    }
    return 1;
  };
  return {
    file,
    data: document.errors.length > 0 ? undefined : document.toJS(),
    syntaxProblems: document.errors.map((error) => ({ file, ...explainSyntax(error) })),
    lineOf,
    problem: (path, message, hint) => ({ file, line: lineOf(path), message, ...(hint === undefined ? {} : { hint }) }),
  };
}

/** Zod's own messages in Chinese. */
export const inChinese = z.locales.zhCN().localeError;

/** The value by the schema, or what is wrong with the file. */
export function parseSource<S extends z.ZodType>(
  source: Source,
  schema: S,
): { value: z.infer<S>; problems: readonly PackProblem[] } | { value: undefined; problems: readonly PackProblem[] } {
  if (source.syntaxProblems.length > 0) return { value: undefined, problems: source.syntaxProblems };
  const parsed = schema.safeParse(source.data, { error: inChinese });
  if (parsed.success) return { value: parsed.data, problems: [] };
  const issues = parsed.error.issues;
  const unknownAt = new Set(issues.filter((i) => i.code === 'unrecognized_keys').map((i) => i.path.join('.')));
  const problems = issues
    .filter((issue) => !(issue.code === 'custom' && unknownAt.has(issue.path.join('.'))))
    .flatMap((issue) => explainIssue(source, schema, issue));
  return { value: undefined, problems };
}

function explainIssue(source: Source, schema: z.ZodType, issue: z.core.$ZodIssue): PackProblem[] {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const last = issue.path.at(-1);
      const path = [...issue.path, key];
      if (last === 'cadence') return source.problem(path, `没有名为“${key}”的时限`, hintAmong(key, cadenceNames));
      if (isConditionPath(issue.path))
        return source.problem(path, `没有名为“${key}”的检验`, hintAmong(key, [...testNames, 'all', 'any', 'when']));
      return source.problem(path, `${where || '文件'}中没有名为“${key}”的字段`, hintForKey(schema, issue.path, key));
    });
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [explainChoice(source, issue)];
  if (issue.code === 'invalid_union') {
    // The alternative that fits best is the one the writer meant.
    const [nearest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
    return nearest.flatMap((inner) => explainIssue(source, schema, { ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'invalid_type' && valueAt(source.data, issue.path) === undefined)
    return [source.problem(issue.path, `缺少字段 ${where}`, hintFor(issue.path, undefined))];
  return [
    source.problem(issue.path, `${where}：${issue.message}`, hintFor(issue.path, valueAt(source.data, issue.path))),
  ];
}

function explainChoice(source: Source, issue: z.core.$ZodIssueInvalidUnion): PackProblem {
  const given = valueAt(source.data, issue.path);
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.join('、') : '';
  const noun = issue.discriminator === 'kind' ? '规则类别' : issue.discriminator === 'measure' ? '指标' : '选项';
  const message =
    given === undefined ? `缺少${noun} ${String(issue.discriminator)}` : `没有名为“${String(given)}”的${noun}`;
  return source.problem(
    issue.path,
    message,
    given === undefined ? `可用：${options}` : hintAmong(String(given), options.split('、')),
  );
}

/** Whether the object at the path is a condition: `require` of a rule or a part of all, any, when. */
const isConditionPath = (path: Path): boolean =>
  path.includes('require') && path.slice(path.indexOf('require') + 1).every((part) => isConditionStep(part));
const isConditionStep = (part: PropertyKey): boolean =>
  typeof part === 'number' || ['all', 'any', 'when', 'if', 'require', 'otherwise'].includes(String(part));

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
