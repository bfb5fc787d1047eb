// The story of the README in a real browser: what a newcomer does in ten minutes, on one real server with the whole demo.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { censusChapter } from './census.chapter.ts';
import { clientChapter } from './client.chapter.ts';
import { districtChapter } from './district.chapter.ts';
import { figuresChapter } from './figures.chapter.ts';
import { siteChapter } from './site.chapter.ts';
import type { Story } from './story.ts';
import { strangerChapter } from './stranger.chapter.ts';
import { meet } from './visitor.ts';

const base = mkdtempSync(join(tmpdir(), 'kangtu-story-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
let server: ChildProcess | undefined;
let said = '';
let browser: Browser | undefined;
let story: Story;

const tell = (): Story => story;
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts the server without a way out; gives its address. */
const start = (): Promise<string> => {
  const args = [
    '--import',
    new URL('./no-outside.ts', import.meta.url).href,
    pathOf('./story-server.ts'),
    join(base, 'data'),
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  server = child;
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part) => {
        said += String(part);
        const found = /^at (http\S+)$/m.exec(said)?.[1];
        if (found) resolve(found);
      });
    child.once('close', () => reject(new Error(`the server ended by itself: ${said}`)));
  });
};

beforeAll(async () => {
  const address = await start();
  browser = await launchBrowser();
  story = {
    desk: await meet(browser, address, 'desk'),
    phone: await meet(browser, address, 'phone'),
    stranger: await meet(browser, address, 'phone'),
  };
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'close');
  }
  rmSync(base, { recursive: true, force: true });
}, 60_000);

describe('a newcomer', { timeout: 300_000 }, () => {
  describe('imports the census', () => censusChapter(tell));
  describe('finds a client', () => clientChapter(tell));
  describe('serves at a site', () => siteChapter(tell));
  describe('sees the figures', () => figuresChapter(tell));
  describe('sees another place at work', () => districtChapter(tell));
  describe('hears from the public', () => strangerChapter(tell));
  // What the pages ask for is watched on each of them.
  test('talks to nobody outside', () => {
    expect(said.split('\n').filter((line) => line.startsWith('outside: '))).toEqual([]);
  });
});
