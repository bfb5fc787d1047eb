// How often one address or one account may ask: counted in this process, by fixed windows.
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const minute = 60_000;

/** At most `max` requests within a window of `timeWindow` milliseconds that begins with the first. */
export interface Rate {
  readonly max: number;
  readonly timeWindow: number;
}

/** Signing in, by address: it may be an office, or a whole mobile network. By name a lock counts, in the database. */
export const signInRate: Rate = { max: 30, timeWindow: minute };

export interface RequestRates {
  /** Everything below /api, by address. */
  readonly address: Rate;
  /** Everything below /api, by account. */
  readonly account: Rate;
  /** Writes without a session, by address. */
  readonly visitor: Rate;
}
export const requestRates: RequestRates = {
  address: { max: 30_000, timeWindow: minute },
  account: { max: 6_000, timeWindow: minute },
  visitor: { max: 20, timeWindow: 10 * minute },
};

/** Asked too often: becomes 429 with `retry-after` in server/http.ts. */
export class TooManyRequests extends Error {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds} 秒` : `${Math.ceil(retryAfterSeconds / 60)} 分钟`;
    super(`操作过于频繁，请在 ${wait}后再试。`);
    this.name = 'TooManyRequests';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Makes `createLimit` possible for the routes of this server; by itself it limits nothing. */
export const addLimits = (app: FastifyInstance): void => {
  // The least recently seen keys are forgotten first.
  app.register(rateLimit, { global: false, cache: 20_000 });
};

/** Counts a request under `key`, by default its address (an IPv6 network of 64 bits counts as one). Throws TooManyRequests. */
export type Limit = (request: FastifyRequest, key?: string) => Promise<void>;

export const createLimit = (app: FastifyInstance, rate: Rate): Limit => {
  const keys = new WeakMap<FastifyRequest, string>();
  const build = () => ({
    byAddress: app.createRateLimit({ ...rate }),
    byKey: app.createRateLimit({ ...rate, keyGenerator: (request) => keys.get(request) ?? '' }),
  });
  // The plugin is there once the server is ready.
  let counters: ReturnType<typeof build> | undefined;
  return async (request, key) => {
    counters ??= build();
    if (key !== undefined) keys.set(request, key);
    const counted = await (key === undefined ? counters.byAddress : counters.byKey)(request);
    if (!counted.isAllowed && counted.isExceeded) throw new TooManyRequests(Math.max(1, counted.ttlInSeconds));
  };
};
