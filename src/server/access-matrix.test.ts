// Every operation × every role × every place, really called: who may not is told so, and learns nothing about anybody.

import { expect, test } from 'vitest';
import type { z } from 'zod';
import { type Actor, reachOf } from '../kernel/access.ts';
import { type AccessRow, accessRows, humanRoles, type PersonalField, shownInFull } from './access-guide.ts';
import { smallestInput } from './access-input.fixtures.ts';
import { type Answer, type OperationRequest, sendTo } from './access-request.fixtures.ts';
import { aWorld, type Place, places } from './access-world.fixtures.ts';
import { newId, openTestApp } from './app.fixtures.ts';
import { contract } from './contract.ts';

const app = await openTestApp();
const world = await aWorld(app);
const rows = accessRows(contract);

interface Request extends OperationRequest {
  readonly refs: ReadonlySet<string>;
}

/** The smallest input, and for a read also the one that names everybody and every place that it can. */
const requestsOf = (row: AccessRow, actor: Actor | null): Request[] => {
  const schema = row.operation['~orpc'].inputSchema as z.ZodType;
  const made = (row.method === 'GET' ? [false, true] : [false]).map((naming) =>
    smallestInput(schema, world.known, { id: newId, naming }),
  );
  return made
    .filter(({ refs }, index) => index === 0 || refs.size > (made[0]?.refs.size ?? 0))
    .map(({ input, refs }) => ({ row, actor, input: input as Record<string, unknown>, refs }));
};

const mayPerform = ({ meta }: AccessRow, actor: Actor): boolean =>
  meta.roles === 'anyone' || meta.roles === 'signedIn' || meta.roles.includes(actor.role);
const isForeign = ({ actor, refs }: Request): boolean =>
  actor === null || [...refs].some((field) => !world.reaches(actor, field));

/** Whether the answer says what the request did not. */
const tells = ({ input }: Request, { text }: Answer, what: string): boolean =>
  text.includes(what) && !JSON.stringify(input).includes(what);

/** The audit shows which person or account a request of the area's accounts named, by number and nothing else: that is what it is for. */
const showsNumbers = new Set(['audit.list', 'audit.export']);

/** What the answer says of persons whom the asker may not see: their data, and the ids of what is about them. */
const leaksOf = (request: Request, answer: Answer): string[] => {
  const { actor } = request;
  const data = [world.served, world.sent]
    .filter((canary) => actor === null || !world.sees(actor, canary))
    .flatMap(({ texts }) => texts.map(({ text }) => text));
  const ids = [...world.personal, 'account']
    .filter((field) => actor === null || !world.reaches(actor, field))
    .filter((field) => !(showsNumbers.has(request.row.meta.name) && ['person', 'other', 'account'].includes(field)))
    .map((field) => world.known[field] ?? '');
  const onLists = actor !== null && world.reaches(actor, 'list') ? [] : [world.phoneOnList];
  return [...data, ...onLists, ...ids].filter((leak) => tells(request, answer, leak));
};

/** Operations on what everybody who has signed in may know: the directory of organisations, and what is open to anyone. */
const isPublic = ({ meta }: AccessRow): boolean => meta.roles === 'anyone' || meta.roles === 'signedIn';

/** What is wrong with the answer, in words; empty when access says just this. */
const faultsOf = (request: Request, answer: Answer): string[] => {
  const { row, actor } = request;
  const { status, code } = answer;
  const faults = leaksOf(request, answer).map((leak) => `leaks ${leak}`);
  if (status >= 500) faults.push('breaks');
  if (!actor) {
    if (row.meta.roles !== 'anyone' && code !== 'signInNeeded') faults.push('needs no session');
    return faults;
  }
  if (!mayPerform(row, actor)) {
    if (code !== 'roleNotAllowed') faults.push('is open to this role');
    return faults;
  }
  if (reachOf(actor) === 'figures' && row.meta.city === null && code !== 'figuresOnly')
    faults.push('is open above the counties');
  if (code === 'roleNotAllowed' || code === 'signInNeeded' || code === 'inputInvalid') faults.push('was not tried');
  if (isForeign(request) && !isPublic(row)) {
    const refused = status === 403 || status === 404;
    // An export reads as well: what the file says of anybody is looked for above.
    const reads = row.method === 'GET' || (row.meta.audit?.kind === 'export' && !row.meta.writes);
    const readsNothing = reads && status === 200;
    if (!refused && !readsNothing) faults.push('works on a foreign place');
  }
  return faults;
};

interface Cell {
  readonly place: Place | 'noSession';
  readonly request: Request;
}
interface Tried extends Cell {
  readonly answer: Answer;
}
const tryAll = async (cells: readonly Cell[], atOnce: number): Promise<Tried[]> => {
  const tried: Tried[] = [];
  const left = cells.values();
  const work = async () => {
    for (const cell of left) tried.push({ ...cell, answer: await sendTo(app, cell.request) });
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return tried;
};

const cells: Cell[] = rows.flatMap((row) => [
  ...requestsOf(row, null).map((request) => ({ request, place: 'noSession' as const })),
  ...places.flatMap((place) =>
    humanRoles.flatMap((role) => requestsOf(row, world.actorAt(role, place)).map((request) => ({ request, place }))),
  ),
]);

/** Whether access lets the request change something of the world. */
const mayChange = ({ request }: Cell): boolean => {
  const { row, actor } = request;
  if (row.method === 'GET') return false;
  return row.meta.roles === 'anyone' || (actor !== null && mayPerform(row, actor) && !isForeign(request));
};
/** Entries of the own county; an export leaves one as it reads. */
const countEntries = async (): Promise<number> => {
  const { rows } = await app.admin.query(
    `select count(*)::int as n from entry where county = $1 and type <> 'ledger.export'`,
    [world.known.county],
  );
  return rows[0].n;
};
const nameOf = ({ request: { row, actor, refs }, place, answer }: Tried): string =>
  `${row.meta.name} as ${actor?.role ?? 'nobody'} from ${place}, naming ${[...refs].join(', ') || 'nobody'}: ${answer.status} ${answer.code ?? ''}`;

// First what may change nothing: the reads, and the writes that must be refused.
const before = await countEntries();
const harmless = await tryAll(
  cells.filter((cell) => !mayChange(cell)),
  6,
);
const after = await countEntries();
// Last the withdrawal, with which the site loses sight of whom the other requests name.
const isLast = ({ request }: Cell): boolean => request.row.meta.name === 'consent.withdraw';
const changes = cells.filter(mayChange);
const changing = await tryAll([...changes.filter((one) => !isLast(one)), ...changes.filter(isLast)], 1);
const tried = [...harmless, ...changing];

test('each cell answers what access says, and nobody learns of a person whom they may not see', () => {
  const faults = tried.flatMap((one) => faultsOf(one.request, one.answer).map((fault) => `${nameOf(one)}: ${fault}`));
  console.log(
    `${rows.length} operations, ${humanRoles.length} roles, ${places.length} places: ${tried.length} cells called`,
  );
  expect(faults.sort()).toEqual([]);
  expect(tried.length).toBeGreaterThan(rows.length * humanRoles.length * places.length);
});

test('what was refused left no entry in the county', () => {
  expect(after).toBe(before);
});

test('the requests are such that access alone refuses them: from the own place each operation gets past it', () => {
  const past = new Set(
    tried
      .filter(({ place, answer }) => place === 'own' && ![401, 403, 404].includes(answer.status))
      .map(({ request }) => request.row.meta.name),
  );
  expect(rows.map(({ meta }) => meta.name).filter((name) => !past.has(name))).toEqual([]);
});

test('personal data is shown in full by the operations that docs/access.md names, and masked by all others', () => {
  const onList = { field: 'phone' as const, text: world.phoneOnList };
  const texts = [...world.served.texts, ...world.sent.texts, onList];
  const shown = rows.map(({ meta }): [string, PersonalField[]] => {
    const answers = tried.filter(({ request }) => request.row.meta.name === meta.name);
    const told = texts.filter(({ text }) => answers.some(({ request, answer }) => tells(request, answer, text)));
    return [meta.name, [...new Set(told.map(({ field }) => field))].sort()];
  });
  const named = Object.entries(shownInFull).map(([name, { fields }]) => [name, [...fields].sort()]);
  expect(Object.fromEntries(shown.filter(([, fields]) => fields.length > 0))).toEqual(Object.fromEntries(named));
});
