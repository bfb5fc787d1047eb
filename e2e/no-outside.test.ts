// The guard of the story's server sees every way out that a library could take; otherwise its silence would prove nothing.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const guard = new URL('./no-outside.ts', import.meta.url).href;
const tried = (code: string): string[] => {
  const { stderr } = spawnSync(process.execPath, ['--import', guard, '--input-type=module', '-e', code], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  return stderr.split('\n').filter((line) => line.startsWith('outside: '));
};

test.each([
  ['fetch', `await fetch('http://192.0.2.1/').catch(() => 0)`],
  ['fetch by name', `await fetch('https://updates.example/').catch(() => 0)`],
  ['http', `(await import('node:http')).get('http://192.0.2.1/').on('error', () => 0)`],
  ['tls', `(await import('node:tls')).connect(443, '192.0.2.1').on('error', () => 0)`],
  ['net', `import { connect } from 'node:net'; connect({ host: '192.0.2.1', port: 1 })`],
  ['http2', `(await import('node:http2')).connect('http://192.0.2.1').on('error', () => 0)`],
  ['dns', `import { lookup } from 'node:dns'; lookup('updates.example', () => 0)`],
  ['dns, promised', `import { resolve4 } from 'node:dns/promises'; await resolve4('updates.example').catch(() => 0)`],
  ['datagrams', `import { createSocket } from 'node:dgram'; createSocket('udp4').send('x', 53, '192.0.2.1')`],
])('%s', (_, code) => {
  expect(tried(code).length).toBeGreaterThan(0);
});

test('its own host and sockets of files stay open', () => {
  const code = `import { createServer } from 'node:http';
    const server = createServer((_, reply) => reply.end('ok')).listen(0, '127.0.0.1', async () => {
      console.error('outside: ' + await (await fetch('http://127.0.0.1:' + server.address().port)).text()); server.close(); });`;
  expect(tried(code)).toEqual(['outside: ok']);
});
