// Identity and facts in words, as the screens of the census show them: masked, and without a diagnosis.
import { nameOfDivision } from '../network/division.ts';
import { maskName, maskNumber, maskPhone } from './identity.ts';
import type { Identity, RecordedFact } from './person.ts';

type Field = Exclude<keyof Identity, 'idKind' | 'guardian'>;

const labels: Readonly<Record<Field, string>> = {
  name: '姓名',
  sex: '性别',
  birthDate: '出生日期',
  idNumber: '证件号码',
  certificateNumber: '残疾人证号',
  phone: '联系电话',
  address: '住址',
  town: '乡镇（街道）',
  village: '村（社区）',
  householdDivision: '户籍所在地',
};

const sexNames: Readonly<Record<string, string>> = { male: '男', female: '女', unknown: '未知' };

/** A value of identity as a list shows it: numbers, phone and name masked. */
export const shownIdentity = (field: string, value: string): string => {
  if (field === 'name') return maskName(value);
  if (field === 'idNumber' || field === 'certificateNumber') return maskNumber(value);
  if (field === 'phone') return maskPhone(value);
  if (field === 'sex') return sexNames[value] ?? value;
  if (field === 'town' || field === 'householdDivision') return nameOfDivision(value);
  if (field === 'address') return value.length > 12 ? `${value.slice(0, 9)}…` : value;
  return value;
};

export const labelOfField = (field: string): string => labels[field as Field] ?? field;

const livesAtNames: Readonly<Record<string, string>> = {
  home: '在家',
  hospital: '住院',
  institution: '机构',
  elsewhere: '外出',
};
const stabilityNames: Readonly<Record<string, string>> = {
  stable: '稳定',
  basicallyStable: '基本稳定',
  unstable: '不稳定',
};

/** A fact's value in words; a diagnosis is not told. */
export const shownFact = ({ kind, value }: Pick<RecordedFact, 'kind' | 'value'>): string => {
  if (value === null) return '无';
  if (kind === 'diagnosis') return '（见档案）';
  if (kind === 'livesAt') return livesAtNames[String(value)] ?? String(value);
  if (kind === 'stability') return stabilityNames[String(value)] ?? String(value);
  if (kind === 'sex') return sexNames[String(value)] ?? String(value);
  if (kind === 'householdDivision') return nameOfDivision(String(value));
  if (kind === 'risk') return `${value} 级`;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (kind === 'certificate') {
    const { category, grade } = value as { category: number; grade: number };
    return `类别 ${category}，${grade} 级`;
  }
  if (kind === 'guardian') return maskName((value as { name?: string }).name ?? '');
  return String(value);
};
