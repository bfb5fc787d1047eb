// The data keys of a database: wrapped there by the master key, unwrapped in memory, and what is read opened with them.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import { type Connection, openDatabase, type Tx } from './database.ts';
import {
  type DataKeys,
  destroyedText,
  type Index,
  type KeptKey,
  type Keys,
  sealing,
  unreadableText,
  withheldText,
} from './keys.ts';
import { type MasterKey, type MasterKeySource, MasterKeys, masterKeyMissing } from './master-key.ts';
import { Refusal } from './refusal.ts';
import {
  blindIndex,
  decrypt,
  encrypt,
  isSealed,
  type KeyName,
  keyBytes,
  readSealed,
  type Sealable,
  type Sealed,
  type Suite,
  seal,
} from './sealing.ts';
import { findSetting, putSetting } from './setting.ts';

const aboutKey = ({ county, subject }: KeyName): Buffer => Buffer.from(`data key ${county} ${subject}`);
const aboutIndex = Buffer.from('index key');

/** The suite of the wrapping is the first byte, so that a change of suite leaves what is wrapped readable. */
const wrap = (suite: Suite, master: MasterKey, about: Buffer, key: Buffer): string =>
  Buffer.concat([Buffer.from([suite === 'gm' ? 2 : 1]), encrypt(suite, master.key, about, key)]).toString('base64');
const unwrap = (master: MasterKey, about: Buffer, wrapped: string): Buffer | undefined => {
  const bytes = Buffer.from(wrapped, 'base64');
  return decrypt(bytes[0] === 2 ? 'gm' : 'standard', master.key, about, bytes.subarray(1));
};

/** Keys kept unwrapped, at most; and for how long one serves to read before the database is asked again whether it still is. */
const [mostKept, keptMs] = [8_000, 300_000];
/** What was sealed just now is remembered so long: another process may have destroyed its key since. */
const [mostFresh, rememberedMs] = [10_000, 10_000];

interface KeyRow {
  readonly subject: string;
  readonly wrapped: string | null;
  readonly master: string | null;
  readonly withheldAt: string | null;
  /** Where it was made just now, so that nobody need unwrap it. */
  readonly key?: Buffer;
}
interface Kept extends Pick<KeyRow, 'wrapped' | 'withheldAt'> {
  readonly key: Buffer | string;
  readonly until: number;
}

/** A sealed text in what was read, and where it stands. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly member: string;
  readonly sealed: Sealed | undefined;
}

const listPlaces = (holder: unknown, found: Place[], fresh: ReadonlyMap<string, string>): void => {
  if (holder === null || typeof holder !== 'object' || Buffer.isBuffer(holder)) return;
  for (const member in holder) {
    const value = (holder as Record<string, unknown>)[member];
    if (typeof value === 'object') listPlaces(value, found, fresh);
    else if (isSealed(value)) {
      const known = fresh.get(value);
      if (known === undefined)
        found.push({ holder: holder as Record<string, unknown>, member, sealed: readSealed(value) });
      else (holder as Record<string, unknown>)[member] = known;
    }
  }
};

const pathOf = ({ county, subject }: KeyName): string => `${county}/${subject}`;

const findKeys = async (tx: Tx, county: string, subjects: readonly string[]): Promise<KeyRow[]> => {
  const { rows } = await sql<KeyRow>`select subject, wrapped, master, withheld_at as "withheldAt" from sealing_key
    where county = ${county} and subject = any(${[...subjects]}::uuid[])`.execute(tx);
  return rows;
};

const loadIndexKey = async (tx: Tx, masters: MasterKeys) => {
  const setting = await findSetting(tx, sealing);
  if (!setting) throw new Error('the database has no setting of its sealing');
  const { master, wrapped } = setting.index;
  const key = unwrap(await masters.get(master), aboutIndex, wrapped);
  if (!key) throw masterKeyMissing(master, masters.label);
  return { setting, key };
};

class KeyRing implements Keys {
  suite: Suite = 'standard';
  index: Index = () => {
    throw new Error('the keys are not loaded');
  };
  private readonly masters: MasterKeys;
  private readonly kept = new Map<string, Kept>();
  /** What was sealed just now: whoever writes it reads it once more, to hash what it is found by. */
  private readonly fresh = new Map<string, string>();
  private freshUntil = 0;

  constructor(masters: MasterKeys) {
    this.masters = masters;
  }

  async reload(tx: Tx): Promise<void> {
    await this.masters.read();
    const { setting, key } = await loadIndexKey(tx, this.masters);
    this.suite = setting.suite;
    this.index = blindIndex(setting.index.suite, key);
  }

  private async unwrapped(name: KeyName, wrapped: string, master: string | null): Promise<Buffer> {
    const key = unwrap(await this.masters.get(master ?? ''), aboutKey(name), wrapped);
    if (!key) throw masterKeyMissing(master ?? '', this.masters.label);
    return key;
  }

  /** Keeps a key as the database has it, and gives it, or what stands in place of what it would open. */
  private async keep(
    county: string,
    { subject, wrapped, master, withheldAt, key: made }: KeyRow,
  ): Promise<Buffer | string> {
    const name = { county, subject };
    const before = this.kept.get(pathOf(name));
    const until = Date.now() + keptMs;
    if (before && before.wrapped === wrapped && before.withheldAt === withheldAt) {
      this.kept.set(pathOf(name), { ...before, until });
      return before.key;
    }
    const key =
      wrapped === null
        ? destroyedText
        : withheldAt === null
          ? (made ?? (await this.unwrapped(name, wrapped, master)))
          : withheldText;
    if (this.kept.size >= mostKept)
      for (const old of [...this.kept.keys()].slice(0, mostKept / 10)) this.kept.delete(old);
    this.kept.set(pathOf(name), { wrapped, withheldAt, key, until });
    return key;
  }

  private async make(tx: Tx, county: string, subjects: readonly string[]): Promise<KeyRow[]> {
    const master = await this.masters.current();
    const made = subjects.map((subject) => {
      const key = randomBytes(keyBytes);
      const wrapped = wrap(this.suite, master, aboutKey({ county, subject }), key);
      return { subject, wrapped, master: master.id, withheldAt: null, key };
    });
    const { rows } = await sql<{ subject: string }>`
      insert into sealing_key (county, subject, wrapped, master)
      select ${county}, subject, wrapped, master from json_to_recordset(${JSON.stringify(made.map(({ key: _, ...kept }) => kept))}::json) as t(subject uuid, wrapped text, master text)
      on conflict do nothing returning subject`.execute(tx);
    // Somebody else made one in between: theirs counts.
    return rows.length === made.length ? made : findKeys(tx, county, subjects);
  }

  async forWriting(tx: Tx, county: string, subjects: readonly string[]): Promise<DataKeys> {
    const wanted = [...new Set(subjects)];
    const found = wanted.length ? await findKeys(tx, county, wanted) : [];
    const there = new Set(found.map(({ subject }) => subject));
    const missing = wanted.filter((subject) => !there.has(subject));
    const rows = missing.length ? [...found, ...(await this.make(tx, county, missing))] : found;
    const keys = new Map<string, Buffer | string>();
    for (const row of rows) keys.set(row.subject, await this.keep(county, row));
    return keys;
  }

  seal(value: Sealable, name: KeyName, of: DataKeys): string {
    if (isSealed(value)) return value;
    const key = of.get(name.subject);
    if (key === withheldText)
      throw new Refusal(
        'withheld',
        '此人的档案已封存（《个人信息保护法》第四十七条），须先解除封存才能登记新的内容。',
        {
          kind: 'rule',
        },
      );
    if (!key || typeof key === 'string')
      throw new Refusal('erased', '此人的个人信息已按要求删除（《个人信息保护法》第四十七条），不能再登记新的内容。', {
        kind: 'rule',
      });
    const text = seal(value, this.suite, name, key);
    if (typeof value === 'string') this.remember(text, value);
    return text;
  }

  private remember(text: string, value: string): void {
    const now = Date.now();
    if (this.fresh.size >= mostFresh || now > this.freshUntil) this.fresh.clear();
    if (this.fresh.size === 0) this.freshUntil = now + rememberedMs;
    this.fresh.set(text, value);
  }

  private async fetch(tx: Tx, names: ReadonlyMap<string, KeyName>): Promise<void> {
    for (const [county, own] of Map.groupBy(names.values(), (name) => name.county)) {
      const subjects = own.map(({ subject }) => subject);
      for (const row of await findKeys(tx, county, subjects)) await this.keep(county, row);
    }
  }

  private read({ name, open }: Sealed): Sealable | undefined {
    const key = this.kept.get(pathOf(name))?.key;
    return typeof key === 'string' ? key : key && open(key);
  }

  async open(tx: Tx, rows: readonly unknown[]): Promise<void> {
    if (Date.now() > this.freshUntil) this.fresh.clear();
    const places: Place[] = [];
    for (const row of rows) listPlaces(row, places, this.fresh);
    if (places.length === 0) return;
    const now = Date.now();
    const needed = new Map<string, KeyName>();
    for (const { sealed } of places)
      if (sealed && !((this.kept.get(pathOf(sealed.name))?.until ?? 0) > now))
        needed.set(pathOf(sealed.name), sealed.name);
    if (needed.size) await this.fetch(tx, needed);
    const left = places.filter(({ holder, member, sealed }) => {
      const value = sealed && this.read(sealed);
      if (value !== undefined) holder[member] = value;
      return value === undefined;
    });
    if (left.length === 0) return;
    // A key may have been kept from a transaction that was undone: what it was made for was made anew, with another.
    const again = new Map(
      left.flatMap(({ sealed }) =>
        sealed && !needed.has(pathOf(sealed.name)) ? [[pathOf(sealed.name), sealed.name]] : [],
      ),
    );
    if (again.size) await this.fetch(tx, again);
    for (const { holder, member, sealed } of left) holder[member] = (sealed && this.read(sealed)) ?? unreadableText;
  }

  async destroy(tx: Tx, name: KeyName, at: string): Promise<void> {
    await sql`insert into sealing_key (county, subject, destroyed_at) values (${name.county}, ${name.subject}, ${at})
      on conflict (county, subject) do update set wrapped = null, master = null, withheld_at = null, destroyed_at = excluded.destroyed_at`.execute(
      tx,
    );
    this.kept.delete(pathOf(name));
    this.fresh.clear();
  }

  async withhold(tx: Tx, name: KeyName, at: string | null): Promise<void> {
    await sql`update sealing_key set withheld_at = ${at} where county = ${name.county} and subject = ${name.subject}`.execute(
      tx,
    );
    this.kept.delete(pathOf(name));
    this.fresh.clear();
  }

  async receive(tx: Tx, rows: readonly KeptKey[]): Promise<void> {
    for (const [county, own] of Map.groupBy(rows, (row) => row.county)) {
      const subjects = own.map(({ subject }) => subject);
      const here = new Map((await findKeys(tx, county, subjects)).map((row) => [row.subject, row]));
      for (const { wrapped, destroyedAt, ...name } of own) {
        if (wrapped === null) await this.destroy(tx, name, destroyedAt ?? '');
        else await this.checkSame(name, wrapped, here.get(name.subject));
      }
      const alive = own.filter(({ wrapped, subject }) => wrapped !== null && !here.has(subject));
      await sql`insert into sealing_key (county, subject, wrapped, master, withheld_at) select ${county}, subject, wrapped, master, "withheldAt"
        from json_to_recordset(${JSON.stringify(alive)}::json) as t(subject uuid, wrapped text, master text, "withheldAt" timestamptz)`.execute(
        tx,
      );
    }
  }

  /** That a key from elsewhere can be used, and is the one that is here, if there is one. */
  private async checkSame(name: KeyName & { master: string | null }, wrapped: string, own?: KeyRow): Promise<void> {
    const key = await this.unwrapped(name, wrapped, name.master);
    if (!own || own.wrapped === null || key.equals(await this.unwrapped(name, own.wrapped, own.master))) return;
    throw new Refusal('keyDiffers', `${name.subject} 在本库和文件中的密钥不同，文件不属于本库。`, { kind: 'conflict' });
  }

  async rewrap(tx: Tx, limit: number): Promise<number> {
    await this.masters.read();
    const master = await this.masters.current();
    const { rows } = await sql<KeyName & { wrapped: string; master: string }>`
      select county, subject, wrapped, master from sealing_key where master <> ${master.id} order by county, subject limit ${limit} for update`.execute(
      tx,
    );
    if (rows.length === 0) return this.rewrapIndex(tx, master);
    const anew = [];
    for (const { wrapped, master: old, ...name } of rows) {
      const key = await this.unwrapped(name, wrapped, old);
      anew.push({ ...name, wrapped: wrap(this.suite, master, aboutKey(name), key) });
    }
    await sql`update sealing_key k set wrapped = t.wrapped, master = ${master.id}
      from json_to_recordset(${JSON.stringify(anew)}::json) as t(county text, subject uuid, wrapped text)
      where k.county = t.county and k.subject = t.subject`.execute(tx);
    return rows.length;
  }

  private async rewrapIndex(tx: Tx, master: MasterKey): Promise<number> {
    const { setting, key } = await loadIndexKey(tx, this.masters);
    if (setting.index.master === master.id) return 0;
    const wrapped = wrap(this.suite, master, aboutIndex, key);
    await putSetting(tx, sealing, { ...setting, index: { ...setting.index, master: master.id, wrapped } });
    return 1;
  }
}

/**
 * Reads how this database is sealed; where it is not yet, begins. Refuses `masterKeyMissing` where it was sealed with a master key that
 * the source does not have.
 */
export const openKeys = async (connection: Connection, source: MasterKeySource): Promise<Keys> => {
  const database = openDatabase(connection, { max: 1 });
  const as = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.as(machineActor, work);
  const masters = new MasterKeys(source);
  try {
    if (!(await as((tx) => findSetting(tx, sealing)))) {
      await masters.begin();
      const master = await masters.current();
      const wrapped = wrap('standard', master, aboutIndex, randomBytes(keyBytes));
      const begun = { suite: 'standard', index: { suite: 'standard', master: master.id, wrapped } };
      await as((tx) =>
        sql`insert into setting (name, value) values (${sealing.name}, ${JSON.stringify(begun)}::jsonb) on conflict do nothing`.execute(
          tx,
        ),
      );
    }
    const keys = new KeyRing(masters);
    await as((tx) => keys.reload(tx));
    return keys;
  } finally {
    await database.close();
  }
};
