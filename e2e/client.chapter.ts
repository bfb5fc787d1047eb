// The clerk finds somebody whose eligibility is not known, fills in what is missing, takes the application, registers and refers.
import { expect, test } from 'vitest';
import {
  type Chapter,
  choose,
  clerk,
  expectNoFaults,
  getClient,
  goByMenu,
  pathOf,
  readRate,
  type Story,
  site,
  tabTo,
  tick,
  town,
} from './story.ts';
import { settle, type Visitor } from './visitor.ts';

interface Preview {
  readonly name: string;
  readonly outcome: string;
  readonly findings: readonly { outcome: string; needs: readonly string[] }[];
}

/** The first in the list who lacks nothing but the hospital's opinion and their own will. */
const findUndecided = async ({ page, context }: Visitor): Promise<{ href: string; preview: Preview }> => {
  const links = await page.getByRole('table').getByRole('link').all();
  for (const link of links) {
    const href = (await link.getAttribute('href')) ?? '';
    const preview: Preview = await (await context.request.get(`/api${href}`)).json();
    const open = preview.findings.filter(({ outcome }) => outcome !== 'met');
    const needs = open.flatMap((finding) => finding.needs);
    const fillable = open.every(({ outcome }) => outcome === 'unknown');
    if (fillable && [...needs].sort().join() === 'clientWilling,medicalOpinion') return { href, preview };
  }
  throw new Error('nobody in the list lacks just these two facts');
};

const fillIn = async ({ page }: Visitor, fact: string, answer: string): Promise<void> => {
  await tick(page.locator('.ant-collapse-panel-active'), answer);
  await page.getByRole('button', { name: '保存并重新筛查' }).click();
  await page.getByRole('button', { name: `补充“${fact}”` }).waitFor({ state: 'detached' });
  await settle(page);
};

const screen = async (story: Story): Promise<void> => {
  const { desk } = story;
  const { page } = desk;
  await desk.signInAs(clerk);
  await desk.look();
  await desk.picture('1-work');
  story.before = await readRate(desk, town.code);
  await goByMenu(desk, '筛查');
  await choose(page, '地区', town.name);
  await page.getByRole('cell', { name: town.name }).first().waitFor();
  await desk.look();
  const { href, preview } = await findUndecided(desk);
  story.client = { person: href.split('/')[2] ?? '', name: preview.name };
  await page.locator(`a[href="${href}"]`).click();
  const verdict = page.locator('.kt-verdict');
  await expect.poll(() => verdict.textContent()).toContain('情况不清');
  await desk.look();
  await desk.picture('3-screening');
  await fillIn(desk, '医疗机构意见', '适合社区康复');
  await fillIn(desk, '本人愿意接受社区康复', '是');
  await expect.poll(() => verdict.textContent()).toMatch(/结论\s*符合条件/);
  await page.getByRole('button', { name: '登记筛查结果' }).click();
  await page.getByRole('link', { name: '登记申请' }).waitFor();
  await desk.look();
};

/** By keyboard alone. */
const apply = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await page.getByRole('link', { name: '登记申请' }).click();
  await page.getByRole('heading', { level: 1, name: '录入申请' }).waitFor();
  await settle(page);
  const { keyboard } = page;
  await tabTo(page, page.getByRole('textbox', { name: '申请人' }));
  await keyboard.type('申请本人');
  await tabTo(page, page.getByRole('textbox', { name: '联系电话' }));
  await keyboard.type('19900001234');
  await tabTo(page, page.getByRole('textbox', { name: '康复需求' }));
  await keyboard.type('希望学会自己做饭、坐公交');
  await tabTo(
    page,
    page.getByRole('radiogroup', { name: '本人意愿' }).getByRole('radio', { name: '愿意', exact: true }),
  );
  await keyboard.press('Space');
  await desk.look();
  await tabTo(page, page.getByRole('button', { name: '录入申请' }));
  await keyboard.press('Enter');
  await page.waitForURL(/\/applications\/[0-9a-f-]{36}$/);
  await desk.look();
};

const registerAndRefer = async (story: Story): Promise<void> => {
  const { desk } = story;
  const { page } = desk;
  await page.getByRole('button', { name: '审核', exact: true }).click();
  await page.getByRole('link', { name: '下一步：转介' }).click();
  await page.getByRole('heading', { level: 1, name: `转介：${getClient(story).name}` }).waitFor();
  await settle(page);
  await tick(page, site);
  await page.getByRole('textbox', { name: '康复建议' }).fill('从生活技能训练开始');
  await desk.look();
  await page.getByRole('button', { name: '发出转介' }).click();
  await page.waitForURL(/\/referrals\/[0-9a-f-]{36}$/);
  await settle(page);
  story.referral = pathOf(page);
  expect(await page.locator('#main').textContent()).toContain('待接收');
  await desk.look();
};

export const clientChapter: Chapter = (story) => {
  test('the clerk screens somebody who was not clear, and fills in what is missing', async () => {
    await screen(story());
    expectNoFaults(story().desk);
  });
  test('the clerk takes the application by keyboard alone', async () => {
    await apply(story());
    expectNoFaults(story().desk);
  });
  test('the clerk registers and refers to the site', async () => {
    await registerAndRefer(story());
    expectNoFaults(story().desk);
  });
};
