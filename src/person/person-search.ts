// What a person is found by, though names and numbers are sealed: the terms that are hashed (blind indexes) on both sides of a search.
import { pinyin } from 'pinyin-pro';
import type { Index } from '../kernel/keys.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameKey } from './name-match.ts';
import { readSearch, type Sought } from './people.ts';
import type { Identity } from './person.ts';

/** A term: the field of the index, and the value that is hashed. */
export type Term = readonly [field: 'name' | 'initials' | 'number', value: string];

/** 张三丰 → zsf: what a clerk types to find a name. */
export const initialsOf = (name: string): string =>
  pinyin(name, { pattern: 'first', toneType: 'none', type: 'array' }).join('').toLowerCase().slice(0, 40);

const unique = (terms: readonly Term[]): Term[] => [...new Map(terms.map((term) => [term.join('\0'), term])).values()];

const grams = (letters: readonly string[], size: number): string[] =>
  letters.slice(size - 1).map((_, at) => letters.slice(at, at + size).join(''));

const longestStart = 6;
const startsOf = (initials: string): string[] =>
  Array.from({ length: Math.max(1, Math.min(initials.length, longestStart) - 1) }, (_, at) =>
    initials.slice(0, at + 2),
  );

/** The surname's first character, every two and three characters in a row, the whole; of the initials, every beginning from two letters on. */
export const nameTerms = (name: string): Term[] => {
  const key = nameKey(name);
  const letters = [...key];
  const initials = initialsOf(key);
  return unique([
    ...[letters[0] ?? '', ...grams(letters, 2), ...grams(letters, 3), key].map((part): Term => ['name', part]),
    ...[...startsOf(initials), initials].map((start): Term => ['initials', start]),
  ]);
};

const tails = [4, 6] as const;
/** A number as a whole, and its last four and six characters. */
export const numberTerms = (number: string): Term[] =>
  unique([
    ['number', number],
    ...tails.filter((size) => number.length > size).map((size): Term => ['number', number.slice(-size)]),
  ]);

/** A certificate is also found without the B1, B2… of a replacement. */
export const certificateTerms = (certificate: string): Term[] =>
  unique([...numberTerms(certificate), ...numberTerms(baseOf(certificate))]);
/** A replacement has the same first 20 characters. */
const baseOf = (certificate: string): string => certificate.slice(0, 20);

/** Telephones are found whole alone, and without what people write between their digits. */
export const phoneTerms = (phone: string): Term[] => {
  const digits = phone.replace(/\D/g, '');
  return digits.length < 7 ? [] : [['number', digits]];
};

/** The hashes of a whole name, a whole ID number, and a certificate with its replacements: what records are matched by. */
export const wholeName = (index: Index, name: string): number => index('wholeName', name);
export const wholeNumber = (index: Index, idNumber: string): number => index('idNumber', idNumber);
export const wholeCertificate = (index: Index, certificate: string): number =>
  index('certificate', baseOf(certificate));

/** The hashed columns of a person's row that a change of identity touches; absent fields stay as they are. */
export const termsOf = ({ name, idNumber, certificateNumber, phone, guardian }: Partial<Identity>) => ({
  name: name === undefined ? undefined : nameTerms(name),
  idNumber: idNumber === undefined ? undefined : numberTerms(idNumber),
  certificate: certificateNumber === undefined ? undefined : certificateTerms(certificateNumber),
  phone: phone === undefined ? undefined : phoneTerms(phone),
  guardian: guardian === undefined ? undefined : phoneTerms(guardian?.phone ?? ''),
});

/**
 * The terms that a person must have, all of them, to be what is sought. Refuses (`searchTooShort`) what is not hashed: hashes of less
 * would tell too much of whoever holds the database.
 */
export const soughtTerms = (sought: Sought): Term[] => {
  const short = (how: string): Refusal =>
    new Refusal('searchTooShort', how, { kind: 'input', fields: { search: '请多输入几位' } });
  if (sought.by === 'number') {
    const { tail } = sought;
    if (tail.length >= 7 || tail.length === 4 || tail.length === 6) return [['number', tail]];
    throw short('按号码查找，请输入证件号的后 4 位、后 6 位，或完整的证件号、电话号码。');
  }
  if (sought.by === 'initials') {
    if (sought.start.length < 2) throw short('按拼音首字母查找，请至少输入两个字母，例如 zs。');
    return [['initials', sought.start.length <= longestStart ? sought.start : sought.start.slice(0, 40)]];
  }
  const letters = [...nameKey(sought.part)];
  if (letters.length <= 3) return [['name', letters.join('')]];
  // Longer than three: every three in a row, in practice no other name.
  return grams(letters, 3).map((part): Term => ['name', part]);
};

/** The hashes that a person's row must have to be what was typed; null where nothing was. */
export const searchHashes = (index: Index, text: string | undefined): number[] | null => {
  const sought = readSearch(text ?? '');
  return sought ? soughtTerms(sought).map(([field, value]) => index(field, value)) : null;
};
