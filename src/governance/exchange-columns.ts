// What the lines of an exchange batch say: each column with its class, so that a receiver reads only what its purpose needs (PIPL 6).
import type { Actor } from '../kernel/access.ts';
import type { WriteColumn } from '../kernel/sheet-write.ts';
import { nameOfDivision } from '../network/division.ts';
import { shownFact } from '../person/census-shown.ts';
import { classesOf, type FieldClass } from '../person/field-class.ts';
import { nameOfStage, type Stage } from '../person/file.ts';
import type { Identity } from '../person/person.ts';
import { type FactKey, factNames } from '../policy/facts.ts';
import type { Department } from './exchange.ts';

/** What is known of somebody; null or absent where it is not. */
type Known<K extends keyof Identity> = { readonly [F in K]?: Identity[F] | null };

interface Plain extends Pick<Identity, 'name' | 'sex'>, Known<'village' | 'address' | 'phone' | 'guardian'> {
  readonly person: string;
  readonly town: string | null;
  readonly site: string | null;
}

export interface ExchangedPerson extends Plain, Known<'birthDate' | 'idNumber' | 'certificateNumber'> {
  readonly stage: Stage;
  readonly registeredOn: string | null;
  readonly endedOn: string | null;
  readonly facts: Partial<Readonly<Record<FactKey, unknown>>>;
}

/** A line as it is kept: by the keys of its columns. */
export type Cells = Readonly<Record<string, string | null>>;

interface Column<P> {
  readonly key: string;
  readonly column: WriteColumn;
  /** Null: what every office that sees the person reads. */
  readonly class: FieldClass | null;
  readonly value: (person: P) => string | null | undefined;
}

const sexNames = { male: '男', female: '女', unknown: '不详' } as const;

const identity = <P>(
  key: string,
  header: string,
  width: number,
  value: Column<P>['value'],
  format?: 'day',
): Column<P> => ({
  ...{ key, class: 'identity', value },
  column: { header, width, ...(format ? { format } : {}) },
});

const nameAndSex: readonly Column<Plain>[] = [
  identity('name', '姓名', 12, ({ name }) => name),
  identity('sex', '性别', 6, ({ sex }) => sexNames[sex]),
];
const whereAndWhom: readonly Column<Plain>[] = [
  identity('town', '乡镇（街道）', 18, ({ town }) => (town ? nameOfDivision(town) : null)),
  identity('village', '村（社区）', 14, ({ village }) => village),
  identity('address', '住址', 24, ({ address }) => address),
  identity('phone', '联系电话', 14, ({ phone }) => phone),
  identity('guardian', '监护人', 12, ({ guardian }) => guardian?.name),
  identity('relation', '与本人关系', 10, ({ guardian }) => guardian?.relation),
  identity('guardianPhone', '监护人电话', 14, ({ guardian }) => guardian?.phone),
];
const site: Column<Plain> = {
  ...{ key: 'site', class: null, value: (person) => person.site },
  column: { header: '服务机构', width: 20 },
};

const codeOf = (value: unknown): string =>
  value !== null && typeof value === 'object' && 'code' in value ? String(value.code) : '无';
const fact = (kind: FactKey, of: FieldClass, width = 12): Column<ExchangedPerson> => ({
  ...{ key: kind, class: of, column: { header: factNames[kind], width } },
  value: ({ facts }) => {
    const value = facts[kind];
    if (value === undefined) return null;
    return kind === 'diagnosis' ? codeOf(value) : shownFact({ kind, value: value as never });
  },
});

/** Facts that go out where the receiver reads their class. */
export const exchangedFacts: readonly FactKey[] = [
  'certificate',
  'needsRehabilitation',
  'clientWilling',
  'severe',
  'stability',
  'diagnosis',
  'risk',
];

const personColumns: readonly Column<ExchangedPerson>[] = [
  ...nameAndSex,
  identity('birthDate', '出生日期', 12, ({ birthDate }) => birthDate, 'day'),
  identity('idNumber', '身份证号', 22, ({ idNumber }) => idNumber),
  ...whereAndWhom,
  {
    ...{ key: 'certificateNumber', class: 'certificate', value: ({ certificateNumber }) => certificateNumber },
    column: { header: '残疾人证号', width: 24 },
  },
  fact('certificate', 'certificate', 16),
  fact('needsRehabilitation', 'need'),
  fact('clientWilling', 'need'),
  fact('severe', 'condition', 16),
  fact('stability', 'condition', 14),
  fact('diagnosis', 'diagnosis'),
  fact('risk', 'risk'),
  {
    ...{ key: 'stage', class: null, value: ({ stage }) => nameOfStage(stage) },
    column: { header: '阶段', width: 12 },
  },
  {
    ...{ key: 'registeredOn', class: null, value: ({ registeredOn }) => registeredOn },
    column: { header: '登记日期', width: 12, format: 'day' },
  },
  {
    ...{ key: 'endedOn', class: null, value: ({ endedOn }) => endedOn },
    column: { header: '结束日期', width: 12, format: 'day' },
  },
  site,
];

export interface ExchangedRisk extends Plain {
  readonly level: number;
  readonly assessedOn: string;
}

/** What public security is shown of persons at risk on its own page (safety/risk.ts), and nothing else: no number, no diagnosis. */
const riskColumns: readonly Column<ExchangedRisk>[] = [
  ...nameAndSex,
  ...whereAndWhom,
  {
    ...{ key: 'level', class: 'risk', value: ({ level }) => `${level} 级` },
    column: { header: '危险性等级', width: 12 },
  },
  {
    ...{ key: 'assessedOn', class: 'risk', value: ({ assessedOn }) => assessedOn },
    column: { header: '评估日期', width: 12, format: 'day' },
  },
  site,
];

interface Between {
  readonly sender: Department;
  readonly receiver: Department;
}
const reader = (role: Department): Pick<Actor, 'role' | 'scope'> => ({ role, scope: '000000' });

/** What both may read: a sender cannot tell what it does not see. */
const between = <P>(columns: readonly Column<P>[], { sender, receiver }: Between): Column<P>[] => {
  const [given, read] = [classesOf(reader(sender)), classesOf(reader(receiver))];
  const isPolice = receiver === 'publicSecurity';
  return columns.filter((one) => one.class === null || (given.has(one.class) && (isPolice || read.has(one.class))));
};

const columnsBetween = (ends: Between) =>
  ends.receiver === 'publicSecurity' ? between(riskColumns, ends) : between(personColumns, ends);

/** The columns of a batch, in order. */
export const exchangeColumns = (ends: Between): { readonly key: string; readonly column: WriteColumn }[] =>
  columnsBetween(ends).map(({ key, column }) => ({ key, column }));

const cellsOf = <P>(columns: readonly Column<P>[], person: P): Cells =>
  Object.fromEntries(columns.map(({ key, value }) => [key, value(person) ?? null]));

export const personCells = (ends: Between, persons: readonly ExchangedPerson[]): { person: string; cells: Cells }[] => {
  const columns = between(personColumns, ends);
  return persons.map((one) => ({ person: one.person, cells: cellsOf(columns, one) }));
};
export const riskCells = (ends: Between, persons: readonly ExchangedRisk[]): { person: string; cells: Cells }[] => {
  const columns = between(riskColumns, ends);
  return persons.map((one) => ({ person: one.person, cells: cellsOf(columns, one) }));
};
