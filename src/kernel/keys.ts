// What is sealed with which key, as the rest of the product sees it: whose key, what stands in place of what is closed, and how a value is sealed.
import { z } from 'zod';
import type { Tx } from './database.ts';
import type { KeyName, Sealable, Suite } from './sealing.ts';
import type { Setting } from './setting.ts';

const Suites = z.enum(['standard', 'gm']);
const Sealing = z.object({
  /** With which new values are sealed; what is there stays as it is. */
  suite: Suites,
  /** The key of the blind indexes, of one suite for good: another would find nothing. */
  index: z.object({ suite: Suites, master: z.string(), wrapped: z.string() }),
});
export const sealing: Setting<typeof Sealing> = { name: 'sealing', schema: Sealing };

/** Whose key seals what is about several persons, or about none. */
export const countySubject = '00000000-0000-0000-0000-000000000000';

/** Shown in place of what was sealed with a key that is destroyed, or withheld. */
export const destroyedText = '（已删除）';
export const withheldText = '（已封存）';
/** Whether a text stands in place of what nobody may read. */
export const isHidden = (text: unknown): boolean => text === destroyedText || text === withheldText;
/** Shown where a sealed value was altered, or its key is not of this installation. */
export const unreadableText = '（无法读取）';

/** Data keys of subjects of one county, by subject; or what stands in place of what it would open. */
export type DataKeys = ReadonlyMap<string, Buffer | string>;

export type Index = (field: string, value: string) => number;

/** A data key as the database keeps it; destroyed where it is not there any more. */
export interface KeptKey extends KeyName {
  readonly wrapped: string | null;
  readonly master: string | null;
  readonly withheldAt: string | null;
  readonly destroyedAt: string | null;
}

export interface Keys {
  readonly suite: Suite;
  /** The keys of these subjects, made where there are none. For writing: always as the transaction sees them. */
  forWriting(tx: Tx, county: string, subjects: readonly string[]): Promise<DataKeys>;
  /** Seals a value with one of these keys; what is sealed stays. Refuses where that key is destroyed (`erased`) or withheld (`withheld`). */
  seal(value: Sealable, name: KeyName, of: DataKeys): Sealable;
  /** Opens, in place, every sealed value of rows that were read. */
  open(tx: Tx, rows: readonly unknown[]): Promise<void>;
  /** The blind index of a value of a field. */
  readonly index: Index;
  /** Destroys a key for good: what it sealed can be read by nobody any more, wherever it is. */
  destroy(tx: Tx, name: KeyName, at: string): Promise<void>;
  /** Closes what a key sealed to all use, or (null) opens it again. */
  withhold(tx: Tx, name: KeyName, at: string | null): Promise<void>;
  /** Reads suite and index key again: after a restoration. */
  reload(tx: Tx): Promise<void>;
  /** Data keys, as they are kept, of whatever was sealed elsewhere. Refuses `masterKeyMissing` and `keyDiffers`. */
  receive(tx: Tx, rows: readonly KeptKey[]): Promise<void>;
  /** Wraps up to `limit` keys, which another master key wraps, with the current one. Returns how many. */
  rewrap(tx: Tx, limit: number): Promise<number>;
}
