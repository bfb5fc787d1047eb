// Anybody applies for somebody, without an account, on a phone; the clerk finds the application on the desk.
import { expect, test } from 'vitest';
import { type Chapter, choose, clerk, expectNoFaults, type Story, textOf, tick, town } from './story.ts';
import { settle } from './visitor.ts';

const applyOnline = async ({ stranger }: Story): Promise<string> => {
  const { page } = stranger;
  await stranger.open('/apply?area=511902');
  await stranger.look();
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.getByText('请核对以下各项').waitFor();
  await stranger.look();
  await page.getByRole('textbox', { name: '姓名' }).fill('虚小满');
  await tick(page, /^女$/);
  await choose(page, '现居住地', `巴州区 ${town.name}`);
  await choose(page, '申请方式', '其他单位或个人协助');
  await page.getByRole('textbox', { name: '申请人' }).fill('邻居虚大伟');
  await page.getByRole('textbox', { name: '联系电话' }).fill('19900005678');
  await tick(page.getByRole('radiogroup', { name: '本人意愿' }), /^愿意$/);
  await tick(page, '我已阅读并同意');
  await stranger.picture('9-apply');
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.getByText('申请已收到').waitFor();
  await stranger.look();
  return /SQ-[\w-]+/.exec(await textOf(page.locator('#main')))?.[0] ?? '';
};

const findOnDesk = async ({ desk }: Story, receipt: string): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(clerk);
  await desk.open('/applications');
  const search = page.getByRole('searchbox');
  await search.fill(receipt);
  await search.press('Enter');
  await settle(page);
  expect(await page.getByRole('row').filter({ hasText: receipt }).count()).toBe(1);
  await desk.look();
};

export const strangerChapter: Chapter = (story) => {
  test('anybody applies for somebody without an account, and the clerk has it on the desk', async () => {
    const receipt = await applyOnline(story());
    expect(receipt).not.toBe('');
    await findOnDesk(story(), receipt);
    expectNoFaults(story().stranger, story().desk);
  });
};
