// docs/security.md claims proofs: each test that it names is there.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');

test('every test and file that the page names exists', () => {
  const named = [...page.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:test\.)?tsx?)`/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(60);
  const missing = named.filter((path) => !existsSync(new URL(path, root)) && !existsSync(new URL(`src/${path}`, root)));
  expect(missing).toEqual([]);
});

test('every clause of 8.1.4 and every article of the law that concerns us has its row', () => {
  for (const clause of ['8.1.4.1', '8.1.4.2', '8.1.4.3', '8.1.4.4', '8.1.4.5', '8.1.4.6'])
    expect(page).toMatch(new RegExp(`^| ${clause.replaceAll('.', '.')}[ :]`, 'm'));
  const rows = page.slice(page.indexOf('### Personal Information Protection Law'));
  const articles = [...rows.matchAll(/^\| ([\d–, ]+):/gm)].flatMap(([, cell]) =>
    (cell ?? '').split(',').flatMap((part) => {
      const [from, to = from] = part.trim().split('–').map(Number);
      return Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, i) => (from ?? 0) + i);
    }),
  );
  // Those of DOMAIN 5.2.
  for (const article of [13, 14, 16, 17, 19, 21, 23, 28, 29, 30, 31, 34, 35, 36, 40, 45, 46, 47, 51, 54, 55, 56, 57])
    expect(articles).toContain(article);
});

test("the browser's storage holds the language and when a page was reloaded, nothing else", () => {
  const uses = globSync('src/**/*.{ts,tsx}', { cwd: fileURLToPath(root) })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [
        ...readFileSync(new URL(file, root), 'utf8').matchAll(
          /(localStorage|sessionStorage|indexedDB|caches)\b[^(\n]*\((\w*)/g,
        ),
      ].map(([, store, key]) => `${file} ${store} ${key}`),
    );
  expect([...new Set(uses)].sort()).toEqual([
    'src/web/i18n.ts localStorage storageKey',
    'src/web/main.tsx sessionStorage reloadedKey',
  ]);
});
