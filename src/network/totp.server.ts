// One-time codes by time (RFC 6238: SHA-1, 30 seconds, 6 digits, what every authenticator app speaks), their sealed secret, recovery codes.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base 32 (RFC 4648) without padding. */
const toBase32 = (bytes: Buffer): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
};
const fromBase32 = (text: string): Buffer => {
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
};

/** 160 bits, as text that can be typed into an app. */
export const makeSecret = (): string => toBase32(randomBytes(20));

export const stepAt = (instant: string): number => Math.floor(Date.parse(instant) / 1000 / stepSeconds);

export const codeAt = (secret: string, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
};

/** A code as apps show it, often in two groups: its digits. Undefined where it is none. */
export const digitsOf = (code: string): string | undefined => /^\d{6}$/.exec(code.replace(/\s/g, ''))?.[0];

/** The step of a code that is right now or was just (a phone's clock is off by some seconds), and later than `last`. */
export const findStep = (secret: string, code: string, now: number, last: number | null): number | undefined =>
  [now, now - 1, now + 1].find((step) => step > (last ?? -1) && codeAt(secret, step) === code);

/** What a QR code tells an app. */
export const uriOf = (secret: string, username: string): string =>
  `otpauth://totp/${encodeURIComponent('康途')}:${encodeURIComponent(username)}?secret=${secret}&issuer=${encodeURIComponent('康途')}&digits=${digits}&period=${stepSeconds}`;

/** The key that seals secrets, from one that never enters the database. */
export const sealingKey = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'kangtu second factor', 32));

/** Bound to its account: moved to another row it does not open. */
export const seal = (key: Buffer, account: string, text: string): string => {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(account));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
};

/** Undefined where another key sealed it: a backup brought to another installation. */
export const unseal = (key: Buffer, account: string, text: string): string | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(account))
    .setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};

/** 80 random bits each, so that a fast hash of them is enough. */
export const makeRecoveryCodes = (): string[] =>
  Array.from({ length: 8 }, () => (toBase32(randomBytes(10)).match(/.{4}/g) ?? []).join('-'));

/** As typed: with or without dashes, in any case, with digits for the letters that look like them. */
const bareCode = (code: string): string =>
  code
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replace(/[^A-Z2-7]/g, '');
export const hashOfRecoveryCode = (account: string, code: string): string =>
  createHash('sha256')
    .update(`${account}:${bareCode(code)}`)
    .digest('base64url');
