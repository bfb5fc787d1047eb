// The built web app, file by file: it names no other host to load anything from, and has no script in its page.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'kangtu-web-'));
let files: { name: string; text: string }[] = [];

/** Its own build: the one in dist may be under way or old. */
beforeAll(() => {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const { status, stderr } = spawnSync(
    process.execPath,
    [vite, 'build', '--logLevel', 'error', '--outDir', folder, '--emptyOutDir'],
    {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: { ...process.env, NODE_ENV: 'production' },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|css|html|svg|json)$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = (kind: RegExp, pattern: RegExp): string[] =>
  files
    .filter(({ name }) => kind.test(name))
    .flatMap(({ name, text }) => [...text.matchAll(pattern)].map(([match]) => `${name}: ${match}`));

/** Names of XML vocabularies and JSON dialects, sentences of libraries to their developers, and addresses taken apart: never asked for. */
const namedOnly =
  /^(?:http:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xlink|XML\/1998\/namespace|1998\/Math\/MathML|2000\/xmlns\/)|https?:\/\/json-schema\.org\/draft|https:\/\/react\.dev\/errors\/|https:\/\/react\.i18next\.com\/latest\/|http:\/\/localhost$|http:\/\/\[\$\{\w+\}\]$)/;

test('names no other host, but in namespaces, messages and where an address is taken apart', () => {
  const addresses = files.flatMap(({ name, text }) =>
    [...text.matchAll(/(?:https?|wss?):\/\/[^\s"'`<>)\\]+/g)].map(([url]) => ({ name, url })),
  );
  expect(addresses.length).toBeGreaterThan(10);
  expect(addresses.filter(({ url }) => !namedOnly.test(url))).toEqual([]);
});

test('loads scripts, styles, pictures and fonts by paths of its own', () => {
  const page = files.find(({ name }) => name === 'index.html')?.text ?? '';
  const loaded = [...page.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.filter((url) => !/^\/[^/]/.test(url ?? ''))).toEqual([]);
  expect(found(/\.css$/, /@import[^;]*|url\((?!["']?(?:\/[^/]|data:image))[^)]*\)/g)).toEqual([]);
  expect(found(/\.js$/, /(?:\bimport\s*\(?|\bfrom|\bfetch\s*\(|\bWorker\s*\()\s*["'`](?:\w+:)?\/\//g)).toEqual([]);
});

test('has no script, handler or style in the page itself, which the headers forbid', () => {
  const page = files.find(({ name }) => name === 'index.html')?.text ?? '';
  expect([...page.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>|\son\w+=|javascript:|<base\b/gi)]).toEqual([]);
  expect(found(/\.js$/, /\beval\(|\bnew Function\(/g)).toEqual([]);
});
