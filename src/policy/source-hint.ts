// What a writer of a policy file probably meant: the nearest name, quotes around an area code, indentation, the form of a day.
import type { z } from 'zod';

type Path = readonly PropertyKey[];

/** Letters to be put in, taken out or changed to come from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known name that is meant, if one is near enough; the longest word of a pack's schema has some twenty letters. */
export function findNearest(given: string, known: readonly string[]): string | undefined {
  const word = given.slice(0, 40).toLowerCase();
  const [nearest] = known
    .map((name) => ({ name, away: distance(word, name.toLowerCase()) }))
    .filter(({ away, name }) => away <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.away - b.away);
  return nearest?.name;
}

/** The nearest name first, then all that there are. */
export function hintAmong(given: string, known: readonly string[]): string {
  const nearest = findNearest(given, known);
  return `${nearest === undefined ? '' : `是否想写 ${nearest}？`}可用：${known.join('、')}`;
}

/** What zod says of a schema, as far as field names are looked for. */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly getter?: () => z.ZodType;
}

/** The objects that may stand at the path: several where the schema leaves a choice. */
function objectsAt(schema: z.ZodType, path: Path): Readonly<Record<string, z.ZodType>>[] {
  const def = schema._zod.def as unknown as Def;
  const within = def.innerType ?? def.in ?? (def.type === 'lazy' ? def.getter?.() : undefined);
  if (within) return objectsAt(within, path);
  if (def.options) return def.options.flatMap((option) => objectsAt(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return def.shape ? [def.shape] : [];
  const next = def.shape?.[String(first)] ?? def.element ?? def.valueType;
  return next ? objectsAt(next, rest) : [];
}

const fieldNames = (schema: z.ZodType, path: Path): string[] => [
  ...new Set(objectsAt(schema, path).flatMap((shape) => Object.keys(shape))),
];

/** A key that stands where the schema has none: misspelt, or indented under the wrong part. */
export function hintForKey(schema: z.ZodType, path: Path, key: string): string {
  const here = fieldNames(schema, path);
  const nearest = findNearest(key, here);
  if (nearest !== undefined) return `是否想写 ${nearest}？`;
  const parent = path.at(-1);
  const elsewhere = [path.slice(0, -1), path.slice(0, 2), []].find((place) => fieldNames(schema, place).includes(key));
  if (elsewhere !== undefined && parent !== undefined)
    return `${key} 不属于 ${String(parent)}，可能是缩进多了或少了，请与同级字段左对齐`;
  return here.length > 0 ? `可用：${here.join('、')}` : '请核对字段名的拼写';
}

const dayFields: readonly unknown[] = ['from', 'to', 'dueOn', 'issuedOn', 'on', 'startOn', 'birthDate'];

export function hintFor(path: Path, given: unknown): string | undefined {
  const [last, before] = [path.at(-1), path.at(-2)];
  if (last === 'clause') return '每条规则都要写出所依据的条款，例如 clause: [BZ-07]';
  if (last === 'summary') return '请用自己的话写一句说明';
  const isArea =
    last === 'area' || [before, last].some((part) => part === 'areas' || part === 'places') || before === 'area';
  if (isArea && typeof given === 'number') return `行政区划代码要加引号，写成 "${given}"`;
  if (isArea) return '行政区划代码要加引号，例如 "5119"';
  if (dayFields.includes(last)) {
    const found = /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/.exec(String(given));
    const [year, month, day] = found?.slice(1) ?? [];
    if (year === undefined || month === undefined || day === undefined) return '日期写成 2024-03-01';
    const meant = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return meant === given ? '没有这一天，请核对日期' : `日期写成 ${meant}`;
  }
  if (typeof given === 'string' && /^\d+(\.\d+)?%$/.test(given))
    return `百分数写成小数，例如 ${Number.parseFloat(given) / 100}`;
  return undefined;
}

interface SyntaxError {
  readonly code: string;
  readonly message: string;
  readonly linePos?: readonly [{ readonly line: number }, ...unknown[]] | undefined;
}

const syntaxHints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: '缩进只能用空格，不能用制表符',
  BAD_INDENT: '缩进不一致，同级的行要左对齐',
  DUPLICATE_KEY: '同一处的字段只能写一次，请删去重复的一个',
  MISSING_CHAR: '少了一个符号：检查引号、括号是否成对，冒号后是否有空格',
  BLOCK_AS_IMPLICIT_KEY: '缩进不一致，或上一行的冒号后面多写了内容',
  MULTILINE_IMPLICIT_KEY: '这一行少了冒号，或上一行的引号没有收尾',
  BAD_ALIAS: '以 * 开头的内容要加引号，例如 "*"',
};

export function explainSyntax({ code, message, linePos }: SyntaxError): {
  line: number;
  message: string;
  hint?: string;
} {
  const hint = syntaxHints[code];
  return {
    line: linePos?.[0].line ?? 1,
    message: `YAML 写法有误：${message.split('\n')[0] ?? ''}`,
    ...(hint === undefined ? {} : { hint }),
  };
}
