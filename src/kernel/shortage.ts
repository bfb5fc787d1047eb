// Faults that mean too little of something: room on a disk, connections, memory. Nothing was written, and later it may work.
import { Refusal } from './refusal.ts';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What the system says of a disk that is full, of a quota, or of a file larger than the disk or the process may have. */
export const isNoSpace = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error)) ||
  (error instanceof Error && error.cause !== undefined && isNoSpace(error.cause));

export interface Shortage {
  readonly code: 'diskFull' | 'busy';
  /** RFC 4918 has a status of its own for a server without room. */
  readonly status: 503 | 507;
  readonly message: string;
}

const diskFull: Shortage = {
  code: 'diskFull',
  status: 507,
  message: '服务器磁盘已满，这次的内容没有保存。请联系系统管理员清理磁盘，之后重新提交。',
};
const busy: Shortage = {
  code: 'busy',
  status: 503,
  message: '服务器暂时忙不过来，这次的内容没有保存。请稍后重新提交；若一再出现，请联系系统管理员。',
};

/** Class 53 of PostgreSQL (insufficient resources), and a full disk of our own. Undefined for any other fault. */
export const findShortage = (error: unknown): Shortage | undefined => {
  if (error instanceof Refusal || !(error instanceof Error)) return undefined;
  const code = codeOf(error);
  if (code === '53100' || isNoSpace(error)) return diskFull;
  if (/^53\w{3}$/.test(code)) return busy;
  return error.cause === undefined ? undefined : findShortage(error.cause);
};
