// The routes of one's own account below /api/auth: password, second factor, sessions. They are open to a session that has a step to take first.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { machineActor } from '../kernel/access.ts';
import { recordAudit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/calendar.ts';
import { type AuditKind, Id } from '../kernel/contract.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import {
  changePassword,
  confirmSecondFactor,
  countRecoveryCodes,
  countTry,
  endOtherSessions,
  forgetFailures,
  giveSecondFactor,
  listSessions,
  type Owner,
  proposeSecondFactor,
  takeBackTry,
} from '../network/own-account.server.ts';
import { PasswordInput } from '../network/password.ts';
import type { Todo } from '../network/sign-in-rules.ts';
import { sealingKey } from '../network/totp.server.ts';
import type { Ctx } from '../policy/context.ts';
import type { PackLibrary } from '../policy/library.ts';
import { contextOf } from './http.ts';
import { refuseBefore, type Session } from './session.ts';

interface OwnAccountOptions {
  readonly database: Database;
  readonly packs: PackLibrary;
  readonly clock: Clock;
  readonly secret: string;
}

const Change = z.object({ id: Id, currentPassword: z.string().max(200), password: PasswordInput });
const Code = z.object({ code: z.string().trim().min(1, '请填写验证码').max(40) });
const Confirm = Code.extend({ id: Id });

const read = <S extends z.ZodType>(schema: S, body: unknown): z.output<S> => {
  const { data, error } = schema.safeParse(body);
  if (error) {
    const fields = Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), issue.message]));
    throw new Refusal('inputInvalid', `填写有误：${error.issues[0]?.message ?? '请检查'}`, { kind: 'input', fields });
  }
  return data;
};

/** What the audit calls it, and what it is about. */
type Told = readonly [operation: string, kind: AuditKind];

/** What the routes are given to work with. */
interface Desk {
  /** Who asks; refuses a session that has another step to take first than `steps`. */
  begin(request: FastifyRequest, steps?: readonly Todo[]): Promise<Owner & Pick<Session, 'hasSecondFactor'>>;
  run<T>(request: FastifyRequest, owner: Owner, work: (tx: Tx, ctx: Ctx) => Promise<T>): Promise<T>;
  /** Writes the audit's line of `work` before its answer leaves. */
  tell<T>(request: FastifyRequest, owner: Owner, [operation, kind]: Told, work: () => Promise<T>): Promise<T>;
  /** Counts a wrong password or code as a failure of the name, together with those at sign-in. */
  runCounted(request: FastifyRequest, owner: Owner, work: (tx: Tx, ctx: Ctx) => Promise<void>): Promise<void>;
}

const addPassword = (app: FastifyInstance, desk: Desk): void => {
  app.post('/api/auth/password', async (request) => {
    const change = read(Change, request.body);
    const owner = await desk.begin(request, ['changePassword', 'setUpSecondFactor']);
    await desk.tell(request, owner, ['account.changePassword', 'account'], () =>
      desk.runCounted(request, owner, (tx, ctx) => changePassword(tx, ctx, owner, change)),
    );
    return { changed: true };
  });
};

const addSecondFactor = (app: FastifyInstance, desk: Desk, key: Buffer): void => {
  // Not before a password that is due is changed: somebody else may know it, and would bind the account to their phone.
  app.post('/api/auth/second-factor/propose', async (request) => {
    const owner = await desk.begin(request, ['setUpSecondFactor']);
    return desk.run(request, owner, (tx, ctx) => proposeSecondFactor(tx, ctx, owner, key));
  });
  app.post('/api/auth/second-factor/confirm', async (request) => {
    const input = read(Confirm, request.body);
    const owner = await desk.begin(request, ['setUpSecondFactor']);
    const codes = await desk.tell(request, owner, ['account.setUpSecondFactor', 'account'], () =>
      desk.run(request, owner, (tx, ctx) => confirmSecondFactor(tx, ctx, owner, { ...input, key })),
    );
    return { recoveryCodes: codes };
  });
  app.post('/api/auth/second-factor/give', async (request) => {
    const { code } = read(Code, request.body);
    const owner = await desk.begin(request, ['giveSecondFactor']);
    await desk.tell(request, owner, ['secondFactor', 'signIn'], () =>
      desk.runCounted(request, owner, (tx, ctx) => giveSecondFactor(tx, ctx, owner, { code, key })),
    );
    return { ok: true };
  });
};

const addSessions = (app: FastifyInstance, desk: Desk): void => {
  app.get('/api/auth/sessions', async (request) => {
    const owner = await desk.begin(request);
    return desk.run(request, owner, async (tx, ctx) => {
      const rows = await listSessions(tx, ctx, owner.account);
      const recoveryCodes = owner.hasSecondFactor ? await countRecoveryCodes(tx, owner.account) : null;
      return { rows: rows.map((row) => ({ ...row, current: row.id === owner.session })), recoveryCodes };
    });
  });
  app.post('/api/auth/sessions/end-others', async (request) => {
    const owner = await desk.begin(request);
    const ended = await desk.tell(request, owner, ['account.endSessions', 'account'], () =>
      desk.run(request, owner, (tx) => endOtherSessions(tx, owner)),
    );
    return { ended };
  });
  // Somebody is typing in a long form: their session is not idle, though nothing else is asked.
  app.post('/api/auth/active', async (request) => {
    await desk.begin(request);
    return { ok: true };
  });
};

const isWrong = (error: unknown): boolean =>
  !(error instanceof Refusal) || error.code === 'passwordWrong' || error.code === 'codeWrong';

export const addOwnAccountRoutes = (
  app: FastifyInstance,
  { database, packs, clock, secret }: OwnAccountOptions,
  getSession: (request: FastifyRequest) => Promise<Session>,
): void => {
  const run: Desk['run'] = (request, { actor }, work) =>
    database.as(actor, (tx) => work(tx, contextOf({ packs, clock }, actor, request.id)));
  // In transactions of their own: a refusal undoes the work, never the count.
  const alone = <T>(work: (tx: Tx) => Promise<T>) => database.as(machineActor, work);
  const desk: Desk = {
    begin: async (request, steps = []) => {
      const { actor, account, id, todo, hasSecondFactor } = await getSession(request);
      if (todo && !steps.includes(todo)) throw refuseBefore(todo);
      return { actor, account, session: id, hasSecondFactor };
    },
    run,
    tell: async (request, { actor }, [operation, kind], work) => {
      const record = (outcome: string) =>
        recordAudit(database, { actor, at: clock.now(), address: request.ip, operation, kind, outcome });
      try {
        const result = await work();
        await record('ok');
        return result;
      } catch (error) {
        if (error instanceof Refusal) await record(error.code);
        throw error;
      }
    },
    runCounted: async (request, owner, work) => {
      const name = owner.actor.user;
      await alone((tx) => countTry(tx, name, clock.now()));
      try {
        await run(request, owner, work);
      } catch (error) {
        // The password was right and the new one was not: no guess.
        if (!isWrong(error)) await alone((tx) => takeBackTry(tx, name));
        throw error;
      }
      await alone((tx) => forgetFailures(tx, name));
    },
  };
  addPassword(app, desk);
  addSecondFactor(app, desk, sealingKey(secret));
  addSessions(app, desk);
};
