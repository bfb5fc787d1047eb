// Keeps a data folder to one Kangtu process, and tells a living process from a dead one whose number was used again.
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseFolderInUse } from './cluster-failure.ts';

export interface Lock {
  /** Idempotent; leaves a lock that meanwhile belongs to somebody else alone. */
  release(): void;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Does the system know this process number, be it of a zombie? */
export function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * What tells this process from any other with the same number: boot and start time where /proc has them, else ''.
 * Undefined when the process is gone or a zombie (a container may have nobody to reap it).
 */
export function findProcessMark(pid: number): string | undefined {
  if (!isPidTaken(pid)) return undefined;
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return '';
  // The second field is the program's name in brackets and may hold spaces and brackets itself: proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${fields[19] ?? ''}`;
}

/** The folder a process works in, where the system tells. */
export function findWorkingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function checkOwner(text: string, folder: string, file: string): void {
  const [pidText = '', mark = ''] = text.split('\n');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const now = findProcessMark(pid);
  if (now === undefined || (mark !== '' && now !== '' && mark !== now)) return;
  throw refuseFolderInUse(folder, pid, now === '' ? file : undefined);
}

/** Takes `kangtu.pid` in the folder; refuses `folderInUse` while the process named there lives. */
export function takeLock(folder: string): Lock {
  const file = join(folder, 'kangtu.pid');
  const draft = `${file}.${process.pid}`;
  const text = `${process.pid}\n${findProcessMark(process.pid) ?? ''}\n`;
  // A link appears at once and complete, or not at all: nobody reads a lock half written.
  writeFileSync(draft, text, { mode: 0o644 });
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        break;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      setStaleAside(file, folder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  let released = false;
  return {
    release: () => {
      // Once only: a later lock of this same process reads alike.
      if (released) return;
      released = true;
      if (readIfThere(file) === text) rmSync(file, { force: true });
    },
  };
}

function setStaleAside(file: string, folder: string): void {
  const stale = readIfThere(file);
  if (stale === undefined) return;
  checkOwner(stale, folder, file);
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another process was faster; look again
  }
  // Between reading and renaming, another process may have put its own lock there: give it back.
  if (readIfThere(aside) !== stale) linkSync(aside, file);
  rmSync(aside, { force: true });
}
