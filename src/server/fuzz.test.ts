// Every operation gets inputs at random, valid and broken, from every role: it answers or refuses, and never breaks.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { accessRows, humanRoles } from './access-guide.ts';
import { sendTo } from './access-request.fixtures.ts';
import { aWorld, places } from './access-world.fixtures.ts';
import { openTestApp } from './app.fixtures.ts';
import { contract } from './contract.ts';
import { inputsOf } from './fuzz.fixtures.ts';

const app = await openTestApp();
const world = await aWorld(app);
const rows = accessRows(contract);
const perOperation = process.env.KANGTU_DEEP ? 101 : 10;

const told = new Map<number, number>();

/** Traces, statements and names of tables are for the log. */
const innards = /node_modules|\n\s+at |select .* from|insert into|violates|syntax error|ECONN|kangtu_app/i;

const requests = (row: (typeof rows)[number]) => {
  const allowed = Array.isArray(row.meta.roles) ? row.meta.roles : humanRoles;
  return fc.record({
    actor: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...allowed).map((role) => world.actorAt(role, 'own')) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...humanRoles), fc.constantFrom(...places))
          .map(([role, place]) => world.actorAt(role, place)),
      },
    ),
    input: inputsOf(row.operation['~orpc'].inputSchema as z.ZodType, world.known).map((input) =>
      typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : {},
    ),
  });
};

test.each(rows.map((row) => [row.meta.name, row] as const))(
  '%s answers or refuses whatever it is sent',
  async (_, row) => {
    await fc.assert(
      fc.asyncProperty(requests(row), async ({ actor, input }) => {
        app.faults.length = 0;
        const answer = await sendTo(app, { row, actor, input });
        told.set(answer.status, (told.get(answer.status) ?? 0) + 1);
        if (answer.status >= 500) throw app.faults.at(-1) ?? new Error(answer.text);
        expect(answer.status >= 400 ? answer.text : '').not.toMatch(innards);
      }),
      { numRuns: perOperation, endOnFailure: true },
    );
  },
);

/** Where a number may be of any size, each with its place in the schema. */
const numbersWithoutEnd = (schema: unknown, path = ''): string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, maximum, minimum } = schema as { type?: unknown; maximum?: number; minimum?: number };
  const free =
    maximum === undefined || minimum === undefined || Math.max(maximum, -minimum) === Number.MAX_SAFE_INTEGER;
  const own = (type === 'integer' || type === 'number') && free ? [path] : [];
  // The value of a fact is any JSON here, and is held against its own kind at once (`FactInput`).
  const parts = Object.entries(schema).filter(([key]) => key !== '$defs');
  return [...own, ...parts.flatMap(([key, part]) => numbersWithoutEnd(part, `${path}/${key}`))];
};

test.each(rows.map((row) => [row.meta.name, row] as const))('%s says how large each number may be', (_, row) => {
  const schema = row.operation['~orpc'].inputSchema as z.ZodType;
  expect(numbersWithoutEnd(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }))).toEqual([]);
});

test('nobody has written outside their area', async () => {
  const actors = humanRoles.flatMap((role) => places.map((place) => world.actorAt(role, place)));
  const scopes = JSON.stringify(actors.map(({ user, scope }) => ({ user, scope })));
  const { rows: strays } = await app.admin.query(
    `select e.type, e.county, e.actor from entry e join json_to_recordset($1::json) as a("user" text, scope text) on a."user" = e.actor
     where left(e.county, length(left(a.scope, 6))) <> left(a.scope, 6) and e.type not in ('application.submit', 'person.list')`,
    [scopes],
  );
  expect(strays).toEqual([]);
  console.log('answers by status', Object.fromEntries(told));
  // Inputs that nothing takes would prove nothing.
  expect(told.get(200)).toBeGreaterThan(rows.length);
});
