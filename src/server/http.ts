// HTTP: routes of the contract below /api, problem+json for refusals, and OpenAPI. Sign-in, jobs and static files are plugins.
import { randomUUID } from 'node:crypto';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { implement, ORPCError, ValidationError } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Actor } from '../kernel/access.ts';
import { type Clock, dayAt } from '../kernel/calendar.ts';
import { type Database, isDatabaseAway } from '../kernel/database.ts';
import { metaOf, perform } from '../kernel/perform.ts';
import { Refusal, refusalStatus } from '../kernel/refusal.ts';
import { findShortage } from '../kernel/shortage.ts';
import type { Ctx } from '../policy/context.ts';
import { holdPacks } from '../policy/held-packs.server.ts';
import type { PackLibrary } from '../policy/library.ts';
import { contract } from './contract.ts';
import { addGuards, isWrite } from './guard.ts';
import { addLimits, createLimit, type RequestRates, TooManyRequests } from './limits.ts';
import { createRefusedRequests, type TurnedAway } from './refused-requests.ts';
import { handlers, journal } from './slices.ts';

export interface ServerOptions {
  readonly database: Database;
  readonly packs: PackLibrary;
  readonly clock: Clock;
  /** Who is asking, from the session; null when nobody has signed in. A refusal leaves what is open to anyone. */
  readonly actorOf: (request: FastifyRequest) => Promise<Actor | null>;
  /** Called with faults that are bugs, with the id that the user was told. */
  readonly onFault?: (requestId: string, error: unknown) => void;
  /** The address that users open, when it differs from the server's own; `https://…` says that they come by TLS. */
  readonly publicUrl?: string;
  /** How often one may ask; without it as often as one likes. */
  readonly rates?: RequestRates;
}

/** The visitor without a session: sees no person, may only do what is open to anyone. */
const visitor: Actor = { user: 'public', name: '公众', role: 'public', organisation: null, scope: '' };

export const contextOf = (options: Pick<ServerOptions, 'packs' | 'clock'>, actor: Actor, requestId: string): Ctx => {
  const now = options.clock.now();
  return { actor, now, today: dayAt(now), requestId, address: null, journal, packs: options.packs };
};

interface HttpContext {
  readonly actor: Actor | null;
  /** Why a session may do no more than a visitor for now. */
  readonly kept: Refusal | undefined;
  readonly requestId: string;
  readonly address: string;
  fault?: { readonly error: unknown };
}

type AnyHandler = (tx: never, ctx: Ctx, input: never) => Promise<unknown>;

const askWho = async (
  options: ServerOptions,
  request: FastifyRequest,
): Promise<Pick<HttpContext, 'actor' | 'kept'>> => {
  try {
    return { actor: await options.actorOf(request), kept: undefined };
  } catch (error) {
    if (error instanceof Refusal) return { actor: null, kept: error };
    throw error;
  }
};

/** Walks contract and handlers together: every operation of the contract has a handler of the same name. */
const routerOf = (options: ServerOptions, node: object, own: object): object => {
  const held = holdPacks(options.database, options.packs);
  return Object.fromEntries(
    Object.entries(node).map(([name, operation]) => {
      const handler: unknown = own[name as keyof typeof own];
      if (typeof handler !== 'function') return [name, routerOf(options, operation, handler as object)];
      const meta = metaOf(operation);
      const procedure = implement(operation as never) as unknown as {
        $context<T>(): { handler(work: (o: { context: T; input: unknown }) => Promise<unknown>): object };
      };
      return [
        name,
        procedure.$context<HttpContext>().handler(async ({ context, input }) => {
          const actor = context.actor ?? (meta.roles === 'anyone' ? visitor : null);
          if (!actor) throw context.kept ?? new Refusal('signInNeeded', '请先登录。', { kind: 'access' });
          const packs = await held.current();
          const ctx = { ...contextOf({ ...options, packs }, actor, context.requestId), address: context.address };
          const result = await perform(options.database, operation, handler as AnyHandler as never, ctx, input);
          // Whoever has just adopted a pack is answered by it from the next request on.
          if (meta.writes && meta.name.startsWith('policy.')) held.forget();
          return result;
        }),
      ];
    }),
  );
};

const inputRefusal = (error: ValidationError): Refusal => {
  const issues = error.issues as readonly z.core.$ZodIssue[];
  const fields = Object.fromEntries(issues.map((issue) => [(issue.path ?? []).map(String).join('.'), issue.message]));
  const first = issues[0];
  return new Refusal(
    'inputInvalid',
    `填写有误：${first ? `${(first.path ?? []).join('.')} ${first.message}` : '请检查'}`,
    { kind: 'input', fields },
  );
};

/** What oRPC (`status`) and Fastify (`statusCode`) say of a request that they cannot read. */
const clientFault = (error: unknown): number | undefined => {
  const status = error instanceof ORPCError ? error.status : (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
};

/** What nobody of ours sends. A field that was filled in wrongly is no such thing: clerks do that all day. */
const turnedAway = (error: unknown): TurnedAway | undefined => {
  if (error instanceof TooManyRequests) return 'tooManyRequests';
  if (error instanceof ORPCError && error.cause instanceof ValidationError) return undefined;
  return clientFault(error) === undefined ? undefined : 'inputInvalid';
};

/** The problem that a fault becomes (RFC 9457); the only place where a Refusal turns into HTTP. */
const problemOf = (error: unknown, requestId: string) => {
  const cause =
    error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError
      ? inputRefusal(error.cause)
      : error;
  if (cause instanceof Refusal)
    return {
      type: `urn:kangtu:refusal:${cause.code}`,
      title: cause.message,
      detail: cause.message,
      status: refusalStatus(cause),
      code: cause.code,
      fields: cause.fields,
      cites: cause.cites,
      requestId,
    };
  if (cause instanceof TooManyRequests)
    return {
      type: 'urn:kangtu:refusal:tooManyRequests',
      title: cause.message,
      detail: cause.message,
      status: 429,
      code: 'tooManyRequests',
      fields: {},
      cites: [],
      requestId,
    };
  const status = clientFault(cause);
  if (status !== undefined)
    return {
      type: 'urn:kangtu:refusal:inputInvalid',
      title: '请求无法读取。',
      detail: '请求无法读取。',
      status,
      code: 'inputInvalid',
      fields: {},
      cites: [],
      requestId,
    };
  const shortage = findShortage(cause);
  if (shortage)
    return {
      type: `urn:kangtu:${shortage.code}`,
      title: shortage.message,
      detail: shortage.message,
      status: shortage.status,
      code: shortage.code,
      fields: {},
      cites: [],
      requestId,
    };
  if (isDatabaseAway(cause))
    return {
      type: 'urn:kangtu:databaseAway',
      title: '数据库正在恢复，请稍后再试。',
      detail: '数据库正在恢复，请稍后再试。',
      status: 503,
      code: 'databaseAway',
      fields: {},
      cites: [],
      requestId,
    };
  return {
    type: 'about:blank',
    title: '系统出错，请记下编号联系管理员。',
    detail: '系统出错，请记下编号联系管理员。',
    status: 500,
    code: 'fault',
    fields: {},
    cites: [],
    requestId,
  };
};

const sendProblem = (reply: FastifyReply, options: ServerOptions, error: unknown, requestId: string): FastifyReply => {
  const problem = problemOf(error, requestId);
  if (problem.status === 500 || problem.status === 507) options.onFault?.(requestId, error);
  if (error instanceof TooManyRequests) reply.header('retry-after', String(error.retryAfterSeconds));
  if (problem.status === 503) reply.header('retry-after', '5');
  return reply.status(problem.status).type('application/problem+json').send(problem);
};

const openApi = () =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
    info: { title: 'Kangtu 康途', version: '1', description: '精神障碍社区康复服务管理' },
    servers: [{ url: '/api' }],
  });

/** A list of 32 MB and the form around it. */
const mostUploadBytes = 33 * 1024 * 1024;
/** Thousands of rows of any form. */
const mostJsonBytes = 2 * 1024 * 1024;
/** What Fastify itself reads: a name and a password. */
const mostSignInBytes = 16 * 1024;

/** oRPC reads bodies past Fastify's own limit, whole into memory: their length must be said and fit. */
const checkBody = (request: FastifyRequest): void => {
  const { 'content-length': length, 'content-type': type = '', 'transfer-encoding': encoding } = request.headers;
  const most = type.startsWith('multipart/form-data') ? mostUploadBytes : mostJsonBytes;
  if (encoding !== undefined || Number(length ?? 0) > most)
    throw new Refusal('bodyTooLarge', `提交的内容超过 ${most / 2 ** 20} MB，或没有说明大小，请拆分后提交。`, {
      kind: 'input',
    });
};

/**
 * What the web app seeks comes percent-encoded in a header, because it may be somebody's name and addresses are written down by proxies. It
 * stands for the field `search` of the query, which commands and other programs may go on using.
 */
const takeWords = (request: FastifyRequest): void => {
  const words = request.headers['x-kangtu-search'];
  const { url = '' } = request.raw;
  if (request.method !== 'GET' || typeof words !== 'string' || words.length > 2000) return;
  const text = new URLSearchParams({ search: decodeText(words) }).toString();
  request.raw.url = `${url}${url.includes('?') ? '&' : '?'}${text}`;
};

/** Text that is not percent-encoded rightly finds nothing. */
const decodeText = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Counts each request below /api: first by address, then, once it is known who asks, by account or as a visitor's write. */
const limitRequests = (app: FastifyInstance, rates: RequestRates) => {
  const byAccount = createLimit(app, rates.account);
  const byVisitor = createLimit(app, rates.visitor);
  return {
    address: createLimit(app, rates.address),
    actor: async (request: FastifyRequest, actor: Actor | null) => {
      if (actor) await byAccount(request, actor.user);
      else if (isWrite(request)) await byVisitor(request);
    },
  };
};

/** The server, not yet listening. The caller adds sign-in, jobs and the web app, and closes it. */
export const createHttp = (options: ServerOptions): FastifyInstance => {
  const app = Fastify({
    logger: false,
    bodyLimit: mostSignInBytes,
    genReqId: () => randomUUID(),
    // A proxy on this machine (TLS) says whom it serves; nobody else is believed.
    trustProxy: 'loopback',
  });
  addGuards(app, options.publicUrl ?? '');
  addLimits(app);
  const limit = options.rates && limitRequests(app, options.rates);
  if (limit)
    app.after(() =>
      app.addHook('onRequest', async (request) => {
        if (request.url.startsWith('/api/')) await limit.address(request);
      }),
    );
  // oRPC would answer a fault itself, as its own JSON. It is noted where it is thrown and thrown again outside, so that one place answers.
  const handler = new OpenAPIHandler<HttpContext>(routerOf(options, contract, handlers) as never, {
    interceptors: [
      ({ next, context }) =>
        next().catch((error: unknown) => {
          context.fault = { error };
          throw error;
        }),
    ],
    rootInterceptors: [
      async ({ next, context }) => {
        const result = await next();
        if (!context.fault) return result;
        const { error } = context.fault;
        // Where the body was no JSON or no form, what the reader said is taken by oRPC for the client's fault, and is no bug of ours.
        const isUnread = result.response?.status === 400 && !(error instanceof Refusal || error instanceof ORPCError);
        throw isUnread ? new ORPCError('BAD_REQUEST', { cause: error }) : error;
      },
    ],
  });
  app.register(async (api) => {
    // oRPC reads the body itself.
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    let document: Promise<unknown> | undefined;
    api.get('/api/openapi.json', () => {
      document ??= openApi();
      return document;
    });
    api.all('/api/*', { bodyLimit: mostUploadBytes }, async (request, reply) => {
      checkBody(request);
      takeWords(request);
      const { actor, kept } = await askWho(options, request);
      await limit?.actor(request, actor);
      const context: HttpContext = { actor, kept, requestId: request.id, address: request.ip };
      const { matched } = await handler.handle(request, reply, { prefix: '/api', context });
      if (!matched)
        return sendProblem(reply, options, new Refusal('notFound', '没有这个接口。', { kind: 'absent' }), request.id);
      return reply;
    });
  });
  const turnAway = createRefusedRequests(options, (error) => options.onFault?.('audit', error));
  app.setErrorHandler((error, request, reply) => {
    const why = turnedAway(error);
    if (why) turnAway(request, why);
    return sendProblem(reply, options, error, request.id);
  });
  return app;
};
