// docs/access.md, made from the contract and the roles: who may perform which operation, and how far each role sees.
import { readFileSync } from 'node:fs';
import type { AnyContractProcedure } from '@orpc/contract';
import { type Reach, Role, reachOf } from '../kernel/access.ts';
import type { OperationMeta } from '../kernel/contract.ts';
import { metaOf } from '../kernel/perform.ts';
import type { AccessPart } from '../network/sign-in-rules.api.ts';
import { FieldClass, fieldClassNames, readsOfDesk } from '../person/field-class.ts';
import { openingHours } from '../person/opening.ts';
import type { Contract } from './contract.ts';

/** One row of the table: an operation with its route below /api. */
export interface AccessRow {
  readonly part: keyof Contract;
  readonly operation: AnyContractProcedure;
  readonly meta: OperationMeta;
  readonly summary: string;
  readonly method: string;
  /** As the contract has it: `/persons/{person}`. */
  readonly path: string;
}

const isOperation = (node: object): node is AnyContractProcedure => '~orpc' in node;

/** Every operation of the contract, in its order. */
export const accessRows = (contract: Contract): AccessRow[] =>
  (Object.entries(contract) as [keyof Contract, object][]).flatMap(([part, operations]) =>
    Object.values(operations as Record<string, object>)
      .filter(isOperation)
      .map((operation) => {
        const { method = '', path = '', summary = '' } = operation['~orpc'].route;
        return { part, operation, meta: metaOf(operation), summary, method, path };
      }),
  );

/** The roles that a signed-in person can have. The product itself (`machine`) never asks over HTTP. */
export const humanRoles = Role.options.filter((role) => role !== 'machine');

const slices = {
  person: '人员与摸底',
  referral: '申请与转介',
  assessment: '评估',
  care: '服务',
  safety: '安全',
  funding: '资金与结算',
  network: '机构、人员与账号',
  governance: '组织、会议、任务与活动',
  reporting: '指标、报告与待办',
  policy: '政策条款',
  oversight: '监督',
} as const;

const sliceOfPart: Readonly<Record<keyof Contract, keyof typeof slices>> = {
  person: 'person',
  closure: 'person',
  opening: 'person',
  census: 'person',
  fact: 'person',
  link: 'person',
  screening: 'person',
  visit: 'person',
  application: 'referral',
  recommendation: 'referral',
  referral: 'referral',
  risk: 'safety',
  instrument: 'assessment',
  team: 'assessment',
  assessment: 'assessment',
  papers: 'care',
  consent: 'care',
  agreement: 'care',
  plan: 'care',
  session: 'care',
  discharge: 'care',
  service: 'care',
  file: 'care',
  milestone: 'governance',
  dutyRecord: 'governance',
  settlement: 'funding',
  organisation: 'network',
  staff: 'network',
  hazard: 'network',
  siteCheck: 'network',
  siteDocument: 'network',
  account: 'network',
  signInRules: 'network',
  access: 'network',
  body: 'governance',
  member: 'governance',
  meeting: 'governance',
  task: 'governance',
  activity: 'governance',
  exchange: 'governance',
  exchangeList: 'governance',
  sweep: 'governance',
  sweepCover: 'governance',
  duty: 'reporting',
  evidence: 'reporting',
  indicator: 'reporting',
  report: 'reporting',
  worklist: 'reporting',
  policy: 'policy',
  audit: 'oversight',
  export: 'oversight',
};

const reachNames: Readonly<Record<Reach, { readonly cell: string; readonly long: string }>> = {
  area: { cell: '辖区', long: '管辖范围内的全部人员' },
  organisation: { cell: '本机构', long: '本机构正在服务的人员；已收到转介、尚未接收的，只看得到转介单上的最少内容' },
  figures: { cell: '汇总', long: '只有汇总数字；写明理由临时查阅期间，可见所查阅的一人' },
  none: { cell: '不见人', long: '看不到任何人员' },
};

/** What is served beside the contract; a test compares the list with the server's own routes. */
export const otherRoutes: readonly { readonly route: string; readonly who: string; readonly what: string }[] = [
  { route: 'POST /api/auth/sign-in/username', who: '任何人', what: '登录' },
  { route: 'POST /api/auth/sign-out', who: '任何人', what: '退出登录' },
  { route: 'GET /api/auth/ways', who: '任何人', what: '可用的登录方式' },
  { route: 'POST /api/auth/begin/identityServer', who: '任何人', what: '转到统一身份认证登录' },
  { route: 'GET /api/auth/callback/identityServer', who: '任何人', what: '从统一身份认证返回并登录' },
  { route: 'GET /api/me', who: '已登录的人', what: '本人的账号、角色和管辖范围' },
  { route: 'POST /api/auth/password', who: '已登录的人', what: '修改本人密码' },
  { route: 'POST /api/auth/second-factor/propose', who: '已登录的人', what: '取得本人动态验证码的密钥' },
  { route: 'POST /api/auth/second-factor/confirm', who: '已登录的人', what: '启用本人的动态验证码，取得恢复码' },
  { route: 'POST /api/auth/second-factor/give', who: '已登录的人', what: '登录后填写动态验证码' },
  { route: 'GET /api/auth/sessions', who: '已登录的人', what: '本人在各处的登录' },
  { route: 'POST /api/auth/sessions/end-others', who: '已登录的人', what: '退出本人在其他地方的登录' },
  { route: 'POST /api/auth/active', who: '已登录的人', what: '表示本人仍在操作' },
  { route: 'GET /api/jobs/:id', who: '发起这项任务的人', what: '后台任务的进度' },
  { route: 'GET /api/jobs/:id/events', who: '发起这项任务的人', what: '后台任务的进度（持续更新）' },
  { route: 'GET /api/openapi.json', who: '任何人', what: '接口说明，不含数据' },
  { route: 'GET /api/demo/accounts', who: '仅演示环境，且仅本机', what: '演示账号一览' },
  { route: 'POST /api/demo/sign-in', who: '仅演示环境，且仅本机', what: '以演示账号登录' },
];

const personalFields = {
  name: '姓名',
  idNumber: '证件号码',
  phone: '电话',
  address: '住址',
  guardian: '监护人姓名和电话',
} as const;
export type PersonalField = keyof typeof personalFields;

interface Shown {
  readonly fields: readonly PersonalField[];
  readonly why: string;
}
const all = ['name', 'idNumber', 'phone', 'address', 'guardian'] as const;

/** The operations that show personal data in full to who sees the person in full, by name; the access matrix measures them. */
export const shownInFull: Readonly<Record<string, Shown>> = {
  'person.reveal': { fields: all, why: '须写明用途，并留下记录' },
  'ledger.export': { fields: all, why: '须写明用途，并留下记录' },
  'exchange.download': { fields: all, why: '部门间每月交换数据，只含双方均可读的字段；须写明用途，并留下记录' },
  'application.contact': { fields: ['name', 'guardian'], why: '联系申请人；须写明用途，并留下记录' },
  'risk.contact': {
    fields: ['name', 'phone', 'address', 'guardian'],
    why: '公安联系三级及以上人员；须写明用途，并留下记录',
  },
  'census.review': { fields: ['name', 'address'], why: '核对名单上的人与档案中的人是否同一人' },
  'session.roster': { fields: ['name'], why: '站点按姓名点名' },
  'session.get': { fields: ['name'], why: '站点核对到场人员' },
  'session.record': { fields: ['name'], why: '提示哪一位不能登记' },
  'session.correct': { fields: ['name'], why: '提示哪一位不能登记' },
};

/** The same role, with the scope of a county or of a city. */
const inCounty = (role: Role): Reach => reachOf({ role, scope: '511902' });
const inCity = (role: Role): Reach => reachOf({ role, scope: '5119' });

const cityNames = { figures: '汇总', opened: '临时查阅', noPerson: '可' } as const;
/** What a city's office may do, where one of its roles may do it at all. */
const cityCell = (meta: OperationMeta): string =>
  meta.city !== null && humanRoles.some((role) => inCity(role) === 'figures' && mayPerform(meta, role))
    ? cityNames[meta.city]
    : '';

/** The words of the screens, read as data: the server imports nothing of theirs. */
const roleNames = (
  JSON.parse(readFileSync(new URL('../web/locale/zh-CN/frame.json', import.meta.url), 'utf8')) as {
    roles: Record<Role, string>;
  }
).roles;
const nameOf = (role: Role): string => roleNames[role];

const mayPerform = ({ roles }: OperationMeta, role: Role): boolean =>
  roles === 'anyone' || roles === 'signedIn' || roles.includes(role);

const tableOf = (rows: readonly AccessRow[]): string[] => [
  `| 操作 | 接口 | ${humanRoles.map(nameOf).join(' | ')} | 市级及以上 | 未登录 |`,
  `|---|---|${'---|'.repeat(humanRoles.length)}---|---|`,
  ...rows.map(({ meta, summary, method, path }) => {
    const cells = humanRoles.map((role) => (mayPerform(meta, role) ? reachNames[inCounty(role)].cell : ''));
    const visitor = meta.roles === 'anyone' ? '可' : '';
    return `| ${summary} | \`${meta.name}\` ${method} ${path} | ${cells.join(' | ')} | ${cityCell(meta)} | ${visitor} |`;
  }),
];

const summaryOf = (rows: readonly AccessRow[], name: string): string =>
  rows.find(({ meta }) => meta.name === name)?.summary ?? name;

/** The table as the security administrator reads it on a screen. */
export const accessParts = (contract: Contract): AccessPart[] => {
  const rows = accessRows(contract);
  return (Object.keys(slices) as (keyof typeof slices)[]).map((slice) => ({
    name: slices[slice],
    rows: rows
      .filter(({ part }) => sliceOfPart[part] === slice)
      .map(({ meta, summary }) => ({
        operation: meta.name,
        summary,
        roles: humanRoles.filter((role) => mayPerform(meta, role)),
        anyone: meta.roles === 'anyone',
      })),
  }));
};

/** The whole page. */
export const accessGuide = (contract: Contract): string => {
  const rows = accessRows(contract);
  const sections = (Object.keys(slices) as (keyof typeof slices)[]).flatMap((slice) => [
    `## ${slices[slice]}`,
    '',
    ...tableOf(rows.filter(({ part }) => sliceOfPart[part] === slice)),
    '',
  ]);
  return `<!-- Made by \`npm run guide\` from the contract and src/kernel/access.ts; do not edit. -->
# 谁可以办什么、看到谁

每次请求过两道关：**角色**是否可以办这项操作（下面各表），**人员**是否在其可见范围内（由数据库的行级安全执行，见下表）。两道都通过，
还要看业务规则此时是否允许。管辖范围按账号设定：全国、市（4 位区划代码）、县（6 位）、乡镇（9 位）。

## 各角色可见的人员

| 角色 | 县（区）及以下 | 市级及以上 |
|---|---|---|
${humanRoles.map((role) => `| ${nameOf(role)} | ${reachNames[inCounty(role)].cell} | ${reachNames[inCity(role)].cell} |`).join('\n')}

${Object.values(reachNames)
  .map(({ cell, long }) => `- **${cell}**：${long}。`)
  .join('\n')}

**临时查阅**（市级及以上）：经办人写明县（区）、姓名、证件号码和理由后，在 ${openingHours.usual} 小时内（最长 ${openingHours.most} 小时；文件没有规定，暂定）可以查看此人的档案，
不能修改、不能导出。县（区）的待办页随即显示谁、何时、为何、到何时，民政部门可以随时提前结束；查阅记入此人的档案和审计（《个人信息保护法》第六条、GB/T 22239-2019 第 8.1.4.2 条）。

## 各单位可见的信息类别

看得到一个人，不等于看得到此人的一切：下表由 src/person/field-class.ts 产生，档案页、走访、筛查和档案记录都按它取舍，不可见的内容不出服务器。
医疗机构、中心、站点只对其服务（医疗机构为辖区内）的人员适用。

| 单位 | ${Object.values(fieldClassNames).join(' | ')} | 依据 |
|---|${'---|'.repeat(FieldClass.options.length)}---|
${Object.entries(readsOfDesk)
  .map(
    ([desk, { classes, because }]) =>
      `| ${desk === 'town' ? '乡镇（街道）民政' : nameOf(desk as Role)} | ${FieldClass.options.map((one) => (classes.includes(one) ? '可见' : '')).join(' | ')} | ${because} |`,
  )
  .join('\n')}

## 怎样读下面的表

每行一项操作，每列一个角色。空格：不可办理，系统答复“您的角色不能进行此操作”。其他三种都可办理，区别在于涉及人员时看得到谁：
“辖区”为管辖范围内的人员，“本机构”为本机构服务的人员，“不见人”为看不到任何人员。
“市级及以上”一列说明市、省和全国的民政、卫生健康、残联账号：“汇总”只有数字，“临时查阅”只对正在临时查阅的人，“可”不涉及人员，空格不可办理。“未登录”一列的“可”：不登录也可办理。
接口路径前均有 \`/api\`。

## 哪里显示完整的个人信息

姓名、证件号码、电话、住址、监护人一律遮盖（张*丰，5119**********1234），以下操作除外，而且除公安的一项外，只对看得到此人完整档案的人：

| 操作 | 显示的信息 | 为什么 |
|---|---|---|
${Object.entries(shownInFull)
  .map(
    ([name, { fields, why }]) =>
      `| ${summaryOf(rows, name)} \`${name}\` | ${fields.map((field) => personalFields[field]).join('、')} | ${why} |`,
  )
  .join('\n')}

${sections.join('\n')}
## 以上操作之外的接口

| 接口 | 谁可以用 | 作用 |
|---|---|---|
${otherRoutes.map(({ route, who, what }) => `| ${route} | ${who} | ${what} |`).join('\n')}
`;
};

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs');
  const { contract } = await import('./contract.ts');
  writeFileSync(new URL('../../docs/access.md', import.meta.url), accessGuide(contract));
}
