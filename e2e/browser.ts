// A real browser for the tests and the README's pictures: Chromium from npm on Linux (x64), an installed Chrome or Edge elsewhere.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** The Chromium of @sparticuz/chromium, unpacked once into the temporary folder. */
const unpackChromium = async (): Promise<string> => {
  // It brings the system libraries that a bare machine lacks, but unpacks them only when it believes to be in this runtime.
  if (!libraryFolders.some((folder) => existsSync(join(folder, 'libnss3.so')))) {
    process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x';
  }
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
};

/** A fontconfig file that adds a Chinese font from npm to the fonts of the machine, which on servers has often none. */
const writeFontConfig = (): string => {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
  const folder = join(tmpdir(), 'kangtu-fonts');
  const file = join(folder, `fonts-${process.pid}.conf`);
  mkdirSync(folder, { recursive: true });
  const system = existsSync('/etc/fonts/fonts.conf') ? '<include>/etc/fonts/fonts.conf</include>' : '';
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${system}<dir>${fonts}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>
`,
  );
  return file;
};

/** No name leads anywhere, for the browser itself neither. */
const noWayOut = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];

const launchOnLinux = async (): Promise<Browser> => {
  const executablePath = await unpackChromium();
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu', ...noWayOut],
    env: { ...process.env, FONTCONFIG_FILE: writeFontConfig() },
  });
};

const launchInstalled = async (): Promise<Browser> => {
  try {
    return await chromium.launch({ channel: 'chrome', args: noWayOut });
  } catch {
    return chromium.launch({ channel: 'msedge', args: noWayOut });
  }
};

/** Starts a browser without a window; the caller closes it. */
export const launchBrowser = (): Promise<Browser> =>
  process.platform === 'linux' && process.arch === 'x64' ? launchOnLinux() : launchInstalled();
