// Says in words for people why the embedded PostgreSQL cannot run, and what to do about it.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from './refusal.ts';

const elsewhere = '或设置环境变量 KANGTU_DATA 指定另一个文件夹';
const ownServer = '可设置环境变量 KANGTU_DATABASE=postgres://… 改用自有的 PostgreSQL（15 及以上）';

export const refuseFolderInUse = (folder: string, pid: number, lockFile?: string): Refusal =>
  new Refusal(
    'folderInUse',
    `数据文件夹 ${folder} 正在被另一个程序使用（进程号 ${pid}）。请先停止该程序，${elsewhere}。` +
      (lockFile === undefined ? '' : `若确认进程 ${pid} 不是康途，请删除文件 ${lockFile} 后重试。`),
    { kind: 'conflict' },
  );

export const refusePortTaken = (port: number | undefined): Refusal =>
  new Refusal('portTaken', `本机端口 ${port ?? ''} 已被其他程序占用。请停止该程序，或换用另一个端口。`, {
    kind: 'conflict',
  });

export const refuseDiskFull = (folder: string): Refusal =>
  new Refusal(
    'diskFull',
    `数据文件夹 ${folder} 所在磁盘空间不足（首次启动约需 500 MB）。请清理磁盘后重试，${elsewhere}。`,
  );

export const refuseFolderUnwritable = (folder: string, why: string): Refusal =>
  new Refusal(
    'folderUnwritable',
    `数据文件夹 ${folder} 无法使用：${why}。请让运行康途的账户拥有该文件夹的读写权限，${elsewhere}。`,
  );

export const refusePlatformUnknown = (platform: string): Refusal =>
  new Refusal('platformUnknown', `自带的数据库不能在本机（${platform}）上运行。${ownServer}。`);

export const refuseServerFailed = (what: string, lines: readonly string[] = []): Refusal =>
  new Refusal('serverFailed', [`自带的数据库未能启动：${what}`, ...lines].join('\n'));

const unusable: Readonly<Record<string, string>> = {
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '所在磁盘是只读的',
  ENOTDIR: '路径中有一段不是文件夹',
  EEXIST: '同名的文件已存在，且不是文件夹',
  ENAMETOOLONG: '路径过长',
};

/** Turns an error of the file system into the refusal it means; anything else comes back as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Refusal) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return refuseDiskFull(folder);
  const why = unusable[code];
  return why === undefined ? error : refuseFolderUnwritable(folder, why);
}

/** Turns what initdb or postgres wrote (in the C locale) before it ended into a refusal. */
export function explainOutput(output: string, folder: string, port?: number): Refusal {
  if (/No space left on device|Disk quota exceeded/.test(output)) return refuseDiskFull(folder);
  // Only TCP: two servers never share a socket folder, so there the same words would hide another cause.
  if (/could not bind IPv[46] address|could not create any TCP\/IP sockets/.test(output)) return refusePortTaken(port);
  if (/Read-only file system/.test(output)) return refuseFolderUnwritable(folder, '所在磁盘是只读的');
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return refuseServerFailed('以下是数据库日志的最后几行。', lines.slice(-20));
}

/** True when the only thing wrong is that processes of a server that was killed are still ending. */
export const isStillEnding = (output: string): boolean =>
  /pre-existing shared memory block|lock file ".*" already exists/.test(output);

const keptLogs = 20;

/** Remembers where the server's log ends now; the result reads what was written after. Drops all but the newest 20 files. */
export async function markLog(logFolder: string): Promise<() => Promise<string>> {
  const list = async () => (await readdir(logFolder)).sort();
  const files = await list();
  for (const old of files.slice(0, -keptLogs)) await rm(join(logFolder, old), { force: true });
  const before = files.at(-1);
  const size = before === undefined ? 0 : (await stat(join(logFolder, before))).size;
  return async () => {
    const after = (await list()).at(-1);
    if (after === undefined) return '';
    const written = await readFile(join(logFolder, after));
    return written.subarray(after === before ? size : 0).toString();
  };
}
