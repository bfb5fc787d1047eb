// The rows of the three lists of Bazhou district as departments would send them in late 2024: people of the demo, new ones, and errors.
import { addDays } from '../src/kernel/calendar.ts';
import { soundsLike } from './desk.ts';
import { nameOf, phoneOf } from './names.ts';
import type { Human, Sender } from './people.ts';
import type { Random } from './random.ts';

export type Cell = string | number | null;

/** One person as a list tells of them; what is wrong with the row is already in it. */
export interface ListedRow {
  readonly name: Cell;
  readonly sex: Cell;
  readonly birthDate: Cell;
  readonly idNumber: Cell;
  readonly certificate: Cell;
  readonly category: Cell;
  readonly grade: Cell;
  readonly guardian: Cell;
  readonly relation: Cell;
  readonly guardianPhone: Cell;
  readonly town: Cell;
  readonly village: Cell;
  readonly phone: Cell;
  readonly diagnosis: Cell;
  readonly diagnosedOn: Cell;
  readonly risk: Cell;
  readonly riskOn: Cell;
  readonly stability: Cell;
  readonly livesAt: Cell;
  readonly aid: Cell;
  readonly remark: Cell;
}

const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const serialOf = (day: string): number => (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;

/** A day as typists write it. */
const writeDay = (random: Random, day: string): Cell => {
  const [year = '', month = '', date = ''] = day.split('-');
  return random.weighted<string | number>([
    [day, 40],
    [`${year}.${Number(month)}.${Number(date)}`, 25],
    [`${year}年${Number(month)}月${Number(date)}日`, 15],
    [`${year}${month}${date}`, 8],
    [serialOf(day), 12],
  ]);
};

/** An ID number as it survives typing and spreadsheets. The last four ways lose it. */
const writeIdNumber = (random: Random, id: string): Cell => {
  const way = random.weighted([
    ['plain', 880],
    ['lowerX', 25],
    ['spaced', 20],
    ['fullWidth', 12],
    ['short', 20],
    ['quoted', 10],
    ['rounded', 8],
    ['scientific', 9],
    ['mistyped', 8],
    ['missing', 8],
  ]);
  if (way === 'lowerX') return id.toLowerCase();
  if (way === 'spaced') return `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`;
  if (way === 'fullWidth') return fullWidth(id);
  // Numbers of the old kind: two digits of the year, no check digit.
  if (way === 'short') return id.startsWith('19', 6) ? id.slice(0, 6) + id.slice(8, 17) : id;
  if (way === 'quoted') return `'${id}`;
  if (way === 'rounded') return Number(`${id.slice(0, 15)}000`);
  if (way === 'scientific') return Number(id.slice(0, 17)).toExponential(5).replace('e+16', 'E+17');
  if (way === 'mistyped') return id.slice(0, 17) + (id[17] === '3' ? '4' : '3');
  return way === 'missing' ? null : id;
};

const writeName = (random: Random, name: string): string =>
  random.weighted([
    [name, 930],
    [name.length === 2 ? `${name[0]}　${name[1]}` : name, 30],
    [`${name}（户主）`, 8],
    [soundsLike(name), 20],
  ]);

const townNames = (random: Random, name: string): string =>
  random.weighted([
    [name, 70],
    [name.replace(/街道$/, '街道办事处'), 12],
    [`巴州区${name}`, 18],
  ]);

const stabilityWords = { stable: '稳定', basicallyStable: '基本稳定', unstable: '不稳定' } as const;
const livesAtWords = { home: '居家', hospital: '住院', institution: '福利院', elsewhere: '外出务工' } as const;

/** A year after the census some fare better and some worse. */
const illnessOf = (random: Random, human: Human) => {
  const turn = random.next();
  const risk = turn < 0.05 ? Math.min(5, human.risk + 2) : turn < 0.14 ? Math.max(0, human.risk - 1) : human.risk;
  const stability: Human['stability'] = risk >= 3 ? 'unstable' : risk >= 1 ? 'basicallyStable' : 'stable';
  return { risk, stability, livesAt: random.chance(0.05) ? 'hospital' : human.livesAt } as const;
};

const rowOf = (random: Random, human: Human, sender: Sender): ListedRow => {
  const { risk, stability, livesAt } = illnessOf(random, human);
  const masked = sender === 'civil' && random.chance(0.03);
  const phone = random.chance(0.06) ? phoneOf(random) : human.phone;
  const { certificate, guardian } = human;
  return {
    // Now and then the number of one person stands beside the name of another.
    name: random.chance(0.012) ? nameOf(random, human.sex) : writeName(random, human.name),
    sex: random.chance(0.97) ? (human.sex === 'male' ? '男' : '女') : human.sex === 'male' ? '1' : '2',
    birthDate: writeDay(random, random.chance(0.985) ? human.birthDate : addDays(human.birthDate, 9)),
    idNumber: masked
      ? `${human.idNumber.slice(0, 6)}********${human.idNumber.slice(-4)}`
      : writeIdNumber(random, human.idNumber),
    certificate: certificate?.number ?? null,
    category: certificate ? random.pick(['精神', '精神残疾', '6']) : null,
    grade: certificate ? random.pick([`${'一二三四'[certificate.grade - 1]}级`, String(certificate.grade)]) : null,
    guardian: guardian?.name ?? '无',
    relation: guardian?.relation ?? null,
    guardianPhone: guardian?.phone ?? null,
    town: townNames(random, human.townName),
    village: human.village,
    phone: phone && random.chance(0.05) ? `${phone}/${phoneOf(random)}` : phone,
    diagnosis: random.chance(0.8) ? human.diagnosis.name : human.diagnosis.code,
    diagnosedOn: writeDay(random, human.diagnosis.on),
    risk: random.chance(0.9) ? `${risk}级` : risk,
    riskOn: addDays('2024-10-20', -random.int(0, 80)),
    stability: stabilityWords[stability],
    livesAt: livesAtWords[livesAt],
    aid: human.aid ?? null,
    remark: random.chance(0.03) ? random.pick(['本人外出', '电话无人接听', '随子女居住', '已核实']) : null,
  };
};

const nothing: ListedRow = {
  name: null,
  sex: null,
  birthDate: null,
  idNumber: null,
  certificate: null,
  category: null,
  grade: null,
  guardian: null,
  relation: null,
  guardianPhone: null,
  town: null,
  village: null,
  phone: null,
  diagnosis: null,
  diagnosedOn: null,
  risk: null,
  riskOn: null,
  stability: null,
  livesAt: null,
  aid: null,
  remark: null,
};

/** One character of the given name as another hand read it. */
const misread = (random: Random, name: Cell): Cell => {
  const letters = [...String(name)];
  return letters.length < 3
    ? soundsLike(String(name))
    : [letters[0], random.pick([...'德光明秀春国']), ...letters.slice(2)].join('');
};

/** Rows that no list is without: no numbers and a name misread, no way to tell who it is, somebody of another county, the same again. */
const oddRows = (
  random: Random,
  rows: readonly ListedRow[],
  strangers: readonly Human[],
  sender: Sender,
): ListedRow[] => {
  const some = random.shuffle(rows);
  const noNumbers = { idNumber: null, certificate: null };
  return [
    ...some.slice(0, 9).map((row) => ({ ...row, ...noNumbers, name: misread(random, row.name), remark: '补录' })),
    ...some.slice(9, 13).map((row) => ({ ...row, ...noNumbers, birthDate: null })),
    ...strangers.map((human) => ({ ...rowOf(random, human, sender), town: `恩阳区${human.townName}` })),
    { ...nothing, name: '李某', town: '东城街道', remark: '身份待查' },
    { ...nothing, name: '王*华', sex: '男', town: '西城街道' },
    ...some.slice(13, 21),
  ];
};

export interface ListPeople {
  /** Humans of the county who are in the demo. */
  readonly known: readonly Human[];
  /** Humans who are not. */
  readonly fresh: readonly Human[];
  /** Humans of another county. */
  readonly strangers: readonly Human[];
}

const isOn = (human: Human, sender: Sender): boolean =>
  sender === 'federation'
    ? human.certificate !== null
    : sender === 'health'
      ? human.diagnosis.severe
      : human.aid !== null;

/** A department's rows by town, as it would sort them. Most people stand on the list on which the census found them. */
export const listRows = (random: Random, { known, fresh, strangers }: ListPeople, sender: Sender): ListedRow[] => {
  const people = [
    ...known.filter((human) => human.lists.has(sender) || (isOn(human, sender) && random.chance(0.3))),
    ...fresh.filter((human) => isOn(human, sender)),
  ].filter((human) => sender !== 'federation' || human.certificate !== null);
  const sorted = [...people].sort((a, b) =>
    a.town === b.town ? (a.idNumber < b.idNumber ? -1 : 1) : a.town < b.town ? -1 : 1,
  );
  const rows = sorted.map((human) => rowOf(random, human, sender));
  return [...rows, ...oddRows(random, rows, strangers, sender)];
};
