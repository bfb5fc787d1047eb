// Worked numbers for ID and certificate rules; the first two are the standard's own examples.
import { describe, expect, test } from 'vitest';
import { anId, fullWidth } from './census.fixtures.ts';
import { maskName, maskNumber, maskPhone, readCertificateNumber, readIdNumber } from './identity.ts';

const male = anId('1985-03-07', 11);

describe('ID number', () => {
  test.each([
    ['11010519491231002X', { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female', kind: 'citizen' }],
    ['440524188001010014', { number: '440524188001010014', birthDate: '1880-01-01', sex: 'male' }],
    [fullWidth('11010519491231002x'), { number: '11010519491231002X' }],
    [" '1101 0519 4912 31002x\u200b", { number: '11010519491231002X' }],
    // 15 digits: the century is put in and the check character computed (DOMAIN 4.1).
    ['110105491231002', { number: '11010519491231002X' }],
    [anId('1990-01-01', 2, '830000'), { kind: 'residencePermit', sex: 'female' }],
    [anId('1990-01-01', 2, '000001'), { kind: 'citizen' }],
    ['ABC110100000001', { kind: 'foreigner' }],
  ])('%s', (text, document) => {
    expect(readIdNumber(text)).toMatchObject({ ok: true, document });
  });

  test.each([
    ['110105194912310021', 'checkDigit'],
    ['110105194913310020', 'birthDate'],
    ['11010519491231', 'length'],
    ['5.119E+17', 'precisionLost'],
    ['5119**********1234', 'masked'],
    ['5119XXXXXXXXXX1234', 'masked'],
    ['无', 'empty'],
    ['待补录', 'characters'],
  ])('%s is refused as %s', (text, problem) => {
    expect(readIdNumber(text)).toMatchObject({ ok: false, problem });
  });
});

describe('disability certificate', () => {
  test.each([
    [`${male}63`, { idNumber: male, category: 6, grade: 3 }],
    [fullWidth(`${male}72b1`), { number: `${male}72B1`, category: 7, grade: 2 }],
  ])('%s', (text, certificate) => {
    expect(readCertificateNumber(text)).toMatchObject({ ok: true, certificate });
  });

  test.each([male, `${male}65`, `${male}83`, `${male}633`, `110105194912310021${63}`])('%s is refused', (text) => {
    expect(readCertificateNumber(text).ok).toBe(false);
  });
});

test('masks hide the middle and keep the length of numbers', () => {
  expect([maskName('张三'), maskName('张三丰'), maskName('𠮷田一郎'), maskName('李')]).toEqual([
    '张*',
    '张*丰',
    '𠮷**郎',
    '李',
  ]);
  expect(maskNumber('511902198503070011')).toBe('5119**********0011');
  expect(maskNumber('123')).toBe('***');
  expect(maskPhone('19900000001')).toBe('199****0001');
});
