// The demo's mark on a database: its clock, the password of its accounts, and signing in as one of them from this machine only.
import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { machineActor } from '../kernel/access.ts';
import { type Clock, dayAt, offsetClock, systemClock } from '../kernel/calendar.ts';
import type { Database } from '../kernel/database.ts';
import { findSetting, putSetting } from '../kernel/setting.ts';

const DemoSetting = z.object({
  /** What the demo's clock showed at `startedAt`, a real instant. */
  clock: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  password: z.string(),
});
export type DemoSetting = z.infer<typeof DemoSetting>;
const setting = { name: 'demo', schema: DemoSetting };

export const findDemo = (database: Database): Promise<DemoSetting | undefined> =>
  database.as(machineActor, (tx) => findSetting(tx, setting));

/** Thursday 14 November 2024, nine in the morning in China: the day after the demo's last entry. */
const demoStart = '2024-11-14T01:00:00.000Z';

const loadingSetting = { name: 'demoLoading', schema: z.boolean() };

/** A demo that was cut off while it loaded: half of it is of no use. */
export const isDemoUnfinished = async (database: Database): Promise<boolean> =>
  (await database.as(machineActor, (tx) => findSetting(tx, loadingSetting))) ?? false;

export interface DemoLoad {
  readonly database: Database;
  /** Stands at the demo's start while it loads. */
  readonly clock: Clock;
  /** For every account of the demo; new for each database. */
  readonly password: string;
}

/** Loads a demo with `load`, marks the database as one, and starts its clock. */
export const makeDemo = async (database: Database, load: (demo: DemoLoad) => Promise<void>): Promise<void> => {
  // Random letters and digits have all kinds of characters most times, and a password must have them always.
  const password = `${randomBytes(24).toString('base64url')}-Aa1`;
  await database.as(machineActor, (tx) => putSetting(tx, loadingSetting, true));
  await load({ database, password, clock: { now: () => demoStart, today: () => dayAt(demoStart) } });
  await database.as(machineActor, async (tx) => {
    await putSetting(tx, setting, { clock: demoStart, startedAt: systemClock.now(), password });
    await putSetting(tx, loadingSetting, false);
  });
};

export const clockOf = (demo: DemoSetting | undefined): Clock =>
  demo ? offsetClock(demo.clock, demo.startedAt) : systemClock;

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const ownHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/**
 * From this machine, not through a proxy on it (which would make everybody local), and under a name of this machine (a foreign
 * name that resolves to 127.0.0.1 is a web page's attempt to reach in).
 */
export const isFromThisMachine = (request: FastifyRequest): boolean =>
  loopback.test(request.socket.remoteAddress ?? '') &&
  ownHost.test(request.headers.host ?? '') &&
  !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in request.headers);
