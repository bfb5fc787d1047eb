// The rate moves, opens down to somebody who is missing a step, and the county files its half-yearly report; the city sees who is late.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Chapter,
  choose,
  cityOffice,
  clerk,
  expectNoFaults,
  getClient,
  goByMenu,
  lateCounty,
  pathOf,
  readRate,
  type Story,
  site,
  textOf,
  town,
} from './story.ts';
import { settle } from './visitor.ts';

const openDown = async (story: Story): Promise<void> => {
  const { desk } = story;
  const { page } = desk;
  await goByMenu(desk, '规范服务率');
  await desk.look();
  await desk.picture('7-rate');
  for (const part of [town.name, site]) {
    await page.getByRole('table', { name: '各地比较' }).getByRole('link', { name: part }).click();
    await page.getByRole('navigation').filter({ hasText: part }).waitFor();
    await settle(page);
  }
  await choose(page, '缺少的环节', '缺服务协议');
  await settle(page);
  await desk.look();
  const lacking = page.getByRole('table', { name: '背后的人员' }).getByRole('link', { name: '缺服务协议' });
  await lacking.first().click();
  await page.getByRole('heading', { level: 1, name: /签订服务协议/ }).waitFor();
  await desk.look();
};

/** Every person of the story is one more in the town, and with all four papers counts. */
const seeItMove = async (story: Story): Promise<void> => {
  const { desk, before } = story;
  await desk.signInAs(clerk);
  if (!before) throw new Error('the rate was not read before');
  expect(await readRate(desk, town.code)).toEqual({ counted: before.counted + 1, registered: before.registered + 1 });
  await desk.open(`/persons/${getClient(story).person}`);
  expect(await textOf(desk.page.locator('#main'))).toMatch(/已接收|服务中/);
  await desk.look();
  await desk.picture('4-file');
};

const cityLooks = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(cityOffice);
  await desk.look();
  await goByMenu(desk, '县（区）服务覆盖率');
  await desk.look();
  await goByMenu(desk, '报告报送');
  await choose(page, '状态', '逾期未报');
  const late = page.getByRole('row').filter({ hasText: /2024年上半年.*逾期未报/ });
  await expect.poll(() => late.allTextContents()).toEqual([expect.stringContaining('通江县')]);
  await desk.look();
};

const fileReport = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(lateCounty);
  await goByMenu(desk, '报告报送');
  await page.getByRole('button', { name: '起草2024年上半年进展情况报告' }).click();
  await page.waitForURL(/\/reports\/[0-9a-f-]{36}$/);
  await settle(page);
  await desk.look();
  for (const section of ['一、目标进展', '二、任务进展', '三、保障措施'])
    await page.getByRole('textbox', { name: section }).fill('各项工作按计划推进，问题已列出并逐项整改。');
  await page.getByRole('button', { name: '保存文字' }).click();
  await settle(page);
  await page.getByRole('button', { name: '报送', exact: true }).click();
  await page
    .getByRole('tooltip')
    .getByRole('button', { name: /确\s*定/ })
    .click();
  await page.getByText('内容与报送时一致。').waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  await desk.look();
  await desk.picture('8-report');
};

const download = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '导出 Excel' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.xlsx$/);
  // A zip archive, as every workbook is.
  expect(
    readFileSync(await file.path())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
};

const speakEnglish = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await page.getByText('English', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await desk.look();
  await page.getByText('中文', { exact: true }).click();
  await page.getByRole('navigation', { name: '主菜单' }).waitFor();
};

export const figuresChapter: Chapter = (story) => {
  test('the rate has moved by the person', async () => {
    await seeItMove(story());
    expectNoFaults(story().desk);
  });
  test('the rate opens down to somebody who is missing a step, and leads there', async () => {
    await openDown(story());
    expect(pathOf(story().desk.page)).toMatch(/^\/persons\/.*\/agreement$/);
    expectNoFaults(story().desk);
  });
  test('the city sees who is late with a report, in English too', async () => {
    await cityLooks(story());
    await speakEnglish(story());
    expectNoFaults(story().desk);
  });
  test('the late county drafts, files and downloads its half-yearly report', async () => {
    await fileReport(story());
    await download(story());
    expectNoFaults(story().desk);
  });
};
