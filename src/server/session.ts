// The session of a request: found by its cookie, ended when idle or old, and what it may do before a step that is due is taken.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { type Actor, Role } from '../kernel/access.ts';
import type { Clock } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { identityClause } from '../network/password.ts';
import { decideTodo, defaultRules, isSessionOver, SignInRules, type Todo } from '../network/sign-in-rules.ts';

export interface Session {
  readonly id: string;
  readonly account: string;
  readonly actor: Actor;
  readonly organisationName: string | null;
  readonly organisationKind: string | null;
  readonly hasSecondFactor: boolean;
  readonly passwordSetAt: string | null;
  /** What is to be done before anything else. */
  readonly todo: Todo | null;
  readonly rules: SignInRules;
}

interface Row {
  readonly id: string;
  readonly begunAt: Date;
  readonly activeAt: Date;
  readonly gaveSecondFactor: boolean;
  readonly byIdentityServer: boolean;
  readonly account: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly organisation: string | null;
  readonly organisationName: string | null;
  readonly organisationKind: string | null;
  readonly scope: string;
  readonly mustChange: boolean | null;
  readonly passwordSetAt: Date | null;
  readonly hasSecondFactor: boolean;
  readonly rules: unknown;
}

/** Everything about the session in one statement, because every request asks. */
const lookUp = `select s.id, s.created_at as "begunAt", s.updated_at as "activeAt", s.second_factor_at is not null as "gaveSecondFactor",
    s.by_identity_server as "byIdentityServer",
    a.id as account, a.username, a.name, a.role, a.organisation, o.name as "organisationName", o.kind as "organisationKind", a.scope,
    c.must_change as "mustChange", c.password_set_at as "passwordSetAt",
    exists (select 1 from account_second_factor f where f.account = a.id and f.confirmed_at is not null) as "hasSecondFactor",
    (select value from setting where name = 'signIn') as rules
  from account_session s join account a on a.id = s.account left join organisation o on o.id = a.organisation
    left join account_credential c on c.account = a.id and c.provider = 'credential'
  where s.token = $1 and a.disabled_at is null and a.pending_at is null`;

/** Being active is written down at most this often. */
const noteEveryMs = 60_000;

export interface SessionOptions {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly cookieName: string;
  /** Signs the cookies. */
  readonly secret: string;
  /** A demo's passwords are its own and never age: its clock runs on from a day of the past. */
  readonly isDemo: boolean;
  /** Told of one that ended by itself. */
  onEnded(actor: Actor, address: string, why: 'idle' | 'tooOld'): Promise<void>;
}

export interface Sessions {
  /** Undefined without a session, when it is over, or when the account is disabled. `active`: its owner is doing something. */
  find(request: FastifyRequest, active: boolean): Promise<Session | undefined>;
}

const refusals: Readonly<Record<Todo, readonly [code: string, message: string]>> = {
  giveSecondFactor: ['secondFactorNeeded', '请先填写动态验证码，再继续办理。'],
  changePassword: ['passwordChangeNeeded', '密码由他人设置或已到期，请先修改密码，再继续办理。'],
  setUpSecondFactor: ['secondFactorSetUpNeeded', '您的角色能看到人员信息或管理账号，请先设置动态验证码，再继续办理。'],
};

export const refuseBefore = (todo: Todo): Refusal => {
  const [code, message] = refusals[todo];
  return new Refusal(code, message, { kind: 'access', cites: [identityClause] });
};

/**
 * The one place where a session that has something to do first is kept from everything else: whoever asks for an actor (all operations,
 * jobs) passes here. Signing out and the routes below /api/auth do without an actor.
 */
export const actorIn = (session: Session | undefined): Actor | null => {
  if (session?.todo) throw refuseBefore(session.todo);
  return session?.actor ?? null;
};

const sessionOf = (row: Row, rules: SignInRules, now: string): Session => {
  const role = Role.parse(row.role);
  const passwordSetAt = row.passwordSetAt?.toISOString() ?? null;
  const state = { ...row, role, passwordSetAt, mustChange: row.mustChange ?? false };
  return {
    id: row.id,
    account: row.account,
    actor: { user: row.username, name: row.name, role, organisation: row.organisation, scope: row.scope },
    organisationName: row.organisationName,
    organisationKind: row.organisationKind,
    hasSecondFactor: row.hasSecondFactor,
    passwordSetAt,
    todo: decideTodo(state, rules, now),
    rules,
  };
};

const signatureOf = (token: string, secret: string): Buffer => createHmac('sha256', secret).update(token).digest();

/**
 * The token of a cookie whose signature is ours: whoever reads the database, or a backup of it, has the tokens of all sessions and can
 * make no cookie of them; and where the secret is another, everybody is out.
 */
const tokenOf = (request: FastifyRequest, { cookieName, secret }: SessionOptions): string | undefined => {
  const cookies = request.headers.cookie?.split(/; */) ?? [];
  const cookie = cookies.find((part) => part.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? '';
  const [, token = '', signature = ''] = /^([\w-]+)(?:\.|%2E)([\w%+/=-]+)$/i.exec(cookie) ?? [];
  // As the library writes it: base64 of 32 bytes, its signs as a URL has them.
  const given = Buffer.from(
    signature.replace(/%(2B|2F|3D)/gi, (sign) => decodeURIComponent(sign)),
    'base64',
  );
  const own = signatureOf(token, secret);
  return given.length === own.length && timingSafeEqual(given, own) ? token : undefined;
};

export const openSessions = (options: SessionOptions): Sessions => {
  const { pool, clock, isDemo } = options;
  const rulesOf = (setting: unknown): SignInRules => {
    const rules = setting ? SignInRules.parse(setting) : defaultRules;
    return isDemo ? { ...rules, passwordDays: null } : rules;
  };
  return {
    find: async (request, active) => {
      const token = tokenOf(request, options);
      if (!token) return undefined;
      const { rows } = await pool.query<Row>({ name: 'session', text: lookUp, values: [token] });
      const row = rows[0];
      if (!row) return undefined;
      const now = clock.now();
      const rules = rulesOf(row.rules);
      const times = { begunAt: row.begunAt.toISOString(), activeAt: row.activeAt.toISOString() };
      if (isSessionOver(times, rules, now)) {
        const { rowCount } = await pool.query('delete from account_session where id = $1', [row.id]);
        // Of requests that come at once, one ends it.
        const why = isSessionOver({ ...times, begunAt: now }, rules, now) ? 'idle' : 'tooOld';
        if (rowCount) await options.onEnded(sessionOf(row, rules, now).actor, request.ip, why);
        return undefined;
      }
      if (active && Date.parse(now) - row.activeAt.getTime() > noteEveryMs)
        await pool.query('update account_session set updated_at = $2 where id = $1', [row.id, now]);
      return sessionOf(row, rules, now);
    },
  };
};
