// The rest of a row: place, contacts, illness, guardian, aid.
import { type DivisionReading, findDivision } from './census-division.ts';
import type { CensusField } from './census-fields.ts';
import type { RowContext, RowDraft } from './census-row.ts';
import {
  findDay,
  findDiagnosis,
  findLivesAt,
  findPhone,
  findRiskLevel,
  findStability,
  isNothing,
  plain,
} from './census-values.ts';

const mostRemembered = 5000;

/** Reads the place of rows; remembers what it found for a spelling, as lists repeat a few hundred of them. */
export const readPlace = (context: RowContext): ((draft: RowDraft) => void) => {
  const known = new Map<string, DivisionReading>();
  return (draft) => {
    const [county, town, address] = [draft.text('countyName'), draft.text('townName'), draft.text('address')].map(
      (text) => (isNothing(text) ? undefined : plain(text)),
    );
    const village = plain(draft.text('villageName'));
    if (address) draft.row.address = address.slice(0, 100);
    if (!isNothing(village)) draft.row.villageName = village.slice(0, 40);
    if (!county && !town && !address) return;
    const key = `${county}|${town}|${town ? '' : address}`;
    const reading = known.get(key) ?? findDivision({ county, town, address }, context.areas, context.home);
    if (known.size < mostRemembered) known.set(key, reading);
    const field: CensusField = town ? 'townName' : county ? 'countyName' : 'address';
    if (reading.outcome === 'ambiguous')
      draft.problem(field, 'dropped', `可能是 ${reading.names.join('、')}，请写全称`);
    else if (reading.outcome === 'unknown') draft.problem(field, 'dropped', reading.reason);
    else {
      draft.row.householdDivision = reading.code;
      if (reading.outcome === 'county') return;
      draft.row.townName = reading.name;
      if (town && town !== reading.name) draft.changed('townName', reading.name, '统一乡镇（街道）名称');
    }
  };
};

type DayField = 'diagnosedOn' | 'riskOn' | 'listDate';

const readDay = (draft: RowDraft, field: DayField): void => {
  const text = draft.text(field);
  if (isNothing(text)) return;
  const day = findDay(text, draft.epoch);
  if (!day) {
    draft.problem(field, 'dropped', `“${text}”不是可辨认的完整日期`);
    return;
  }
  if (day > draft.context.today) {
    draft.problem(field, 'dropped', `${day} 晚于今天`);
    return;
  }
  draft.row[field] = day;
  if (day !== text) draft.changed(field, day, '统一日期写法');
};

const readPhone = (draft: RowDraft, field: 'phone' | 'guardianPhone'): void => {
  const text = draft.text(field);
  if (isNothing(text)) return;
  const phone = findPhone(text);
  if (!phone) {
    draft.problem(field, 'dropped', '不像电话号码');
    return;
  }
  draft.row[field] = phone;
  if (phone !== text) draft.changed(field, phone, '取第一个有效号码');
};

type TextField = 'hospital' | 'guardianName' | 'guardianRelation' | 'medication' | 'remark';
const textLength: Readonly<Record<TextField, number>> = {
  hospital: 60,
  guardianName: 40,
  guardianRelation: 20,
  medication: 200,
  remark: 500,
};

const readTexts = (draft: RowDraft): void => {
  for (const field of ['hospital', 'guardianName', 'guardianRelation', 'medication', 'remark'] as const) {
    const text = plain(draft.text(field));
    if (isNothing(text)) continue;
    if (field === 'guardianName' && /[*×]|\d{5}/.test(text)) {
      draft.problem(field, 'dropped', '不像姓名（已脱敏或含号码）');
      continue;
    }
    draft.row[field] = text.slice(0, textLength[field]);
    if (text.length > textLength[field])
      draft.changed(field, text.slice(0, textLength[field]), `超过 ${textLength[field]} 字，已截短`);
  }
};

// '是' under 是否居家 is home, under 是否住院 hospital; 0, 1, 2 under 住院情况 are the codes of the follow-up form.
const livesAtOf = (text: string, header: string): ReturnType<typeof findLivesAt> => {
  const value = plain(text);
  if (/住院|在院/.test(header)) {
    if (/^[02]$/.test(value)) return 'home';
    if (value === '1') return 'hospital';
  } else if (/居家|在家/.test(header)) {
    if (value === '是') return 'home';
    if (value === '否') return undefined;
  } else if (/^[是否]$/.test(value)) return undefined;
  return findLivesAt(value);
};

const readIllness = (draft: RowDraft): void => {
  const take = <T>(field: CensusField, find: (text: string) => T | undefined, store: (value: T) => void): void => {
    const text = draft.text(field);
    if (isNothing(text)) return;
    const value = find(text);
    if (value === undefined) draft.problem(field, 'dropped', `“${text.slice(0, 40)}”无法辨认`);
    else store(value);
  };
  take('diagnosis', findDiagnosis, (value) => {
    draft.row.diagnosis = value;
  });
  take(
    'livesAt',
    (text) => livesAtOf(text, draft.header('livesAt')),
    (value) => {
      draft.row.livesAt = value;
    },
  );
  take('riskLevel', findRiskLevel, (value) => {
    draft.row.riskLevel = value;
  });
  take('stability', findStability, (value) => {
    draft.row.stability = value;
  });
};

/** Kinds of aid in a cell; a bare 是 means what the header asks (是否低保). */
const readAid = (draft: RowDraft): void => {
  const text = plain(draft.text('aid'));
  if (isNothing(text) || /^(?:否|0|不是|非)/.test(text)) return;
  const asked = plain(draft.header('aid')).replace(/是否|情况|类型|类别|户|享受|[?()]/g, '');
  const kinds = /^(?:是|有|√|1|✓|Y)$/i.test(text)
    ? [asked || '救助']
    : text.split(/[,、;/+ ]/).filter((kind) => kind !== '');
  draft.row.aid = kinds.slice(0, 10).map((kind) => kind.slice(0, 40));
};

export const readDetails = (draft: RowDraft): void => {
  for (const field of ['diagnosedOn', 'riskOn', 'listDate'] as const) readDay(draft, field);
  for (const field of ['phone', 'guardianPhone'] as const) readPhone(draft, field);
  readTexts(draft);
  readIllness(draft);
  readAid(draft);
};
