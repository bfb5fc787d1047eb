// Somebody at a browser: what they open is checked for faults that no eye may meet, and can be kept as a picture.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';

const pictures = fileURLToPath(new URL('../docs/tour/', import.meta.url));

export const screens = {
  /** The office computer. */
  desk: { viewport: { width: 1366, height: 768 } },
  phone: { viewport: { width: 375, height: 800 }, hasTouch: true, isMobile: true },
} as const;

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong so far: console errors, requests to other hosts, findings of axe, pages wider than the screen. */
  readonly faults: string[];
  open(path: string): Promise<void>;
  /** Waits until the page stands still, then looks for faults. To be called on every page that is visited. */
  look(): Promise<void>;
  /** Signs in as the demo's account of an organisation. */
  signInAs(organisation: string): Promise<void>;
  /** Keeps the window as docs/tour/<name>.png when pictures are asked for. */
  picture(name: string): Promise<void>;
}

const underWay = new WeakMap<Page, Set<Request>>();

/** Follows the requests that a page waits for; a stream of events is none of them. */
const followRequests = (page: Page): void => {
  const open = new Set<Request>();
  underWay.set(page, open);
  page.on('request', (request) => request.resourceType() !== 'eventsource' && open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
};

const isQuiet = async (page: Page): Promise<boolean> => {
  for (let beat = 0; beat < 3; beat++) {
    if (underWay.get(page)?.size) return false;
    await page.waitForTimeout(50);
  }
  return true;
};

/** A page with its title, no request under way and nothing that spins. Nothing moves: the visitors ask for that. */
export const settle = async (page: Page): Promise<void> => {
  do {
    await page.waitForFunction(
      () => document.querySelector('h1') && !document.querySelector('.ant-spin-spinning, .ant-skeleton-active'),
    );
  } while (!(await isQuiet(page)));
};

const watch = (page: Page, address: string, faults: string[]): void => {
  const own = new URL(address).host;
  page.on('console', (message) => {
    // A refusal is an answer that the browser reports as a failed request.
    const refused = /status of 4\d\d/.test(message.text()) && message.location().url.includes('/api/');
    if (message.type() === 'error' && !refused) faults.push(`${page.url()}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && host !== own) faults.push(`${page.url()}: asks ${request.url()}`);
    // Names of the demo and of the story are two or three Chinese characters; no address holds any.
    if (
      !['data:', 'blob:'].includes(protocol) &&
      /\p{Script=Han}/u.test(decodeURIComponent(`${request.url()}${page.url()}`))
    )
      faults.push(`words in an address: ${decodeURIComponent(request.url())} ${decodeURIComponent(page.url())}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${page.url()}: ${response.status()} from ${response.url()}`);
  });
};

/** No page has frames: without the round over them, and without what it found in order, a look takes half as long. */
const findAxeFaults = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
};

const findOverflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px wider than the screen`] : [];
  });

const savePicture = async (page: Page, name: string): Promise<void> => {
  if (!process.env.KANGTU_PICTURES) return;
  await settle(page);
  mkdirSync(pictures, { recursive: true });
  // The demo's clock runs on: the one thing that differs between two runs.
  const style = '.kt-demo-clock { visibility: hidden } .ant-message { display: none }';
  writeFileSync(join(pictures, `${name}.png`), await page.screenshot({ style, animations: 'disabled', caret: 'hide' }));
};

export const meet = async (browser: Browser, address: string, screen: keyof typeof screens): Promise<Visitor> => {
  const context = await browser.newContext({
    ...screens[screen],
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  followRequests(page);
  watch(page, address, faults);
  const look = async () => {
    await settle(page);
    const found = [...(await findAxeFaults(page)), ...(await findOverflow(page))];
    faults.push(...found.map((fault) => `${page.url()}: ${fault}`));
  };
  return {
    page,
    context,
    faults,
    look,
    open: async (path) => {
      await page.goto(path);
      await settle(page);
    },
    signInAs: async (organisation) => {
      const switcher = page.getByRole('button', { name: '换一个身份登录' });
      if (await switcher.isVisible()) await switcher.click();
      else await page.goto('/sign-in');
      const accounts = page.locator('.kt-accounts');
      await accounts.locator('button').first().waitFor({ state: 'attached' });
      // Those of another place lie folded below its name.
      const folded = accounts.locator('details:not([open])').filter({ hasText: organisation }).locator('summary');
      if ((await folded.count()) > 0) await folded.click();
      await accounts.getByRole('button', { name: organisation }).first().click();
      await page.waitForURL('/');
      await settle(page);
    },
    picture: (name) => savePicture(page, name),
  };
};
