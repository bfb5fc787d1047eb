// Loaded before a server (`node --import`): whatever reaches for another host fails, and is told on stderr as `outside: …`.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const isInside = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|::)$/.test(host);

const refuse = (what: string): never => {
  console.error(`outside: ${what}`);
  throw new Error(`a connection to the outside was tried: ${what}`);
};
const check = (host: unknown): void => {
  if (typeof host === 'string' && !isInside(host)) refuse(host);
};

// fetch, http, https, tls and pg all open their connections here.
const connect = net.Socket.prototype.connect as (...all: unknown[]) => net.Socket;
net.Socket.prototype.connect = function (this: net.Socket, ...all: unknown[]) {
  const [given] = all.flat();
  const second = all.flat()[1];
  if (typeof given === 'object' && given !== null) check((given as { host?: unknown }).host);
  else if (typeof given === 'number') check(second);
  return connect.apply(this, all);
} as typeof net.Socket.prototype.connect;

for (const target of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  const names = Object.getOwnPropertyNames(target).filter((name) => /^(lookup|resolve|reverse)/.test(name));
  const functions = target as unknown as Record<string, (...all: unknown[]) => unknown>;
  for (const name of names) {
    const original = functions[name];
    functions[name] = function (this: unknown, ...all: unknown[]) {
      check(all[0]);
      return original?.apply(this, all);
    };
  }
}
for (const name of ['send', 'connect'] as const) {
  const prototype = dgram.Socket.prototype as unknown as Record<string, (...all: unknown[]) => unknown>;
  prototype[name] = () => refuse(`a datagram (${name})`);
}
syncBuiltinESMExports();
