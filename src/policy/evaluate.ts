// How each test of a criterion reads the facts: met, unmet or unknown, in words for the person at the screen.
import { addMonths, ageOn, type Day } from '../kernel/calendar.ts';
import { allOf, anyOf, type Condition, type TestName, type TestParams, type Verdict, whenGiven } from './criterion.ts';
import { type FactKey, type FactSources, type Facts, factNames, type LivesAt, type Stability } from './facts.ts';

/** What a person's facts are tested against: the day, and where the facts come from. */
export interface Asked {
  readonly facts: Facts;
  readonly on: Day;
  readonly sources: FactSources;
}

export const livesAtNames: Readonly<Record<LivesAt, string>> = {
  home: '住在家中',
  hospital: '住院',
  institution: '住在机构',
  elsewhere: '住在别处',
};
export const stabilityNames: Readonly<Record<Stability, string>> = {
  stable: '稳定',
  basicallyStable: '基本稳定',
  unstable: '不稳定',
};
const categoryNames = ['', '视力', '听力', '言语', '肢体', '智力', '精神', '多重'];
const gradeNames = ['', '一级', '二级', '三级', '四级'];

type Test<Name extends TestName> = (asked: Asked, params: TestParams[Name]) => Verdict;

const unknown = (key: FactKey, because = `尚不知道：${factNames[key]}`): Verdict => ({
  outcome: 'unknown',
  because,
  needs: [key],
});

/** A verdict on a known fact. `on` is the fact's own date where it has one, else the date of its source. */
function known(asked: Asked, key: FactKey, met: boolean, because: string, of: { value: unknown; on?: Day }): Verdict {
  const { on: sourceOn, source } = asked.sources[key] ?? {};
  const on = of.on ?? sourceOn;
  const origin = [...(on ? [on] : []), ...(source ? [`来源：${source}`] : [])].join('，');
  return {
    outcome: met ? 'met' : 'unmet',
    because: origin ? `${because}（${origin}）` : because,
    fact: { key, value: of.value, ...(on ? { on } : {}), ...(source ? { source } : {}) },
  };
}

/** A yes-or-no fact, with the words for yes and for no; `wanted` is the answer that meets the criterion. */
const yesNo =
  (
    key:
      | 'needsRehabilitation'
      | 'selfCaring'
      | 'severe'
      | 'majorPhysicalIllness'
      | 'infectiousDisease'
      | 'clientWilling'
      | 'guardianWilling',
    words: readonly [yes: string, no: string],
    wanted = true,
  ) =>
  (asked: Asked): Verdict => {
    const value = asked.facts[key];
    if (value === undefined) return unknown(key);
    return known(asked, key, value === wanted, words[value ? 0 : 1], { value });
  };

const riskAtMost: Test<'riskAtMost'> = (asked, { level, withinMonths, reading }) => {
  const { risk } = asked.facts;
  if (risk === undefined) return unknown('risk');
  const past = risk
    .filter(({ on }) => on <= asked.on)
    .sort((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : b.level - a.level));
  const newest = past[0];
  if (newest === undefined) return unknown('risk', '没有危险性评估记录');
  // "The last six months" looks back from the day asked, the day itself six months ago included.
  const since = withinMonths === undefined ? '' : addMonths(asked.on, -withinMonths);
  const window = past.filter(({ on }) => on >= since);
  if (window.length === 0)
    return unknown('risk', `最近一次危险性评估在 ${newest.on}，已超过 ${withinMonths} 个月，需重新评估`);
  const read = reading === 'latest' ? newest : window.reduce((worst, one) => (one.level > worst.level ? one : worst));
  const met = read.level <= level;
  return known(asked, 'risk', met, `总危险度 ${read.level} 级，${met ? '不高于' : '高于'} ${level} 级`, {
    value: read,
    on: read.on,
  });
};

const ageBetween: Test<'ageBetween'> = (asked, { from, to }) => {
  const { birthDate } = asked.facts;
  if (birthDate === undefined) return unknown('birthDate');
  if (birthDate > asked.on) return unknown('birthDate', `出生日期 ${birthDate} 晚于筛查日，需核对`);
  const age = ageOn(birthDate, asked.on);
  const met = age >= from && age <= to;
  const because = `${birthDate} 出生，${asked.on} 为 ${age} 周岁，${met ? '在' : '不在'} ${from}—${to} 周岁之内`;
  return known(asked, 'birthDate', met, because, { value: birthDate });
};

const describeCertificate = (certificate: NonNullable<Facts['certificate']>): string =>
  `${categoryNames[certificate.category]}残疾${gradeNames[certificate.grade]}`;

const hasCertificate: Test<'hasCertificate'> = (asked, { categories }) => {
  const { certificate } = asked.facts;
  if (certificate === undefined) return unknown('certificate');
  if (certificate === null) return known(asked, 'certificate', false, '没有残疾人证', { value: null });
  const met = categories === undefined || categories.includes(certificate.category);
  const because = met
    ? `持残疾人证，${describeCertificate(certificate)}`
    : `残疾人证类别为${categoryNames[certificate.category]}，不是${categories?.map((c) => categoryNames[c]).join('、')}`;
  return known(asked, 'certificate', met, because, { value: certificate });
};

const gradeIn: Test<'gradeIn'> = (asked, { grades }) => {
  const { certificate } = asked.facts;
  if (certificate === undefined) return unknown('certificate');
  if (certificate === null) return known(asked, 'certificate', false, '没有残疾人证，无残疾等级', { value: null });
  const met = grades.includes(certificate.grade);
  const because = `${describeCertificate(certificate)}，${met ? '在' : '不在'}${grades.map((g) => gradeNames[g]).join('、')}之列`;
  return known(asked, 'certificate', met, because, { value: certificate });
};

/** A county's or city's six digits without the zeros that say "no part of it": 511900 → 5119. */
const trimDivision = (code: string): string => (code.length === 6 ? code.replace(/(00){1,2}$/, '') : code);

const residentOf: Test<'residentOf'> = (asked, { area, kind }) => {
  const key = kind === 'household' ? 'householdDivision' : 'residenceDivision';
  const code = asked.facts[key];
  if (code === undefined) return unknown(key);
  const division = trimDivision(code);
  const wanted = trimDivision(area);
  if (division.length < wanted.length && wanted.startsWith(division))
    return unknown(key, `${factNames[key]}只知道到 ${code}，需写到 ${area} 一级`);
  const met = division.startsWith(wanted);
  return known(asked, key, met, `${factNames[key]}为 ${code}，${met ? '属于' : '不属于'} ${area}`, { value: code });
};

const livesAt: Test<'livesAt'> = (asked, { places }) => {
  const value = asked.facts.livesAt;
  if (value === undefined) return unknown('livesAt');
  return known(asked, 'livesAt', places.includes(value), `现${livesAtNames[value]}`, { value });
};

const stable: Test<'stable'> = (asked, { classes }) => {
  const value = asked.facts.stability;
  if (value === undefined) return unknown('stability');
  return known(asked, 'stability', classes.includes(value), `病情${stabilityNames[value]}`, { value });
};

const clientWilling = yesNo('clientWilling', ['本人愿意接受社区康复', '本人不愿意接受社区康复']);
const guardianWilling = yesNo('guardianWilling', ['监护人同意社区康复', '监护人不同意社区康复']);

const willing: Test<'willing'> = (asked, { by }) => {
  const verdicts = by.map((who) => (who === 'client' ? clientWilling(asked) : guardianWilling(asked)));
  const [only, ...others] = verdicts;
  return only !== undefined && others.length === 0 ? only : allOf(verdicts);
};

const judgedFit: Test<'judgedFit'> = (asked, { withinMonths }) => {
  const opinion = asked.facts.medicalOpinion;
  if (opinion === undefined || opinion.on > asked.on) return unknown('medicalOpinion');
  if (withinMonths !== undefined && opinion.on < addMonths(asked.on, -withinMonths))
    return unknown('medicalOpinion', `医疗机构意见出于 ${opinion.on}，已超过 ${withinMonths} 个月，需重新评估`);
  const because = opinion.fit ? '医疗机构评估认为适合社区康复' : '医疗机构评估认为不适合社区康复';
  return known(asked, 'medicalOpinion', opinion.fit, because, { value: opinion, on: opinion.on });
};

const hasDiagnosis: Test<'hasDiagnosis'> = (asked) => {
  const { diagnosis } = asked.facts;
  if (diagnosis === undefined) return unknown('diagnosis');
  if (diagnosis === null) return known(asked, 'diagnosis', false, '没有疾病诊断', { value: null });
  if (diagnosis.on !== undefined && diagnosis.on > asked.on)
    return unknown('diagnosis', `疾病诊断日期 ${diagnosis.on} 晚于筛查日，需核对`);
  const dated = diagnosis.on === undefined ? {} : { on: diagnosis.on };
  return known(asked, 'diagnosis', true, '有疾病诊断', { value: diagnosis, ...dated });
};

const remission: Test<'remission'> = (asked) => {
  const value = asked.facts.remission;
  if (value === undefined) return unknown('remission');
  return known(asked, 'remission', value === 'basic', value === 'basic' ? '精神症状基本缓解' : '精神症状尚未缓解', {
    value,
  });
};

const hasGuardian: Test<'hasGuardian'> = (asked) => {
  const { guardian } = asked.facts;
  if (guardian === undefined) return unknown('guardian');
  // The guardian's name stays out of findings: they are shown and kept more widely than names may be.
  const value = guardian === null ? null : { relation: guardian.relation };
  return known(asked, 'guardian', guardian !== null, guardian === null ? '没有监护人' : '有监护人', { value });
};

const tests: { readonly [Name in TestName]: Test<Name> } = {
  riskAtMost,
  ageBetween,
  hasCertificate,
  gradeIn,
  residentOf,
  livesAt,
  stable,
  willing,
  judgedFit,
  needsRehabilitation: yesNo('needsRehabilitation', ['有康复需求', '没有康复需求']),
  selfCaring: yesNo('selfCaring', ['生活能够自理', '生活不能自理']),
  hasDiagnosis,
  severe: yesNo('severe', ['属于严重精神障碍', '不属于严重精神障碍']),
  remission,
  noMajorPhysicalIllness: yesNo('majorPhysicalIllness', ['有重大躯体疾病', '没有重大躯体疾病'], false),
  noInfectiousDisease: yesNo('infectiousDisease', ['有传染性疾病', '没有传染性疾病'], false),
  hasGuardian,
};

function runTest<Name extends TestName>(name: Name, asked: Asked, condition: Condition): Verdict {
  const params = (condition as Partial<TestParams>)[name];
  if (params === undefined) throw new TypeError(`condition without ${name}`);
  return tests[name](asked, params);
}

/** Answers a condition for the facts as known on the day asked. */
export function evaluate(asked: Asked, condition: Condition): Verdict {
  const { all, any, when } = condition;
  if (all) return allOf(all.map((part) => evaluate(asked, part)));
  if (any) return anyOf(any.map((part) => evaluate(asked, part)));
  if (when) {
    const otherwise = when.otherwise && evaluate(asked, when.otherwise);
    return whenGiven(evaluate(asked, when.if), evaluate(asked, when.require), otherwise);
  }
  const name = (Object.keys(tests) as TestName[]).find((key) => condition[key] !== undefined);
  if (name === undefined) throw new TypeError('a condition without a test is caught by its schema');
  return runTest(name, asked, condition);
}
