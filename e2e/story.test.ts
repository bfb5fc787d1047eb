// The story of the README in a real browser: what a newcomer does in ten minutes, on one real server with the whole demo.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { type RunningServer, startServer } from '../src/server/start.ts';
import { launchBrowser } from './browser.ts';
import { censusChapter } from './census.chapter.ts';
import { clientChapter } from './client.chapter.ts';
import { figuresChapter } from './figures.chapter.ts';
import { siteChapter } from './site.chapter.ts';
import type { Story } from './story.ts';
import { strangerChapter } from './stranger.chapter.ts';
import { meet } from './visitor.ts';

const base = mkdtempSync(join(tmpdir(), 'kangtu-story-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
let server: RunningServer | undefined;
let browser: Browser | undefined;
let story: Story;

const tell = (): Story => story;

beforeAll(async () => {
  // Its own engine also where the other tests use another server: the roles of an installation belong to a whole server.
  server = await startServer({ url: '', folder: join(base, 'data'), port: 0, host: '127.0.0.1', demo: true });
  browser = await launchBrowser();
  const { address } = server;
  story = {
    desk: await meet(browser, address, 'desk'),
    phone: await meet(browser, address, 'phone'),
    stranger: await meet(browser, address, 'phone'),
  };
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(base, { recursive: true, force: true });
}, 60_000);

describe('a newcomer', { timeout: 300_000 }, () => {
  describe('imports the census', () => censusChapter(tell));
  describe('finds a client', () => clientChapter(tell));
  describe('serves at a site', () => siteChapter(tell));
  describe('sees the figures', () => figuresChapter(tell));
  describe('hears from the public', () => strangerChapter(tell));
});
