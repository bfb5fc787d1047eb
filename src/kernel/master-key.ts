// Where the master key comes from: a file beside the data, the environment, or a command (of a key management service).
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from './refusal.ts';
import { keyBytes } from './sealing.ts';

export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/** The first key wraps; the others still unwrap. */
export interface MasterKeySource {
  /** As people call it, for messages. */
  readonly label: string;
  /** Empty where no key has been made yet. Refuses `masterKeyWrong`. */
  read(): Promise<MasterKey[]>;
  /** Only a file can be written. */
  readonly write?: (keys: readonly MasterKey[]) => Promise<void>;
}

/** Where the master key lies unless said otherwise: beside the database's files, not among them. */
export const masterKeyFile = (folder: string): string => join(folder, 'master.key');

export const makeMasterKey = (): MasterKey => ({ id: randomBytes(4).toString('hex'), key: randomBytes(keyBytes) });

/** One key a line, `id base64`; lines that begin with # are for people. */
export const writeMasterKeys = (keys: readonly MasterKey[]): string =>
  keys.map(({ id, key }) => `${id} ${key.toString('base64')}\n`).join('');

export const readMasterKeys = (text: string, label: string): MasterKey[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line, at) => {
      const [, id, base64] = /^\s*([0-9a-f]{8})\s+([A-Za-z0-9+/]+=*)\s*$/.exec(line) ?? [];
      const key = Buffer.from(base64 ?? '', 'base64');
      if (id && key.length === keyBytes) return { id, key };
      throw new Refusal(
        'masterKeyWrong',
        `${label}第 ${at + 1} 行不是主密钥：每行应为 8 位编号、空格、Base64 的 32 字节密钥。`,
        { kind: 'input' },
      );
    });

/** Of writers that were killed: nobody looks for keys in them, and whoever found one could read everything. */
const removeDrafts = async (file: string): Promise<void> => {
  const isDraft = (name: string): boolean =>
    name.startsWith(`${basename(file)}.`) && /^[0-9a-f]{8}\.part$/.test(name.slice(basename(file).length + 1));
  for (const name of (await readdir(dirname(file))).filter(isDraft))
    await rm(join(dirname(file), name), { force: true });
};

export const masterKeysInFile = (file: string): MasterKeySource => {
  const label = `主密钥文件 ${file} `;
  return {
    label,
    read: async () => {
      try {
        return readMasterKeys(await readFile(file, 'utf8'), label);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    write: async (keys) => {
      const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
      const head = '# 康途主密钥：没有它，任何人都读不出姓名、证件号等内容。请另存他处，不要与数据库备份放在一起。\n';
      await mkdir(dirname(file), { recursive: true });
      await writeFile(draft, head + writeMasterKeys(keys), { flag: 'wx', mode: 0o600, flush: true });
      await rename(draft, file);
      await removeDrafts(file);
    },
  };
};

const masterKeysFromCommand = (command: string): MasterKeySource => {
  const label = '环境变量 KANGTU_MASTER_KEY_COMMAND 的命令所给的';
  const shell = platform() === 'win32' ? ['cmd', '/c'] : ['sh', '-c'];
  return {
    label,
    read: async () => {
      const [program = '', flag = ''] = shell;
      const { stdout } = await promisify(execFile)(program, [flag, command], { timeout: 60_000 }).catch(() => {
        // What the command wrote may hold the key.
        throw new Refusal('masterKeyWrong', '取主密钥的命令（KANGTU_MASTER_KEY_COMMAND）没有成功。', { kind: 'input' });
      });
      return readMasterKeys(stdout, label);
    },
  };
};

/** By KANGTU_MASTER_KEY (the text), KANGTU_MASTER_KEY_COMMAND, KANGTU_MASTER_KEY_FILE, or else the file given. */
export const masterKeySource = (file: string): MasterKeySource => {
  const { KANGTU_MASTER_KEY: text, KANGTU_MASTER_KEY_COMMAND: command, KANGTU_MASTER_KEY_FILE: named } = process.env;
  const label = '环境变量 KANGTU_MASTER_KEY ';
  if (text) return { label, read: async () => readMasterKeys(text, label) };
  if (command) return masterKeysFromCommand(command);
  return masterKeysInFile(named || file);
};

/** What names no key that the source has. */
export const masterKeyMissing = (id: string, label: string): Refusal =>
  new Refusal(
    'masterKeyMissing',
    `数据库里的个人信息由主密钥 ${id} 加密，${label}中没有这把密钥。请把当时的主密钥放回原处，再试一次。`,
    { kind: 'conflict' },
  );

/** For how long a master key that was read from a file is taken to be the current one. */
export const freshMs = 1000;

/** The master keys in memory; asked for again where one is named that is not known yet, as after a rotation by another process. */
export class MasterKeys {
  readonly label: string;
  private readonly source: MasterKeySource;
  private keys: readonly MasterKey[] = [];
  private readAt = 0;

  constructor(source: MasterKeySource) {
    this.source = source;
    this.label = source.label;
  }

  async read(): Promise<void> {
    this.keys = await this.source.read();
    this.readAt = Date.now();
  }

  /** The key that wraps. A file is looked at again, so that nothing is wrapped with a key that another process has replaced. */
  async current(): Promise<MasterKey> {
    if (this.readAt === 0 || (this.source.write && Date.now() - this.readAt > freshMs)) await this.read();
    const [first] = this.keys;
    if (!first) throw masterKeyMissing('', this.label);
    return first;
  }

  async get(id: string): Promise<MasterKey> {
    if (!this.keys.some((key) => key.id === id)) await this.read();
    const found = this.keys.find((key) => key.id === id);
    if (!found) throw masterKeyMissing(id, this.label);
    return found;
  }

  /** Makes the first key of an installation: only where nothing is sealed yet, or what is sealed would be lost. */
  async begin(): Promise<void> {
    if ((await this.source.read()).length > 0) return;
    if (!this.source.write) throw masterKeyMissing('', this.label);
    await this.source.write([makeMasterKey()]);
  }
}
