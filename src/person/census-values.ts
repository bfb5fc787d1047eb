// Cleans single values as departments write them: days, sex, phone, where somebody lives, stability, risk level, diagnosis.
import { isDay } from '../kernel/calendar.ts';
import { findSerialDay } from '../kernel/sheet-cell.ts';
import type { LivesAt, Sex, Stability } from '../policy/facts.ts';

/** Half-width, no spaces at the ends, inner runs of white space as one space. */
export const plain = (text: string): string =>
  // Most cells hold nothing that would change, and normalising costs more than looking.
  /^[!-~\u4e00-\u9fa5]*$/.test(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
        .replace(/\s+/g, ' ')
        .trim();

/** True for the ways of writing "nothing". */
export const isNothing = (text: string): boolean =>
  /^(?:|无|没有|不详|未知|暂无|空|null|undefined|n\/?a|nan|#n\/a|#ref!|#value!|#name\?|#div\/0!|[-—–/\\.、?]+)$/i.test(
    plain(text),
  );

const dayOf = (year: string, month: string, day: string): string | undefined => {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(text) ? text : undefined;
};

/**
 * A day from 1985.3.7, 1985年3月7日, 1985/03/07, 19850307, 1985-3-7 00:00:00 or a spreadsheet serial number; undefined when it
 * is none or does not exist. A year and month alone are no day.
 */
export const findDay = (text: string, epoch: 1900 | 1904): string | undefined => {
  const value = plain(text)
    .replace(/号/g, '日')
    .replace(/(?:T| ).*\d:\d.*$/, '')
    .replace(/ /g, '');
  const parts = /^(\d{4})(?:[-./年、,](\d{1,2})(?:[-./月、,](\d{1,2})日?\.?)|(\d{2})(\d{2}))$/.exec(value);
  if (parts) return dayOf(parts[1] ?? '', parts[2] ?? parts[4] ?? '', parts[3] ?? parts[5] ?? '');
  if (/^\d{5}(?:\.\d+)?$/.test(value)) return findSerialDay(Number(value), epoch);
  return undefined;
};

/** 'YYYY-MM' when only year and month are given (1985年3月, 1985.03, 198503). */
export const findMonth = (text: string): string | undefined => {
  const parts = /^(\d{4})(?:[-./年](\d{1,2})月?|(0[1-9]|1[0-2]))$/.exec(plain(text).replace(/ /g, ''));
  const month = Number(parts?.[2] ?? parts?.[3] ?? 0);
  return parts && month >= 1 && month <= 12 ? `${parts[1]}-${String(month).padStart(2, '0')}` : undefined;
};

/** GB/T 2261.1 codes (1 male, 2 female), words or letters. */
export const findSex = (text: string): Sex | undefined => {
  const value = plain(text).toLowerCase();
  if (/^(?:1|01|男|男性|m|male|1[.、-]?男)$/.test(value)) return 'male';
  if (/^(?:2|02|女|女性|f|female|2[.、-]?女)$/.test(value)) return 'female';
  return undefined;
};

const isPhone = (text: string): boolean => /^(?:1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7})$/.test(text);

/** The first valid number of a cell that may hold several. */
export const findPhone = (text: string): string | undefined =>
  plain(text)
    .split(/[,、;；/\n，]| (?=\d{7})/)
    .map((part) => part.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, ''))
    .find(isPhone);

export const findLivesAt = (text: string): LivesAt | undefined => {
  const value = plain(text);
  if (/未住院|出院|曾住院|否|^0$|不在院|非住院/.test(value)) return 'home';
  if (/居家|在家|家中|家庭|散居/.test(value)) return 'home';
  if (/住院|在院|医院|^是$/.test(value)) return 'hospital';
  if (/福利院|养老|敬老|托养|机构|供养|救助站/.test(value)) return 'institution';
  if (/外出|务工|外地|失访|走失|流浪|其他/.test(value)) return 'elsewhere';
  return undefined;
};

// Codes of the 2018 follow-up form: 1 unstable, 2 basically stable, 3 stable.
export const findStability = (text: string): Stability | undefined => {
  const value = plain(text);
  if (/^1$|不稳定|不平稳|^否$/.test(value)) return 'unstable';
  if (/^2$|基本稳定|基本平稳|较稳定/.test(value)) return 'basicallyStable';
  if (/^3$|稳定|平稳|^是$/.test(value)) return 'stable';
  return undefined;
};

/** 0–5, also as 3级, 三级, Ⅲ级. */
export const findRiskLevel = (text: string): number | undefined => {
  const value = plain(text).replace(/[()（）]/g, '');
  const digit = /^(?:危险性|风险)?(?:等级|评估)?[::]?\s*([0-5])(?:\.0+)?\s*级?$/.exec(value)?.[1];
  if (digit !== undefined) return Number(digit);
  const word = /^([零〇一二三四五])级?$/.exec(value)?.[1];
  if (word) return '零一二三四五'.indexOf(word === '〇' ? '零' : word);
  const roman = /^(I{1,3}|IV|V)级?$/.exec(value)?.[1];
  return roman ? ['I', 'II', 'III', 'IV', 'V'].indexOf(roman) + 1 : undefined;
};

/** Certificate category digit from digit or word; 6 is mental, 7 multiple. */
export const findCategory = (text: string): number | undefined => {
  const value = plain(text).replace(/残疾|障碍/g, '');
  const digit = /^([1-7])(?:\D|$)/.exec(value)?.[1];
  if (digit) return Number(digit);
  if (/多重|综合|,|、|\+/.test(value)) return 7;
  const at = ['视力', '听力', '言语', '肢体', '智力', '精神'].findIndex((word) => value.includes(word));
  return at < 0 ? undefined : at + 1;
};

export const findGrade = (text: string): number | undefined => {
  const value = plain(text);
  const found = /([一二三四])\s*级|^([一二三四])$/.exec(value);
  const word = found?.[1] ?? found?.[2];
  if (word) return '一二三四'.indexOf(word) + 1;
  const digit = /([1-4])\s*级|^([1-4])(?:\.0+)?$/.exec(value);
  return digit ? Number(digit[1] ?? digit[2]) : undefined;
};

export interface DiagnosisReading {
  /** 1–6 of the management standard of 2018; undefined for any other mental disorder. */
  readonly category?: number;
  /** ICD-10 code, as given or the one that stands for the category. */
  readonly code: string;
  readonly name: string;
}

interface Disorder {
  readonly category?: number;
  readonly code: string;
  readonly name: string;
  readonly words: RegExp;
  readonly icd: RegExp;
}

// ICD-10 and ICD-11 prefixes of the six kinds and of those that places added; order matters: the narrower words first.
const disorders: readonly Disorder[] = [
  { category: 2, code: 'F25', name: '分裂情感性障碍', words: /分裂情感|分裂样情感/, icd: /^(?:F25|6A21)/ },
  { category: 1, code: 'F20', name: '精神分裂症', words: /精神分裂|精分|分裂症/, icd: /^(?:F20|6A20)/ },
  {
    category: 3,
    code: 'F22',
    name: '偏执性精神病',
    words: /偏执性|偏执型精神病|持久的?妄想|妄想性障碍/,
    icd: /^(?:F22|6A24)/,
  },
  { category: 4, code: 'F31', name: '双相情感障碍', words: /双[相向]|躁狂抑郁|躁郁/, icd: /^(?:F31|6A6[01])/ },
  {
    category: 5,
    code: 'F06.8',
    name: '癫痫所致精神障碍',
    words: /癫[痫癎].*精神|癫痫性精神|癫[痫癎]所致/,
    icd: /^(?:F06\.?8|6E6)/,
  },
  {
    category: 6,
    code: 'F79.1',
    name: '精神发育迟滞伴发精神障碍',
    words: /(?:发育迟滞|发育迟缓|智力障碍|智力低下).*精神障碍|精神发育迟[滞缓]/,
    icd: /^(?:F7\d|6A00)/,
  },
  { code: 'F84.0', name: '孤独症', words: /孤独症|自闭症/, icd: /^(?:F84|6A02)/ },
  { code: 'F32', name: '抑郁障碍', words: /抑郁/, icd: /^(?:F3[23]|6A7[01])/ },
  { code: 'F30', name: '躁狂发作', words: /躁狂/, icd: /^F30/ },
];

/** A diagnosis from an ICD code, the name or the number 1–6 of the category; undefined when none of these is recognised. */
export const findDiagnosis = (text: string): DiagnosisReading | undefined => {
  const value = plain(text).toUpperCase();
  const given = /(?:^|[^A-Z0-9])(F\d{2}(?:\.\d{1,3})?|6[AE]\d[0-9A-Z](?:\.[0-9A-Z]{1,2})?)/.exec(value)?.[1];
  const digit = /^([1-6])(?:[.、\s-].*)?$/.exec(value)?.[1];
  const found =
    disorders.find((d) => given !== undefined && d.icd.test(given)) ??
    disorders.find((d) => d.words.test(value)) ??
    disorders.find((d) => digit !== undefined && d.category === Number(digit));
  if (!found) return given ? { code: given, name: value.replace(given, '').trim() || given } : undefined;
  return {
    ...(found.category ? { category: found.category } : {}),
    code: given?.startsWith('F') ? given : found.code,
    name: found.name,
  };
};
