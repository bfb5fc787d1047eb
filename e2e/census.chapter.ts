// The clerk imports the three lists of the demo: columns, dry run, confirmation, result; and decides on rows that the system is unsure of.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Chapter, clerk, expectNoFaults, goByMenu, pathOf, type Story, textOf } from './story.ts';
import { settle } from './visitor.ts';

const lists = [
  { file: 'federation.xlsx', sender: '残联' },
  { file: 'health.xlsx', sender: '卫健' },
  { file: 'civil.csv', sender: '民政' },
] as const;
const fileOf = (name: string): string => fileURLToPath(new URL(`../demo/lists/${name}`, import.meta.url));

const upload = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(clerk);
  await goByMenu(desk, '摸底名单');
  await desk.look();
  await page.locator('input[type=file]').setInputFiles(lists.map(({ file }) => fileOf(file)));
  // Who sent a list is guessed from its name.
  for (const { sender } of lists) await page.locator('.kt-census-files').getByText(sender, { exact: true }).waitFor();
  await desk.look();
  await page.getByRole('button', { name: '上传名单' }).click();
  for (const { file } of lists) await page.getByRole('link', { name: file }).waitFor();
  await desk.look();
};

/** From the guessed columns to the import's end; nothing is written before the clerk confirms. */
const importList = async ({ desk }: Story, file: string): Promise<void> => {
  const { page } = desk;
  await goByMenu(desk, '摸底名单');
  await page.getByRole('link', { name: file }).click();
  await page.getByRole('heading', { level: 1, name: file }).waitFor();
  await desk.look();
  await page.getByRole('button', { name: '试算', exact: true }).click();
  const confirm = page.getByRole('button', { name: /^确认导入/ });
  await confirm.waitFor({ timeout: 120_000 });
  await desk.look();
  if (file === 'health.xlsx') await desk.picture('2-census');
  await confirm.click();
  await page.getByText('名单已导入。').waitFor({ timeout: 120_000 });
  await desk.look();
};

const downloadResult = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await page.getByRole('button', { name: '下载逐行结果' }).click();
  const asked = page.getByRole('dialog');
  await asked.getByLabel('用途').fill('反馈给提供名单的单位');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    asked.getByRole('button', { name: '导出', exact: true }).click(),
  ]);
  await asked.waitFor({ state: 'hidden' });
  expect(readFileSync(await file.path()).length).toBeGreaterThan(1000);
};

const decide = async ({ desk }: Story, kind: string, decision: string): Promise<void> => {
  const { page } = desk;
  await goByMenu(desk, '名单核对');
  await desk.look();
  const row = page.getByRole('row').filter({ hasText: kind });
  await row.first().getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: '对照核对' }).waitFor();
  await desk.look();
  const before = pathOf(page);
  await page.getByRole('button', { name: decision }).click();
  await page.waitForURL((url) => url.pathname !== before);
  await settle(page);
  await desk.open(before);
  expect(await textOf(page.locator('#main'))).not.toContain('怎么处理');
  await desk.look();
};

export const censusChapter: Chapter = (story) => {
  test('the clerk drops the three lists in', async () => {
    await upload(story());
    expectNoFaults(story().desk);
  });
  test.each(lists)('$file goes from its columns over the dry run to the import', async ({ file }) => {
    await importList(story(), file);
    await downloadResult(story());
    expectNoFaults(story().desk);
  });
  test('a pair that may be one person and a conflict are decided side by side', async () => {
    await decide(story(), '疑似同一人', '是同一人，关联');
    await decide(story(), '有冲突', '是同一人，以名单为准');
    expectNoFaults(story().desk);
  });
};
