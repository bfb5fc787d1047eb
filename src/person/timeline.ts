// One line of a timeline in words: what an entry says beyond its type, without diagnosis and free text.
import { domainNames, type OtherService, otherServiceNames } from '../care/session.ts';
import { isVoidType } from '../kernel/entry.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { type FieldClass, notForOffice } from './field-class.ts';
import { outcomeNames } from './screening.ts';

type Body = Readonly<Record<string, unknown>>;
/** What an entry says, as far as the reader's office reads it. */
type Words = (body: Body, reads: ReadonlySet<FieldClass>) => string;

const decisions: Readonly<Record<string, string>> = {
  registered: '予以登记',
  returned: '退回补充',
  refused: '不予登记',
};
const routes: Readonly<Record<string, string>> = {
  self: '本人申请',
  guardian: '监护人申请',
  hospital: '医疗机构建议',
  other: '他人代为申请',
};
const methods: Readonly<Record<string, string>> = { home: '上门', phone: '电话', office: '来访' };
const kinds: Readonly<Record<string, string>> = { baseline: '基线评估', process: '过程评估', transferOut: '转出评估' };
const discharges: Readonly<Record<string, string>> = {
  job: '就业',
  shelteredJob: '辅助性就业',
  otherCommunityService: '转其他社区服务',
  returnedHome: '回归家庭',
  hospitalised: '住院',
  voluntary: '自愿退出',
};
const reasons: Readonly<Record<string, string>> = {
  relapse: '病情复发',
  hospital: '住院',
  family: '家庭原因',
  other: '其他原因',
  moved: '迁出',
  died: '死亡',
  closed: '结案',
  declined: '不愿参加',
};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const word = (names: Readonly<Record<string, string>>, value: unknown): string => names[text(value)] ?? '';

const sessionWords = (body: Body): string =>
  [
    domainNames[body.domain as keyof typeof domainNames] ?? '',
    `${text(body.startAt)} 起 ${String(body.minutes)} 分钟`,
    otherServiceNames[body.service as OtherService] ?? (body.standardized === false ? '非规范服务' : ''),
  ]
    .filter(Boolean)
    .join('，');

/** What a list said beyond facts: where treated, what aid. Medication and remarks are read in the entry itself, not in a line. */
const listWords: Words = (body, reads) => {
  const { hospital, aid } = (body.extras ?? {}) as { hospital?: string; aid?: string[] };
  const { county } = (body.movedFrom ?? {}) as { county?: string };
  return [
    county && `由${fullNameOfDivision(county)}推送`,
    hospital && reads.has('diagnosis') && `就诊：${hospital}`,
    aid?.length && reads.has('benefit') && `救助：${aid.join('、')}`,
  ]
    .filter(Boolean)
    .join('；');
};

const bases: Readonly<Record<string, string>> = {
  purposeAchieved: '处理目的已实现',
  retentionOver: '保存期限已满',
  consentWithdrawn: '本人或监护人撤回同意',
  unlawful: '不应当收集、处理',
  asked: '本人或监护人要求',
  serviceAgain: '重新提供服务',
  legalDuty: '依法履行职责需要',
  mistake: '封存有误',
};

const words: Readonly<Record<string, Words>> = {
  'visit.record': (body) =>
    `${word(methods, body.method)}${(body.met as string[] | undefined)?.includes('none') ? '，没有见到人' : ''}`,
  'screening.record': (body) => word(outcomeNames, body.outcome),
  'application.submit': (body) => word(routes, body.route),
  'application.review': (body) => word(decisions, body.decision),
  'assessment.record': (body) => word(kinds, body.kind),
  'recommendation.record': (body, reads) => {
    if (!reads.has('diagnosis')) return notForOffice;
    return body.fit === true ? '认为适合社区康复' : '认为不适合社区康复';
  },
  'session.record': sessionWords,
  'discharge.record': (body) => word(discharges, body.outcome),
  'service.suspend': (body, reads) => (reads.has('condition') ? word(reasons, body.reason) : ''),
  'file.close': (body) =>
    `${word(reasons, body.reason)}${body.pushed ? `，档案已推送到${fullNameOfDivision(text(body.division))}` : ''}`,
  'opening.request': (body) => `理由：${text(body.reason)}`,
  'opening.end': (body) => `原因：${text(body.reason)}`,
  'person.reveal': (body) => `用途：${text(body.purpose)}`,
  'person.list': listWords,
  'person.update': listWords,
  'person.withhold': (body) => word(bases, body.basis),
  'person.release': (body) => word(bases, body.basis),
  'person.erase': (body) => word(bases, body.basis),
  'person.link': (body) => text(body.reason),
  'person.unlink': (body) => text(body.reason),
};

/** `correct` entries read like what they correct; `void` entries say why. Null where the type says it all. */
export const describeEntry = (type: string, body: unknown, reads: ReadonlySet<FieldClass>): string | null => {
  const said = (body ?? {}) as Body;
  if (isVoidType(type)) return `原因：${text(said.reason)}`;
  return words[type.replace(/\.correct$/, '.record')]?.(said, reads) || null;
};
