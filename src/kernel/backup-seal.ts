// Sealing backups with age (age-encryption.org/v1): who makes them has only the public half of a key that is kept elsewhere.
import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { z } from 'zod';
import { Refusal } from './refusal.ts';
import type { Setting } from './setting.ts';

const Recipient = z.string().startsWith('age1');
/** The public half of the key that backups are sealed for; without it none is made unless asked for in clear. */
export const backupRecipient: Setting<typeof Recipient> = { name: 'backupRecipient', schema: Recipient };

const mark = 'age-encryption.org/v1\n';

/**
 * Makes a key in the format of age-keygen: the secret half goes into `file`, readable by its owner alone, and nowhere else. Returns
 * the public half. Refuses a file that exists (`fileExists`).
 */
export const makeBackupKey = async (file: string): Promise<string> => {
  const secret = await generateIdentity();
  const recipient = await identityToRecipient(secret);
  const text = `# made: ${new Date().toISOString()}\n# public key: ${recipient}\n${secret}\n`;
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Refusal('fileExists', `文件 ${file} 已存在，请换一个文件名。`, { kind: 'conflict' });
  }
  return recipient;
};

/** A stage of a pipeline that seals what passes through it. */
export const sealFor = (recipient: string) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    yield* await encrypter.encrypt(Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>);
  };

export const isSealed = async (file: string): Promise<boolean> => {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mark.length), 0, mark.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === mark;
  } finally {
    await handle.close();
  }
};

const readSecret = async (keyFile: string): Promise<string> => {
  const text = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => error.code ?? '');
  const secret = text.split(/\r?\n/).find((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (secret) return secret;
  throw new Refusal('keyWrong', `${keyFile} 不是备份密钥文件，或无法读取。`, { kind: 'input' });
};

/** The bytes of a backup, unsealed if it is sealed. Refuses `keyNeeded` and `keyWrong`; a changed file fails while it is read. */
export const readUnsealed = async (file: string, keyFile?: string): Promise<Readable> => {
  const source = createReadStream(file);
  if (!(await isSealed(file))) return source;
  if (keyFile === undefined)
    throw new Refusal('keyNeeded', '这份备份已加密，请用 --key 指明备份密钥文件。', { kind: 'input' });
  const decrypter = new Decrypter();
  decrypter.addIdentity(await readSecret(keyFile));
  try {
    return Readable.fromWeb((await decrypter.decrypt(Readable.toWeb(source) as ReadableStream<Uint8Array>)) as never);
  } catch (error) {
    // age tells a wrong key by this sentence alone.
    if (!(error instanceof Error && error.message.startsWith('no identity matched'))) throw error;
    throw new Refusal('keyWrong', '密钥与这份备份不符：备份是用另一把密钥加密的。', { kind: 'input' });
  }
};
