// What the values of a column look like, whatever its name; and a cell as plain text.
import type { CellValue } from '../kernel/sheet-cell.ts';
import type { CensusField } from './census-fields.ts';
import { findDay } from './census-values.ts';
import { cleanNumber, readCertificateNumber, readIdNumber } from './identity.ts';

/** What a person would read in the cell: days as days, whole numbers without exponent as long as they are exact. */
export const cellText = (cell: CellValue): string => {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if (cell.day) return cell.day;
  return Number.isSafeInteger(cell.number) ? String(cell.number) : cell.raw;
};

const isId = (text: string): boolean => {
  const reading = readIdNumber(text);
  return reading.ok
    ? reading.document.kind !== 'other'
    : reading.problem !== 'length' && reading.problem !== 'characters' && reading.problem !== 'empty';
};

const shapes: Partial<Record<CensusField, (text: string) => boolean>> = {
  idNumber: isId,
  certificateNumber: (text) => {
    const reading = readCertificateNumber(text);
    return (
      reading.ok ||
      reading.problem === 'precisionLost' ||
      reading.problem === 'masked' ||
      /^\d{17}[\dX]\d{2}(?:B\d)?$/.test(cleanNumber(text))
    );
  },
  phone: (text) =>
    /^(?:1[3-9]\d{9}|0?\d{2,4}\d{7,8}|\d{7,8})$/.test(
      cleanNumber(text)
        .replace(/[-()]/g, '')
        .split(/[,、;/]/)[0] ?? '',
    ),
  guardianPhone: (text) =>
    /^(?:1[3-9]\d{9}|0?\d{2,4}\d{7,8}|\d{7,8})$/.test(
      cleanNumber(text)
        .replace(/[-()]/g, '')
        .split(/[,、;/]/)[0] ?? '',
    ),
  sex: (text) => /^(?:男|女|男性|女性|[mf]|male|female|[0129])$/i.test(text.normalize('NFKC').trim()),
  birthDate: (text) => findDay(text, 1900) !== undefined && !/^\d{1,4}$/.test(text),
  name: (text) => /^[\p{Script=Han}·•‧∙・.\sA-Za-z〇*]{2,40}$/u.test(text),
};

/** Share (0..1) of the values that have the shape of the field; undefined when the field has no shape or there are no values. */
export const contentShare = (field: CensusField, sample: readonly string[]): number | undefined => {
  const shape = shapes[field];
  if (!shape || sample.length === 0) return undefined;
  return sample.filter(shape).length / sample.length;
};
