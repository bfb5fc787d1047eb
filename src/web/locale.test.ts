// Both languages say the same things: equal keys, no empty text, equal placeholders, and a title for every page.
import { expect, test } from 'vitest';
import { resources as english } from './locale/en/index.ts';
import { resources as chinese } from './locale/zh-CN/index.ts';
import { pages } from './pages.ts';

type Texts = { readonly [key: string]: string | Texts };

const flatten = (texts: Texts, prefix = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(([name]) => name).sort();

const namespaces = Object.keys(chinese) as (keyof typeof chinese)[];

test('both languages have the same namespaces', () => {
  expect(Object.keys(english).sort()).toEqual([...namespaces].sort());
});

test.each(namespaces)('%s: equal keys and placeholders, no empty text', (namespace) => {
  const zh = new Map(flatten(chinese[namespace]));
  const en = new Map(flatten(english[namespace]));
  expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
  for (const [key, text] of zh) {
    expect(text.trim(), `zh-CN ${namespace}:${key}`).not.toBe('');
    expect(en.get(key)?.trim(), `en ${namespace}:${key}`).not.toBe('');
    expect(placeholders(en.get(key) ?? ''), `${namespace}:${key}`).toEqual(placeholders(text));
  }
});

test('every page has a title, and no two pages one address', () => {
  const keys = new Set(
    namespaces.flatMap((namespace) => flatten(chinese[namespace]).map(([key]) => `${namespace}:${key}`)),
  );
  expect(pages.map((page) => page.title).filter((title) => !keys.has(title))).toEqual([]);
  expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length);
});
