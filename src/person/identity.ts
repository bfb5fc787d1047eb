// Numbers that name a person: citizen ID (GB 11643-1999), other documents, disability certificate; masked forms. Never says where a person lives.

import { z } from 'zod';
import { isDay } from '../kernel/calendar.ts';
import { isHidden } from '../kernel/keys.ts';
import { CertificateCategory, CertificateGrade, Sex } from '../policy/facts.ts';

export const IdKind = z.enum(['citizen', 'residencePermit', 'foreigner', 'other']);
export type IdKind = z.infer<typeof IdKind>;

/** An ID number as it may be stored: cleaned, check digit verified where the kind has one. */
export const IdDocument = z.object({
  kind: IdKind,
  number: z.string().min(1).max(18),
  birthDate: z.iso.date().optional(),
  sex: Sex.optional(),
});
export type IdDocument = z.infer<typeof IdDocument>;

export const IdProblem = z.enum([
  'empty',
  'masked',
  'precisionLost',
  'length',
  'characters',
  'birthDate',
  'checkDigit',
]);
export type IdProblem = z.infer<typeof IdProblem>;

export type IdReading =
  | { readonly ok: true; readonly document: IdDocument; readonly changes: readonly string[] }
  | { readonly ok: false; readonly problem: IdProblem; readonly reason: string };

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character for the first 17 digits (GB 11643-1999, 4.2: ISO 7064 MOD 11-2). */
export const checkCharacter = (first17: string): string => {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first17[i] ?? Number.NaN), 0);
  return '10X98765432'[sum % 11] ?? '';
};

const dashes = /[-‐‑‒–—―－_]/g;
// Spaces of every kind, zero-width characters, direction marks and the apostrophe that forces text in a spreadsheet.
const invisible = /[\s\u00a0\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff'’‘`]/g;

/** Full-width to half-width, no spaces or invisible characters, upper case. */
export const cleanNumber = (text: string): string => text.normalize('NFKC').replace(invisible, '').toUpperCase();

const dayOf = (digits: string): string | undefined => {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  return isDay(day) && day >= '1880-01-01' ? day : undefined;
};

const no = (problem: IdProblem, reason: string): IdReading => ({ ok: false, problem, reason });

const readCitizen = (number: string, changes: readonly string[]): IdReading => {
  const birthDate = dayOf(number.slice(6, 14));
  if (!birthDate) return no('birthDate', '身份证号中的出生日期不存在');
  if (checkCharacter(number.slice(0, 17)) !== number[17]) return no('checkDigit', '身份证号校验位不符，号码有误');
  const sex: Sex = Number(number[16]) % 2 === 1 ? 'male' : 'female';
  // 81, 82, 83: residence permits of Hong Kong, Macao and Taiwan residents follow the same standard.
  const kind: IdKind = /^8[123]0000/.test(number) ? 'residencePermit' : 'citizen';
  return { ok: true, document: { kind, number, birthDate, sex }, changes };
};

// Foreign permanent residents: 2017 card, 3 letters + 12 digits; 2023 card, 18 characters that begin with 9 (GB 11643 arithmetic).
const readOther = (number: string, changes: readonly string[]): IdReading | undefined => {
  if (/^[A-Z]{3}\d{12}$/.test(number)) return { ok: true, document: { kind: 'foreigner', number }, changes };
  if (/^[HM]\d{8}(?:\d{2})?$/.test(number)) return { ok: true, document: { kind: 'other', number }, changes };
  if (/^[A-Z]{1,2}\d{7,9}$/.test(number)) return { ok: true, document: { kind: 'other', number }, changes };
  return undefined;
};

/**
 * Reads an ID number as people and spreadsheets write it. 15-digit numbers become 18 digits (all of them were issued to people
 * born in the 1900s). An unknown division prefix is no error: it names the place of issue at that time.
 */
export const readIdNumber = (text: string): IdReading => {
  const plain = cleanNumber(text);
  const number = plain.replace(dashes, '');
  const changes = [
    ...(/[\uff10-\uff5a]/.test(text) ? ['全角转半角'] : []),
    ...(text.trim().normalize('NFKC').toUpperCase() !== number ? ['去除空格或符号'] : []),
    ...(/x/.test(text.normalize('NFKC')) ? ['小写 x 转大写'] : []),
  ];
  if (number === '' || /^(?:无|不详|未知|没有|NULL|N\/A|\/|0+)$/.test(number)) return no('empty', '没有证件号码');
  if (/^\d(?:\.\d+)?E\+?\d+$/.test(number)) return no('precisionLost', '号码被表格软件改成了科学计数法，后几位已丢失');
  if (/[*＊●○#]/.test(number) || /X{2,}/.test(number)) return no('masked', '号码已脱敏，无法核验');
  if (/^9\d{16}[\dX]$/.test(number) && checkCharacter(number.slice(0, 17)) === number[17]) {
    const birthDate = dayOf(number.slice(6, 14));
    return { ok: true, document: { kind: 'foreigner', number, ...(birthDate ? { birthDate } : {}) }, changes };
  }
  if (/^\d{17}[\dX]$/.test(number)) return readCitizen(number, changes);
  if (/^\d{15}$/.test(number)) {
    const first17 = `${number.slice(0, 6)}19${number.slice(6)}`;
    return readCitizen(first17 + checkCharacter(first17), [...changes, '15 位转 18 位']);
  }
  const other = readOther(number, changes);
  if (other) return other;
  if (/[^\dX]/.test(number)) return no('characters', '证件号码含有不应出现的字符');
  return no('length', `身份证号应为 18 位，实为 ${number.length} 位`);
};

export const Certificate = z.object({
  /** 20 characters; 22 with the suffix of a replacement card (B1, B2 …). */
  number: z.string().max(22),
  idNumber: z.string().length(18),
  category: CertificateCategory,
  grade: CertificateGrade,
});
export type Certificate = z.infer<typeof Certificate>;

export type CertificateReading =
  | { readonly ok: true; readonly certificate: Certificate; readonly changes: readonly string[] }
  | { readonly ok: false; readonly problem: IdProblem; readonly reason: string };

/** Disability certificate: citizen ID + category digit + grade digit (+ replacement suffix). */
export const readCertificateNumber = (text: string): CertificateReading => {
  const number = cleanNumber(text).replace(dashes, '');
  const changes = text.trim() === number ? [] : ['统一字符写法'];
  if (number === '' || /^(?:无|不详|未办|未办理|没有|\/|0+)$/.test(number))
    return { ok: false, problem: 'empty', reason: '没有残疾人证号' };
  if (/^\d(?:\.\d+)?E\+?\d+$/.test(number))
    return { ok: false, problem: 'precisionLost', reason: '证号被表格软件改成了科学计数法，后几位已丢失' };
  if (/[*＊]/.test(number)) return { ok: false, problem: 'masked', reason: '证号已脱敏，无法核验' };
  const parts = /^(\d{17}[\dX])([1-7])([1-4])(B\d)?$/.exec(number);
  if (!parts) {
    const reason =
      /^\d{17}[\dX]/.test(number) && number.length >= 20
        ? '类别或等级位不合规则'
        : `应为 20 位（换发证 22 位），实为 ${number.length} 位`;
    return { ok: false, problem: 'length', reason: `残疾人证号${reason}` };
  }
  const id = readIdNumber(parts[1] ?? '');
  if (!id.ok) return { ok: false, problem: id.problem, reason: `残疾人证号前 18 位：${id.reason}` };
  const certificate = { number, idNumber: id.document.number, category: Number(parts[2]), grade: Number(parts[3]) };
  return { ok: true, certificate, changes };
};

/** 张*丰, 李*, 欧阳*. Long names of several parts keep the first character of the first part. */
export const maskName = (name: string): string => {
  if (isHidden(name)) return name;
  const letters = [...name];
  if (letters.length <= 1) return name;
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(Math.min(letters.length - 2, 4))}${letters.at(-1)}`;
};

/** 5119**********1234; short numbers keep two characters at each end. */
export const maskNumber = (number: string): string => {
  if (isHidden(number)) return number;
  const keep = number.length >= 12 ? 4 : 2;
  return number.length <= keep * 2
    ? '*'.repeat(number.length)
    : number.slice(0, keep) + '*'.repeat(number.length - keep * 2) + number.slice(-keep);
};

/** 199****0001. */
export const maskPhone = (phone: string): string =>
  isHidden(phone) ? phone : phone.length >= 7 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : '*'.repeat(phone.length);

const collator = new Intl.Collator('zh-CN-u-co-pinyin');
/** Orders names as a register does, by pinyin. The database cannot: it holds them sealed. */
export const byName = (a: string, b: string): number => collator.compare(a, b);
