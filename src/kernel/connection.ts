// Reads a postgres:// address into the settings of a connection.
import type { Connection } from './database.ts';
import { Refusal } from './refusal.ts';

/** Settings from `postgres://user:password@host:port/database?sslmode=require`; refuses (`databaseAddress`) what is not such an address. */
export const connectionOf = (text: string): Connection => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname)
    throw new Refusal('databaseAddress', '数据库地址应形如 postgres://用户:密码@主机:端口/数据库。', { kind: 'input' });
  const mode = url.searchParams.get('sslmode');
  return {
    host: decodeURIComponent(url.searchParams.get('host') ?? url.hostname),
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username || 'postgres'),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || 'kangtu',
    ...(mode && mode !== 'disable' ? { ssl: { rejectUnauthorized: mode === 'verify-full' } } : {}),
  };
};
