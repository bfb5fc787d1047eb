// What sign-in is held to, as settings of the database, and what follows from them: when a name is locked, a session over, a step due.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { defineEntry } from '../kernel/entry.ts';

const whole = (least: number, most: number) => {
  const message = `应为 ${least} 至 ${most} 的整数`;
  return z.int(message).min(least, message).max(most, message);
};

/** The rules, all of them said. */
export const GivenRules = z.object({
  /** A password older than this is changed at the next step; null: no age. */
  passwordDays: whole(1, 3650).nullable(),
  /** So many wrong passwords or codes in a row lock a name. */
  lockAfter: whole(3, 20),
  lockMinutes: whole(1, 1440),
  idleMinutes: whole(5, 480),
  sessionHours: whole(1, 24),
  /** An account is called unused after so many days without signing in. */
  unusedDays: whole(1, 3650),
  /** Whether roles that see names or open accounts need a second factor. `kangtu init` turns it on. */
  secondFactor: z.boolean('应为 on 或 off'),
  /**
   * Whether what a system administrator does to an account that would let somebody else in waits for a security administrator. Off where
   * one person is all the administrators there are.
   */
  confirmAccounts: z.boolean('应为 on 或 off'),
});

const given = GivenRules.shape;
/** As they are kept; what was kept before a rule was thought of lacks it. */
export const SignInRules = z.object({
  passwordDays: given.passwordDays.default(90),
  lockAfter: given.lockAfter.default(5),
  lockMinutes: given.lockMinutes.default(15),
  idleMinutes: given.idleMinutes.default(30),
  sessionHours: given.sessionHours.default(12),
  unusedDays: given.unusedDays.default(90),
  secondFactor: given.secondFactor.default(false),
  confirmAccounts: given.confirmAccounts.default(false),
});
export type SignInRules = z.infer<typeof SignInRules>;

export const signInSetting = { name: 'signIn', schema: SignInRules };
/** Where the setting was never made. */
export const defaultRules: SignInRules = SignInRules.parse({});

export const signInRulesChanged = defineEntry({
  type: 'signInRules.change',
  summary: '调整登录规则',
  body: z.object({ before: SignInRules, after: SignInRules }),
});

const minute = 60_000;
const day = 24 * 60 * minute;

/** The instant `ms` before `now`. */
const before = (now: string, ms: number): string => new Date(Date.parse(now) - ms).toISOString();

export interface Failures {
  readonly failures: number;
  readonly failedAt: string;
}

/** Failures that ended before this instant are forgotten, and with them a lock. */
export const forgottenBefore = (rules: SignInRules, now: string): string => before(now, rules.lockMinutes * minute);

/** When a name opens again; null where it is open. */
export const lockedUntil = (found: Failures | null, rules: SignInRules, now: string): string | null => {
  if (!found || found.failures < rules.lockAfter || found.failedAt <= forgottenBefore(rules, now)) return null;
  return new Date(Date.parse(found.failedAt) + rules.lockMinutes * minute).toISOString();
};

/** Accounts that last signed in (or were made) before this instant are unused. */
export const unusedBefore = (rules: SignInRules, now: string): string => before(now, rules.unusedDays * day);

export interface SessionTimes {
  readonly begunAt: string;
  readonly activeAt: string;
}

/** Idle for too long, or old. */
export const isSessionOver = ({ begunAt, activeAt }: SessionTimes, rules: SignInRules, now: string): boolean =>
  activeAt <= before(now, rules.idleMinutes * minute) || begunAt <= before(now, rules.sessionHours * 60 * minute);

/** What somebody who has given the password does before anything else. */
export const Todo = z.enum(['giveSecondFactor', 'changePassword', 'setUpSecondFactor']);
export type Todo = z.infer<typeof Todo>;

export interface SignInState {
  readonly role: Role;
  /** The account has a second factor. */
  readonly hasSecondFactor: boolean;
  /** This session has given it. */
  readonly gaveSecondFactor: boolean;
  /** It began at the identity server, without our password. */
  readonly byIdentityServer: boolean;
  readonly mustChange: boolean;
  readonly passwordSetAt: string | null;
}

export const isPasswordOld = (setAt: string | null, rules: SignInRules, now: string): boolean =>
  rules.passwordDays !== null && setAt !== null && setAt <= before(now, rules.passwordDays * day);

/** They are shown figures, or their own affairs; all others see names or open the accounts of those who do. */
const withoutNames: readonly Role[] = ['finance', 'guardian', 'public'];

/**
 * A second factor that is there is always asked for, whatever the setting, and first: somebody who has only the password may not
 * even change it. What the identity server vouched for counts as the setting says. Null: the session may do all that its role may.
 */
export const decideTodo = (state: SignInState, rules: SignInRules, now: string): Todo | null => {
  if (state.hasSecondFactor && !state.gaveSecondFactor) return 'giveSecondFactor';
  if (!state.byIdentityServer && (state.mustChange || isPasswordOld(state.passwordSetAt, rules, now)))
    return 'changePassword';
  const { hasSecondFactor, gaveSecondFactor } = state;
  if (rules.secondFactor && !hasSecondFactor && !gaveSecondFactor && !withoutNames.includes(state.role))
    return 'setUpSecondFactor';
  return null;
};
