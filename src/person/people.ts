// The list of persons and new records by hand: what a row shows, how it is sought, and what a clerk's new record must satisfy.
import { z } from 'zod';
import { Day, Town } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Sex } from '../policy/facts.ts';
import { ScreeningOutcome } from '../policy/screen.ts';
import { Stage } from './file.ts';
import { readCertificateNumber, readIdNumber } from './identity.ts';
import { checkBornBy, Identity, type RecordedFact } from './person.ts';

/** A row of the list: masked, and never with a diagnosis. */
export const PersonListRow = z.object({
  id: z.uuid(),
  name: z.string(),
  sex: Sex.or(z.literal('unknown')),
  age: z.int().nullable(),
  idNumber: z.string().nullable(),
  town: z.string().nullable(),
  village: z.string().nullable(),
  hasCertificate: z.boolean(),
  stage: Stage,
  stageOn: Day,
  site: z.string().nullable(),
  outcome: ScreeningOutcome.nullable(),
  listedOn: Day,
  /** The record that stands for this human, where this one is linked away. */
  linkedTo: z.uuid().nullable(),
});
export type PersonListRow = z.infer<typeof PersonListRow>;

export const PersonSort = z.enum([
  'name',
  '-name',
  'listedOn',
  '-listedOn',
  'stageOn',
  '-stageOn',
  'birthDate',
  '-birthDate',
]);
export type PersonSort = z.infer<typeof PersonSort>;

/** What was typed into the search box: the end of a number, the initials of a name, or a part of it. */
export type Sought =
  | { readonly by: 'number'; readonly tail: string }
  | { readonly by: 'initials'; readonly start: string }
  | { readonly by: 'name'; readonly part: string };

/** Reads a search: 1234 or 511902…123X, czy, 志远. Full-width characters count as their usual ones. */
export const readSearch = (text: string): Sought | undefined => {
  const plain = text.normalize('NFKC').replace(/\s+/g, '');
  if (plain === '') return undefined;
  if (/^\d+x?(\d{2}(b\d)?)?$/i.test(plain)) return { by: 'number', tail: plain.toUpperCase() };
  if (/^[a-z]+$/i.test(plain)) return { by: 'initials', start: plain.toLowerCase() };
  return { by: 'name', part: plain };
};

/** A new record by hand; the town says which county keeps it. */
export const NewPersonInput = z.object({
  on: Day,
  identity: Identity.omit({ idKind: true }).extend({ town: Town }),
  /** Set after the clerk has seen that somebody alike is listed already. */
  alikeConfirmed: z.boolean().optional(),
});
export type NewPersonInput = z.infer<typeof NewPersonInput>;

const wrong = (code: string, field: string, message: string): Refusal =>
  new Refusal(code, message, { kind: 'input', fields: { [`identity.${field}`]: message }, cites: ['BZ-06'] });

/** Identity and certificate as they may be stored; refuses `idNumberInvalid`, `certificateInvalid` and `identityMismatch`. */
export const decideNewPerson = (input: NewPersonInput): { identity: Identity; facts: RecordedFact[] } => {
  const { idNumber, certificateNumber, ...given } = input.identity;
  const id = idNumber ? readIdNumber(idNumber) : undefined;
  if (id && !id.ok) throw wrong('idNumberInvalid', 'idNumber', `${id.reason}。`);
  const certificate = certificateNumber ? readCertificateNumber(certificateNumber) : undefined;
  if (certificate && !certificate.ok) throw wrong('certificateInvalid', 'certificateNumber', `${certificate.reason}。`);
  const document = id?.document;
  const { number, idNumber: holder, category, grade } = certificate?.certificate ?? {};
  if (document && holder && document.number !== holder)
    throw wrong('identityMismatch', 'certificateNumber', '残疾人证号的前 18 位与身份证号不一致。');
  if (document?.birthDate && given.birthDate && document.birthDate !== given.birthDate)
    throw wrong('identityMismatch', 'birthDate', `出生日期与身份证号（${document.birthDate}）不一致。`);
  if (document?.sex && given.sex !== 'unknown' && document.sex !== given.sex)
    throw wrong('identityMismatch', 'sex', '性别与身份证号不一致。');
  const birthDate = given.birthDate ?? document?.birthDate;
  checkBornBy(birthDate, input.on);
  const facts: RecordedFact[] =
    category && grade ? [{ kind: 'certificate', on: input.on, value: { category, grade }, source: 'manual' }] : [];
  return {
    identity: {
      ...given,
      sex: given.sex === 'unknown' ? (document?.sex ?? 'unknown') : given.sex,
      ...(birthDate ? { birthDate } : {}),
      ...(document ? { idNumber: document.number, idKind: document.kind } : {}),
      ...(number ? { certificateNumber: number } : {}),
    },
    facts,
  };
};

/** Somebody already listed who may be the same human. */
export interface Alike {
  readonly id: string;
  readonly name: string;
  readonly town: string | null;
  readonly by: 'idNumber' | 'certificateNumber' | 'nameAndBirth';
}

/** Refuses a second record: always for a number that is known (`alreadyListed`), for name and birth date until confirmed (`alike`). */
export const checkAlike = (alike: readonly Alike[], confirmed: boolean): void => {
  const same = alike.find(({ by }) => by !== 'nameAndBirth');
  if (same)
    throw new Refusal('alreadyListed', '这个证件号码的人员已经建档，请在人员列表中按号码查找。', {
      kind: 'conflict',
      fields: { [`identity.${same.by}`]: '号码已建档', person: same.id },
    });
  const [first] = alike;
  if (first && !confirmed)
    throw new Refusal('alike', '已有同名、同出生日期的人员。请先核对是否同一人；确认不是同一人后可继续建档。', {
      kind: 'conflict',
      fields: { 'identity.name': '有同名、同出生日期的人员', person: first.id },
    });
};
