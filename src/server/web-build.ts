// Builds the web app when its sources have changed, as a child process beside the start of the engine.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Refusal } from '../kernel/refusal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const webFolder = join(root, 'dist', 'web');
const stampFile = join(root, 'dist', 'web.stamp');

/** The hash of all that may reach the browser. */
const hashSources = (): string => {
  const files = globSync(['src/**/*.{ts,tsx,css,json,svg}', 'index.html', 'vite.config.ts', 'package-lock.json'], {
    cwd: root,
  });
  const hash = createHash('sha256').update(process.version);
  for (const file of files.filter((name) => !/\.(test|server|sql|fixtures)\.ts$/.test(name)).sort())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

const runVite = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      // Whatever the parent is doing (a test runner says `test`): libraries in their production form.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => lines.push(String(part)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Refusal('webBuildFailed', `网页未能生成：\n${lines.join('').slice(-2000)}`)),
    );
  });

/** Writes .br and .gz beside what is worth it, so that the server sends them as they are. */
const compressAll = async (): Promise<void> => {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };
  for (const name of await readdir(webFolder, { recursive: true })) {
    if (!/\.(js|css|html|svg|json)$/.test(name)) continue;
    const file = join(webFolder, name);
    const content = await readFile(file);
    if (content.length < 1024) continue;
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, quality));
    await writeFile(`${file}.gz`, await promisify(gzip)(content));
  }
};

/** Brings dist/web up to date. Refuses `webBuildFailed`. */
export const buildWeb = async (log: (line: string) => void): Promise<void> => {
  const stamp = hashSources();
  const built =
    existsSync(join(webFolder, 'index.html')) && existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (built === stamp) return;
  log('正在生成网页…');
  await runVite();
  await compressAll();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
};
