// Starts one PostgreSQL for a test run (or uses KANGTU_TEST_DATABASE) with a migrated template that every test file copies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startCluster } from '../kernel/cluster.ts';
import { connectionOf } from '../kernel/connection.ts';
import type { Connection } from '../kernel/database.ts';
import { openKeys } from '../kernel/key-ring.ts';
import type { MasterKeySource } from '../kernel/master-key.ts';
import { migrate } from '../kernel/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: Connection;
    readonly template: string;
  }
}

export const appPassword = 'only-for-tests';
/** Every database of the tests is sealed with this master key. */
export const testMasterKeys: MasterKeySource = {
  label: '测试',
  read: async () => [{ id: '00000001', key: Buffer.alloc(32, 7) }],
};

const onServer = async (server: Connection, ...statements: string[]): Promise<void> => {
  const client = new pg.Client({ ...server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};

const open = async (): Promise<{ server: Connection; close: () => Promise<void> }> => {
  const url = process.env.KANGTU_TEST_DATABASE;
  if (url) return { server: connectionOf(url), close: async () => undefined };
  // Below the system's temporary folder, because PostgreSQL runs as another user when the tests run as root.
  const folder = mkdtempSync(join(tmpdir(), 'kangtu-test-'));
  const cluster = await startCluster({ folder, settings: { shared_buffers: '128MB', max_connections: '120' } });
  return {
    server: { ...cluster.admin, database: 'postgres' },
    close: async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { server, close } = await open();
  const template = `kangtu_template_${process.pid}`;
  await onServer(server, `drop database if exists ${template}`, `create database ${template}`);
  await migrate({ ...server, database: template }, appPassword);
  await openKeys({ ...server, database: template }, testMasterKeys);
  project.provide('postgres', server);
  project.provide('template', template);
  return async () => {
    await onServer(server, `drop database if exists ${template}`);
    await close();
  };
}
