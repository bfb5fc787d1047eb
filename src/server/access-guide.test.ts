// docs/access.md is what the code says, and nothing is served that it does not name.
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { roles } from '../kernel/migrate.ts';
import { accessGuide, accessRows, otherRoutes } from './access-guide.ts';
import { openTestApp } from './app.fixtures.ts';
import { contract } from './contract.ts';
import { appPassword } from './database-for-tests.ts';
import { addJobRoutes } from './job-routes.ts';
import { createSignIn } from './sign-in.ts';

const app = await openTestApp();

test('docs/access.md says what the contract and the roles say (npm run guide)', () => {
  expect(readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8')).toBe(accessGuide(contract));
});

test('every operation of the contract has one row, under its own name', () => {
  const names = accessRows(contract).map(({ meta }) => meta.name);
  expect(new Set(names).size).toBe(names.length);
  const guide = accessGuide(contract);
  for (const name of names) expect(guide.split(`| \`${name}\` `), name).toHaveLength(2);
});

test('the server has no route beside the contract that the page does not name', async () => {
  const { http, database, clock } = app;
  const routes: string[] = [];
  http.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD' && url !== '/api/*') routes.push(`${method} ${url}`);
  });
  const connection = { ...inject('postgres'), database: 'none', user: roles.app, password: appPassword };
  const now = clock.now();
  const demo = { clock: now, startedAt: now, password: 'only-for-tests' };
  const signIn = createSignIn({ connection, database, secret: 'x'.repeat(40), clock, demo });
  signIn.addRoutes(http);
  addJobRoutes(http, { database, actorOf: signIn.actorOf });
  await http.ready();
  expect(routes.sort()).toEqual(otherRoutes.map(({ route }) => route).sort());
  await signIn.close();
});
