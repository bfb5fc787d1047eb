// What the chapters of the browser story share: who sits where, whom the story is about, and handling Ant Design's fields.

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { settle, type Visitor } from './visitor.ts';

export const clerk = '巴州区民政局';
export const site = '东城街道心晴康复站';
export const cityOffice = '民政 · 巴中市民政局';
/** Has not filed its report for the first half of 2024. */
export const lateCounty = '通江县民政局';
/** The town in which the story plays. */
export const town = { code: '511902001', name: '东城街道' };

export interface Story {
  readonly desk: Visitor;
  readonly phone: Visitor;
  /** Somebody without an account, on a phone. */
  readonly stranger: Visitor;
  /** Whom the story is about, from their screening on. */
  client?: { readonly person: string; readonly name: string };
  /** The address of their referral. */
  referral?: string;
  /** The town's rate before they were registered. */
  before?: Rate;
}

export const textOf = async (place: Locator): Promise<string> => (await place.textContent()) ?? '';

export interface Rate {
  readonly counted: number;
  readonly registered: number;
}

/** Reads the rate of a town from its page. */
export const readRate = async (visitor: Visitor, area: string): Promise<Rate> => {
  await visitor.open(`/indicators/standardized-service-rate?area=${area}`);
  const figure = visitor.page.locator('.kt-figure').filter({ hasText: '计入 / 在册人数' });
  const [counted, registered] = (await textOf(figure.locator('.kt-figure-value'))).split(' / ').map(Number);
  if (!counted || !registered) throw new Error('no rate on the page');
  return { counted, registered };
};

/** Chapters are tests in order: one takes up what another left. */
export type Chapter = (story: () => Story) => void;

export const getClient = ({ client }: Story): NonNullable<Story['client']> => {
  if (!client) throw new Error('nobody was screened before');
  return client;
};

/** The last part of an address but for its query. */
export const pathOf = (page: Page): string => new URL(page.url()).pathname;

/** Goes by the side menu, as a user does. */
export const goByMenu = async ({ page }: Visitor, name: string): Promise<void> => {
  const menu = page.getByRole('navigation', { name: '主菜单' });
  const link = menu.getByRole('link', { name, exact: true });
  await menu.getByRole('link').first().waitFor();
  // It may lie in a group that is folded.
  while (!(await link.isVisible())) await menu.getByRole('menuitem', { expanded: false }).first().click();
  const path = (await link.getAttribute('href')) ?? '';
  await link.click();
  // Not by the name of the link: an indicator's page is headed by the title of the place's own rule once it is there.
  await page.waitForURL((url) => url.pathname === path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await settle(page);
};

/** Picks from a select by its label. */
export const choose = async (page: Page, label: string, option: string): Promise<void> => {
  const box = page.getByRole('combobox', { name: label });
  await box.click();
  if (await box.isEditable()) await box.fill(option);
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(option).first().click();
};

/** Ticks one of a field's buttons or boxes by its words. */
export const tick = (within: Page | Locator, words: string | RegExp): Promise<void> =>
  within.locator('label').filter({ hasText: words }).first().click();

/** Presses Tab until the field has the focus: it must be reachable by keyboard alone. */
export const tabTo = async (page: Page, field: Locator): Promise<void> => {
  for (let presses = 0; presses < 60; presses++) {
    if (await field.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${field}`);
};

/** Nothing that an eye may miss went wrong on the pages of a chapter. */
export const expectNoFaults = (...visitors: readonly Visitor[]): void => {
  expect(visitors.flatMap(({ faults }) => faults.splice(0))).toEqual([]);
};
