// The part of a row that says who it is: numbers, name, sex, birth date, and whether they agree with each other.
import type { RowDraft } from './census-row.ts';
import { findCategory, findDay, findGrade, findMonth, findSex, isNothing, plain } from './census-values.ts';
import { readCertificateNumber, readIdNumber } from './identity.ts';

const lost = '号码以数字保存，第 15 位以后已被表格软件改为 0，无法恢复；请把该列设为文本后重新填写';

/** The digits of a number cell while they can be trusted: a double holds 15 digits, longer ones end in zeros. */
const trustedText = (draft: RowDraft, field: 'idNumber' | 'certificateNumber'): string | undefined => {
  const cell = draft.number(field);
  if (!cell) return draft.text(field);
  if (Number.isSafeInteger(cell.number)) return String(cell.number);
  return /^\d{17,20}$/.test(cell.raw) && !cell.raw.endsWith('000') ? cell.raw : undefined;
};

const readId = (draft: RowDraft): void => {
  const text = trustedText(draft, 'idNumber');
  if (text === undefined) {
    draft.problem('idNumber', 'dropped', lost);
    return;
  }
  if (isNothing(text)) return;
  const reading = readIdNumber(text);
  if (!reading.ok) {
    if (reading.problem === 'empty') return;
    // A certificate number in the ID column begins with the ID number.
    const certificate = readCertificateNumber(text);
    if (certificate.ok) {
      draft.row.idDocument = idOf(certificate.certificate.idNumber);
      draft.changed('idNumber', certificate.certificate.idNumber, '该列填的是残疾人证号，取前 18 位');
      return;
    }
    const hint = /^\d{15}000$/.test(text.trim()) ? '；末三位为 000，疑被表格软件截断' : '';
    draft.problem('idNumber', 'dropped', reading.reason + hint);
    return;
  }
  draft.row.idDocument = reading.document;
  if (reading.changes.length > 0) draft.changed('idNumber', reading.document.number, reading.changes.join('、'));
};

const idOf = (number: string): RowDraft['row']['idDocument'] => {
  const reading = readIdNumber(number);
  return reading.ok ? reading.document : undefined;
};

const readCertificate = (draft: RowDraft): void => {
  const text = trustedText(draft, 'certificateNumber');
  if (text === undefined) {
    draft.problem('certificateNumber', 'dropped', lost);
    return;
  }
  if (isNothing(text) || /^(?:是|否|有|[一二三四1-4]级?)$/.test(plain(text))) return;
  const reading = readCertificateNumber(text);
  if (!reading.ok) {
    if (reading.problem !== 'empty') draft.problem('certificateNumber', 'dropped', reading.reason);
    return;
  }
  const { certificate } = reading;
  draft.row.certificate = certificate;
  if (reading.changes.length > 0) draft.changed('certificateNumber', certificate.number, reading.changes.join('、'));
  const id = draft.row.idDocument;
  if (!id) {
    draft.row.idDocument = idOf(certificate.idNumber);
    draft.changed('idNumber', certificate.idNumber, '由残疾人证号前 18 位得出');
  } else if (id.number !== certificate.idNumber) {
    draft.problem('certificateNumber', 'conflict', '残疾人证号前 18 位与身份证号不同，两个号码分属两人');
  }
};

const readCertificateDigits = (draft: RowDraft): void => {
  for (const [field, find, key, word] of [
    ['certificateCategory', findCategory, 'category', '类别'],
    ['certificateGrade', findGrade, 'grade', '等级'],
  ] as const) {
    const text = draft.text(field);
    const inNumber = draft.row.certificate?.[key];
    if (inNumber !== undefined) draft.row[field] = inNumber;
    if (isNothing(text)) continue;
    const given = find(text);
    if (given === undefined) draft.problem(field, 'dropped', `残疾${word}“${text}”无法辨认`);
    else if (inNumber !== undefined && given !== inNumber) {
      draft.problem(field, 'contradiction', `与残疾人证号中的${word}（${inNumber}）不同，以证号为准`);
    } else draft.row[field] = given;
  }
};

/** A name as stored: no spaces inside Chinese names, one kind of middle dot, no bracketed remarks. */
const cleanName = (text: string): string =>
  text
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[（(【[].*?[)）\]】]|[（(].*$/g, '')
    .replace(/[•‧∙・･．.⋅●]/g, '·')
    .replace(/(?<=[\p{Script=Han}·])\s+|\s+(?=[\p{Script=Han}·])/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[·*\s]+|[·\s\d]+$/g, '')
    .trim();

const readName = (draft: RowDraft): void => {
  const text = draft.text('name');
  if (isNothing(text)) return;
  if (/[*＊×]/.test(text)) {
    draft.problem('name', 'dropped', '姓名已脱敏，无法使用');
    return;
  }
  const name = cleanName(text);
  if (name === '' || /\d/.test(name) || [...name].length > 40) {
    draft.problem('name', 'dropped', '不像姓名（为空、含数字或超过 40 字）');
    return;
  }
  draft.row.name = name;
  if (name !== text) draft.changed('name', name, '去除空格、括注或统一间隔号');
};

const readSex = (draft: RowDraft): void => {
  const text = draft.text('sex');
  const given = findSex(text);
  const inId = draft.row.idDocument?.sex;
  const sex = inId ?? given;
  if (sex) draft.row.sex = sex;
  if (given && inId && given !== inId) {
    const named = inId === 'male' ? '男' : '女';
    draft.problem('sex', 'contradiction', `与身份证号不符（身份证号为${named}），以身份证号为准`);
  } else if (!given && !isNothing(text) && !/^[09]$/.test(text)) {
    draft.problem('sex', 'dropped', `性别“${text}”无法辨认`);
  }
};

const oldest = (today: string): string => `${Number(today.slice(0, 4)) - 120}${today.slice(4)}`;

const readBirthDate = (draft: RowDraft): void => {
  const text = draft.text('birthDate');
  const inId = draft.row.idDocument?.birthDate;
  if (inId) draft.row.birthDate = inId;
  if (isNothing(text)) return;
  const given = findDay(text, draft.epoch);
  const month = findMonth(text);
  if (!given) {
    if (month && inId?.startsWith(month)) return;
    const reason = month ? '只有年月，没有日' : `“${text}”不是可辨认的日期`;
    draft.problem('birthDate', inId && month ? 'contradiction' : 'dropped', reason);
    return;
  }
  if (inId && given !== inId) {
    draft.problem('birthDate', 'contradiction', `与身份证号中的 ${inId} 不符，以身份证号为准`);
    return;
  }
  if (given > draft.context.today || given < oldest(draft.context.today)) {
    draft.problem('birthDate', 'dropped', `出生日期 ${given} 不合常理`);
    return;
  }
  draft.row.birthDate = given;
  if (given !== text) draft.changed('birthDate', given, '统一日期写法');
};

const checkAge = (draft: RowDraft): void => {
  const { birthDate } = draft.row;
  if (birthDate === undefined || (birthDate <= draft.context.today && birthDate >= oldest(draft.context.today))) return;
  delete draft.row.birthDate;
  delete draft.row.idDocument;
  draft.problem('idNumber', 'dropped', `号码中的出生日期 ${birthDate} 不合常理`);
};

export const readPerson = (draft: RowDraft): void => {
  readName(draft);
  readId(draft);
  readCertificate(draft);
  readCertificateDigits(draft);
  readSex(draft);
  readBirthDate(draft);
  checkAge(draft);
};
