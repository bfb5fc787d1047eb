// On the site worker's phone: accepting the person, the session that may not be held yet, the four papers, a group's roll-call.
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Chapter, choose, expectNoFaults, getClient, pathOf, type Story, site, tick } from './story.ts';
import { settle } from './visitor.ts';

const accept = async ({ phone, referral }: Story): Promise<void> => {
  const { page } = phone;
  await phone.signInAs(site);
  await phone.look();
  await page.getByRole('button', { name: '打开菜单' }).click();
  await page.getByRole('link', { name: '转介收件箱' }).click();
  await page.getByRole('heading', { level: 1, name: '转介收件箱' }).waitFor();
  await phone.look();
  await page.locator(`a[href="${referral}"]`).click();
  await page.waitForURL(`**${referral}`);
  await phone.look();
  await page.getByRole('button', { name: '接收', exact: true }).click();
  await page.getByText('下一步：签署知情同意书和服务协议').waitFor();
  await phone.look();
};

/** The page does not offer them; who sends it nevertheless is refused. */
const meetRefusal = async (story: Story): Promise<void> => {
  const { phone } = story;
  const { page, context } = phone;
  const { person } = getClient(story);
  await phone.open('/sessions/new');
  await page.getByText(/^其他人员/).click();
  const row = page.locator('.kt-person[data-mark="hindered"]').filter({ has: page.locator(`a[href*="${person}"]`) });
  await row.scrollIntoViewIfNeeded();
  expect(await row.textContent()).toMatch(/缺知情同意书、服务协议.*BZ-14/);
  await phone.look();
  const me = await (await context.request.get('/api/me')).json();
  const reply = await context.request.post('/api/sessions', {
    headers: { origin: new URL(page.url()).origin },
    data: {
      id: crypto.randomUUID().replace(/^(.{14})4/, '$17'),
      on: me.clock.today,
      organisation: me.organisation.id,
      kind: 'individual',
      domain: 'lifeSkills',
      standardized: true,
      startAt: '09:00',
      minutes: 30,
      leader: me.user.name,
      persons: [person],
      absent: [],
    },
  });
  expect(await reply.json()).toMatchObject({ code: 'papersMissing', cites: expect.arrayContaining(['BZ-14']) });
  await row.getByRole('link').click();
  await page.waitForURL(`**/persons/${person}/papers`);
};

const next = async ({ phone }: Story, action: string): Promise<void> => {
  const { page } = phone;
  await page.getByRole('link', { name: action, exact: true }).click();
  await settle(page);
};

const signPapers = async (story: Story): Promise<void> => {
  const { phone } = story;
  const { page } = phone;
  await phone.look();
  await next(story, '签署知情同意书');
  for (const words of ['接受社区康复的评估', '建立并使用', '为我服务的康复机构']) await tick(page, words);
  await tick(page, /^本人$/);
  await page.getByRole('textbox', { name: '签署人姓名' }).fill('本人');
  await phone.look();
  await page.getByRole('button', { name: '登记已签署' }).click();
  await next(story, '签订服务协议');
  await tick(page, '生活技能训练');
  await page.getByRole('spinbutton', { name: '每月服务次数' }).fill('4');
  await tick(page, /^本人$/);
  await page.getByRole('textbox', { name: '签署人姓名' }).fill('本人');
  await phone.look();
  await page.getByRole('button', { name: '登记已签订' }).click();
};

const assessAndPlan = async (story: Story): Promise<void> => {
  const { phone } = story;
  const { page } = phone;
  await next(story, '登记基线评估');
  await page.getByRole('combobox', { name: '评估人' }).click();
  await page.locator('.ant-select-dropdown .ant-select-item-option').first().click();
  const items = page.locator('details[open] fieldset.kt-item');
  for (const item of await items.all()) await item.getByRole('radio').nth(1).check();
  await choose(page, '危险性评估', '0级：没有以下行为');
  await phone.look();
  await page.getByRole('button', { name: '保存评估' }).click();
  await next(story, '制定康复计划');
  await page.locator('.kt-templates button').first().click();
  await page.getByRole('textbox', { name: '复核日期' }).fill('2025-02-14');
  await page.keyboard.press('Tab');
  await tick(page, '本人和监护人同意这份计划');
  await phone.look();
  await page.getByRole('button', { name: '保存计划' }).click();
  await page.getByText('四步已齐，可以提供服务').waitFor();
  await phone.look();
};

/** Twelve of the group that is likeliest to meet, or of it and others; answers with the number of taps since the page was opened. */
const callRoll = async ({ phone }: Story): Promise<number> => {
  const { page } = phone;
  let taps = 0;
  const touch = async (target: Locator) => {
    taps += 1;
    await target.tap();
  };
  const present = page.locator('.kt-person[data-mark="present"]');
  const usual = await present.count();
  expect(usual).toBeGreaterThan(0);
  for (let more = usual; more > 12; more--) await touch(present.first());
  if (usual < 12) await touch(page.locator('.kt-others > summary'));
  for (let more = usual; more < 12; more++)
    await touch(page.locator('.kt-others .kt-person[data-mark="none"]').first());
  await page.getByText('到场 12 人').waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await phone.picture('6-roll-call');
  await touch(page.getByRole('button', { name: '保存' }));
  await page.getByRole('status').filter({ hasText: '已登记：到场 12 人' }).waitFor();
  return taps;
};

export const siteChapter: Chapter = (story) => {
  test('the site accepts on a phone', async () => {
    await accept(story());
    expectNoFaults(story().phone);
  });
  test('a session before consent and agreement is refused, and the refusal leads to the papers', async () => {
    await meetRefusal(story());
    await story().phone.picture('5-papers');
    expectNoFaults(story().phone);
  });
  test('consent, agreement, baseline and plan are recorded on a phone', async () => {
    await signPapers(story());
    await assessAndPlan(story());
    expectNoFaults(story().phone);
  });
  test('a group session of 12 takes at most six taps', async () => {
    const { phone } = story();
    await phone.open('/sessions/new');
    await phone.look();
    expect(await callRoll(story())).toBeLessThanOrEqual(6);
    await phone.look();
    await phone.page.getByRole('link', { name: '查看这次服务' }).click();
    await phone.page.waitForURL(/\/sessions\/[0-9a-f-]{36}/);
    await phone.look();
    expect(pathOf(phone.page)).toMatch(/^\/sessions\//);
    expectNoFaults(phone);
  });
};
