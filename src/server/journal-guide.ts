// docs/journal.md, made from the journal's own registry: every entry type, what it says, whom it is about, which tables follow.
import { z } from 'zod';
import { correctType, type EntryType, isVoidType, voidType } from '../kernel/entry.ts';
import type { Journal } from '../kernel/journal.ts';

interface Schema {
  readonly type?: string | string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly sealed?: boolean;
}

/** A schema in one short phrase: `uuid`, `date`, `a | b`, `{…}[]`. */
const phrase = (schema: Schema): string => {
  if (schema.anyOf) return schema.anyOf.map(phrase).join(' \\| ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' \\| ');
  if (schema.items) return `${phrase(schema.items)}[]`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  return schema.format ?? String(schema.type ?? 'any JSON');
};

const fieldsOf = (type: EntryType): string[] => {
  const schema = z.toJSONSchema(type.body, { io: 'input', unrepresentable: 'any' }) as Schema;
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : ' (optional)';
    return `| \`${name}\`${optional} | ${phrase(field)}${field.sealed ? ' · personal' : ''} |`;
  });
};

/** The whole page. Corrections have the body of what they correct, so they are named, not repeated. */
export const journalGuide = (journal: Journal): string => {
  const plain = [...journal.types.values()].filter(({ type }) => !isVoidType(type) && !type.endsWith('.correct'));
  const sections = plain.map((type) => {
    const corrected = type.replaceable === true ? `, replaced by \`${correctType(type.type)}\` (the same body)` : '';
    const tables = journal.projections
      .filter((projection) => projection.types.includes(type.type))
      .flatMap(({ tables }) => tables.map(({ name }) => `\`${name}\``));
    return [
      `### \`${type.type}\` ${type.summary}`,
      '',
      '| field | value |',
      '|---|---|',
      ...fieldsOf(type),
      '',
      tables.length
        ? `Folded into the rows of ${[...new Set(tables)].join(', ')}.`
        : 'Writes no state row: it stands in the journal and the tallies only.',
      ...(type.replaceable ? [`Taken back by \`${voidType(type.type)}\` (a reason)${corrected}.`] : []),
      '',
    ].join('\n');
  });
  return `<!-- Made by \`npm run guide\` from the journal's registry; do not edit. -->
# The journal: every entry type

Each entry carries \`county\`, \`id\` (made by the caller), \`type\`, \`on\` (the day it happened), \`at\` (when it was recorded), \`actor\`, \`role\`,
\`organisation\`, \`device\`, \`body\` (below), \`findings\` (outcomes of policy rules with pack, version and clause), its subjects and its hash.
Per subject a chain of hashes runs through all entries about it; \`kangtu journal verify\` walks them. State rows follow from the entries
alone; \`kangtu journal replay\` makes them again.

${sections.join('\n')}`;
};

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs');
  const { journal } = await import('./slices.ts');
  writeFileSync(new URL('../../docs/journal.md', import.meta.url), journalGuide(journal));
}
