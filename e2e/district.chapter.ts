// Another place, other rules: a town of Qiongshan files its half-monthly table in time, its district sees who was late, and four places judge the same facts.
import { expect, test } from 'vitest';
import { type Chapter, choose, expectNoFaults, goByMenu, type Story, textOf, tick } from './story.ts';
import { settle } from './visitor.ts';

const townOffice = '府城街道民政办';
const district = '琼山区民政局';
const table = '2024年11月上半月进展情况统计表';
/** The one before, which a town has not filed and another filed late. */
const tableBefore = '2024年10月下半月进展情况统计表';

/** Who judges, and by which clause. */
const judges = [
  { place: '巴中市', clause: 'BZ-07' },
  { place: '琼山区', clause: 'QS-05' },
  { place: '阿勒泰地区', clause: 'AL-01' },
  { place: '松阳县', clause: 'SY-01' },
] as const;

const draftTable = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(townOffice);
  const waiting = page.getByRole('listitem').filter({ hasText: table });
  expect(await waiting.textContent()).toMatch(/2024-11-15 12:00 前报送.*还有 1 天/);
  await desk.look();
  await waiting.getByRole('link', { name: table }).click();
  await page.getByRole('button', { name: `起草${table}` }).click();
  await page.waitForURL(/\/reports\/[0-9a-f-]{36}$/);
  await desk.look();
};

/** Whoever is short of six sessions this month, with how many each lacks: as many as the table says. */
const openShort = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  const link = page.getByRole('link', { name: /^本月规范服务次数不足的 \d+ 人/ });
  const count = Number(/\d+/.exec(await textOf(link))?.[0]);
  await link.click();
  await page.getByRole('heading', { level: 1, name: '本月规范服务次数不足' }).waitFor();
  await settle(page);
  expect(
    await page
      .getByRole('row')
      .filter({ hasText: /还差 [1-6] 次/ })
      .count(),
  ).toBe(count);
  await page.getByRole('button', { name: '条款 QS-09' }).waitFor();
  await desk.look();
  await page.goBack();
};

const fileTable = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await page.getByRole('button', { name: '报送', exact: true }).click();
  await page
    .getByRole('tooltip')
    .getByRole('button', { name: /确\s*定/ })
    .click();
  await page.getByText(/^已于 2024-11-14 \d\d:\d\d 报送$/).waitFor();
  await page.getByText('内容与报送时一致。').waitFor();
  await desk.look();
};

const noteMilestone = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await goByMenu(desk, '节点与任务');
  const row = page.getByRole('row').filter({ hasText: '中期总结' });
  expect(await row.textContent()).toContain('逾期 14 天');
  await row.getByRole('button', { name: '登记办结' }).click();
  const asked = page.getByRole('dialog');
  await asked.getByLabel('做了什么、有什么材料').fill('街道会议已总结，材料存民政办。');
  await asked.getByRole('button', { name: '登记办结' }).click();
  await row.getByText('逾期完成').waitFor();
  await row.getByText('中期总结').click();
  await row.getByText('街道会议已总结，材料存民政办。').waitFor();
  await desk.look();
};

const receiveTables = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await desk.signInAs(district);
  await desk.look();
  await goByMenu(desk, '报告报送');
  await page.getByRole('link', { name: '各乡镇（街道）报送汇总' }).click();
  const rowOf = (town: string) => page.getByRole('row').filter({ hasText: town });
  await rowOf('府城街道').getByText('已报送').waitFor();
  await choose(page, '期间', tableBefore);
  await rowOf('甲子镇').getByText('逾期报送').waitFor();
  await rowOf('大坡镇').getByText('逾期未报').waitFor();
  await page.getByText('逾期未报：大坡镇。').waitFor();
  await desk.look();
  await page.getByRole('button', { name: '条款 QS-13' }).click();
  await page.getByRole('tooltip').getByText('琼山区').waitFor();
  await page.keyboard.press('Escape');
  await goByMenu(desk, '政策包');
  await page.getByRole('heading', { name: '琼山区精神障碍社区康复服务实施方案' }).waitFor();
  await desk.look();
};

/** Each place says by its own clauses what it makes of a person at risk level 2 who lives at home. */
const compare = async ({ desk }: Story): Promise<void> => {
  const { page } = desk;
  await goByMenu(desk, '各地条件对照');
  const answer = (question: string, words: string) =>
    tick(page.locator('.ant-form-item').filter({ hasText: question }), words);
  await answer('居住状况', '家中');
  await answer('属于严重精神障碍', '是');
  await answer('危险性评估', '2 级');
  await answer('医疗机构意见', '适合社区康复');
  await answer('有康复需求', '是');
  await page.getByRole('button', { name: '对照', exact: true }).click();
  const outcomes: string[] = [];
  for (const { place, clause } of judges) {
    const told = page.getByRole('region', { name: place });
    outcomes.push(/符合条件|不符合条件|情况不清/.exec(await textOf(told))?.[0] ?? '');
    await told
      .getByRole('button', { name: `条款 ${clause}` })
      .first()
      .waitFor();
  }
  expect(outcomes).toEqual(['不符合条件', '符合条件', '情况不清', '情况不清']);
  await desk.look();
};

export const districtChapter: Chapter = (story) => {
  test('a town sees the table due tomorrow at noon and who is short of six sessions, and files in time', async () => {
    await draftTable(story());
    await openShort(story());
    await fileTable(story());
    expectNoFaults(story().desk);
  });
  test('the town notes a dated step as done', async () => {
    await noteMilestone(story());
    expectNoFaults(story().desk);
  });
  test('its district sees who filed, who was late and who has not, and the policy that asks for it', async () => {
    await receiveTables(story());
    expectNoFaults(story().desk);
  });
  test('four places judge the same facts, each by its own clauses', async () => {
    await compare(story());
    expectNoFaults(story().desk);
  });
};
