// Reads a policy YAML file against a schema and says, for every mistake, on which line it is and what may stand there.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { testNames } from './criterion.ts';
import { cadenceNames } from './duty.ts';

/** A mistake in a policy file, for the person who writes it. */
export const PackProblem = z.object({
  file: z.string(),
  line: z.int(),
  message: z.string(),
  hint: z.string().optional(),
});
export type PackProblem = z.infer<typeof PackProblem>;

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

export function readSource(file: string, text: string): Source {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
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
    syntaxProblems: document.errors.map((error) => ({
      file,
      line: error.linePos?.[0].line ?? 1,
      message: `YAML 写法有误：${error.message.split('\n')[0] ?? ''}`,
    })),
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
    .flatMap((issue) => explainIssue(source, issue));
  return { value: undefined, problems };
}

function explainIssue(source: Source, issue: z.core.$ZodIssue): PackProblem[] {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const last = issue.path.at(-1);
      const path = [...issue.path, key];
      if (last === 'cadence') return source.problem(path, `没有名为“${key}”的时限`, `可用：${cadenceNames.join('、')}`);
      if (isConditionPath(issue.path))
        return source.problem(path, `没有名为“${key}”的检验`, `可用：${testNames.join('、')}，以及 all、any、when`);
      return source.problem(path, `${where || '文件'}中没有名为“${key}”的字段`, '请核对字段名的拼写');
    });
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [explainChoice(source, issue)];
  if (issue.code === 'invalid_union') {
    // The alternative that fits best is the one the writer meant.
    const [nearest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
    return nearest.flatMap((inner) => explainIssue(source, { ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'invalid_type' && valueAt(source.data, issue.path) === undefined)
    return [source.problem(issue.path, `缺少字段 ${where}`, hintFor(issue.path))];
  return [source.problem(issue.path, `${where}：${issue.message}`, hintFor(issue.path))];
}

function explainChoice(source: Source, issue: z.core.$ZodIssueInvalidUnion): PackProblem {
  const given = valueAt(source.data, issue.path);
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.join('、') : '';
  const noun = issue.discriminator === 'kind' ? '规则类别' : issue.discriminator === 'measure' ? '指标' : '选项';
  const message =
    given === undefined ? `缺少${noun} ${String(issue.discriminator)}` : `没有名为“${String(given)}”的${noun}`;
  return source.problem(issue.path, message, `可用：${options}`);
}

/** Whether the object at the path is a condition: `require` of a rule or a part of all, any, when. */
const isConditionPath = (path: Path): boolean =>
  path.includes('require') && path.slice(path.indexOf('require') + 1).every((part) => isConditionStep(part));
const isConditionStep = (part: PropertyKey): boolean =>
  typeof part === 'number' || ['all', 'any', 'when', 'if', 'require', 'otherwise'].includes(String(part));

function hintFor(path: Path): string | undefined {
  const last = path.at(-1);
  if (last === 'clause') return '每条规则都要写出所依据的条款，例如 clause: [BZ-07]';
  if (last === 'summary') return '请用自己的话写一句说明';
  if (last === 'from' || last === 'to' || last === 'dueOn' || last === 'issuedOn') return '日期写成 2024-03-01';
  return undefined;
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
