// One request: role, schema, transaction as the actor, its line in the audit, first answer kept for repeats. HTTP and the CLI both come through here.
import { createHash } from 'node:crypto';
import type { ContractProcedure } from '@orpc/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type Actor, type Reach, reachOf } from './access.ts';
import { auditInsert, detailsOf, personsOf, recordAudit, writeAudit } from './audit.ts';
import { canonicalJson } from './canonical.ts';
import type { AuditKind, OperationMeta } from './contract.ts';
import { type Database, type Tx, together } from './database.ts';
import { figuresOnly } from './figures.ts';
import { Refusal } from './refusal.ts';
import { sealMark } from './sealing.ts';

// biome-ignore lint/suspicious/noExplicitAny: the bound of any contract procedure
type AnyOperation = ContractProcedure<any, any, any, any>;

type ParsedInput<Op> =
  Op extends ContractProcedure<infer I, infer _O, infer _E, infer _M>
    ? I extends z.ZodType
      ? z.output<I>
      : never
    : never;
type RawOutput<Op> =
  Op extends ContractProcedure<infer _I, infer O, infer _E, infer _M>
    ? O extends z.ZodType
      ? z.input<O>
      : never
    : never;

/** What a handler is given: the transaction, the context, the checked input. `Ctx` is the application's context. */
export type Handler<Op extends AnyOperation, Ctx> = (
  tx: Tx,
  ctx: Ctx,
  input: ParsedInput<Op>,
) => Promise<RawOutput<Op>>;

/** The handlers of a slice's contract, in the contract's own shape. */
export type Handlers<C, Ctx> = { [K in keyof C]: C[K] extends AnyOperation ? Handler<C[K], Ctx> : Handlers<C[K], Ctx> };

export const metaOf = (operation: AnyOperation): OperationMeta => operation['~orpc'].meta as OperationMeta;

const checkRole = (meta: OperationMeta, actor: Actor | null): Actor => {
  if (!actor) throw new Refusal('signInNeeded', '请先登录。', { kind: 'access' });
  if (actor.role === 'machine' || meta.roles === 'anyone' || meta.roles === 'signedIn') return actor;
  if (!meta.roles.includes(actor.role))
    throw new Refusal('roleNotAllowed', `您的角色不能进行此操作（${meta.name}）。`, { kind: 'access' });
  return actor;
};

/** Offices above the counties handle no person's case and list nobody; what they may do the contract says. */
const checkFigures = (meta: OperationMeta, actor: Actor): void => {
  if (reachOf(actor) !== 'figures' || meta.city !== null) return;
  throw figuresOnly();
};

/** Fields whose text cannot be kept: with U+0000 or half of a pair, which PostgreSQL does not take, or the mark of what is sealed. */
const listUnstorable = (value: unknown, path: string): string[] => {
  if (typeof value === 'string')
    return value.includes('\u0000') || value.includes(sealMark) || !value.isWellFormed() ? [path] : [];
  if (value === null || typeof value !== 'object' || value instanceof Blob) return [];
  return Object.entries(value).flatMap(([name, member]) => listUnstorable(member, path ? `${path}.${name}` : name));
};

const checkStorable = (input: unknown): void => {
  const fields = listUnstorable(input, '');
  if (fields.length > 0)
    throw new Refusal('inputInvalid', '填写的文字中有无法保存的字符（多为从别处复制带来的），请删去后重新填写。', {
      kind: 'input',
      fields: Object.fromEntries(fields.map((field) => [field, '有无法保存的字符'])),
    });
};

const firstAnswer = async (
  tx: Tx,
  id: string,
  meta: OperationMeta,
  hash: Buffer,
): Promise<{ result: unknown } | undefined> => {
  const { rows } = await sql<{ operation: string; input_hash: Buffer; result: unknown }>`
    select operation, input_hash, result from receipt where id = ${id}`.execute(tx);
  const row = rows[0];
  if (!row) return undefined;
  if (row.operation !== meta.name || !row.input_hash.equals(hash))
    throw new Refusal('idReused', '同一编号已用于另一项内容，请刷新页面后重试。', { kind: 'conflict' });
  return { result: row.result };
};

/** What `perform` asks of the application's context, and what it adds for the journal to fill in. */
interface RequestContext {
  readonly actor: Actor;
  readonly now: string;
  readonly address: string | null;
}
type AnyHandler = (tx: Tx, ctx: never, input: never) => Promise<unknown>;

interface Request {
  readonly database: Database;
  readonly meta: OperationMeta;
  readonly handler: AnyHandler;
  readonly ctx: RequestContext;
  readonly input: unknown;
}

const isSilent = ({ meta: { audit }, input }: Request): boolean =>
  audit === null || (audit.when !== undefined && !(input as Readonly<Record<string, unknown>>)[audit.when]);

/** The line of an answer, or undefined where it tells of nobody. */
const lineOf = (request: Request, answer: unknown, concerned: ReadonlySet<string>) => {
  const { meta, ctx, input } = request;
  if (meta.audit === null || isSilent(request)) return undefined;
  return {
    actor: ctx.actor,
    at: ctx.now,
    address: ctx.address,
    operation: meta.name,
    kind: meta.audit.kind,
    outcome: 'ok',
    persons: [...personsOf(meta.audit, input, answer), ...concerned],
    details: detailsOf(meta.audit, input, answer),
  };
};

/**
 * A refusal leaves a line where it was asked for somebody's data or for a change, and wherever access refused it. The answer waits for
 * it, and does not leave where it cannot be written.
 */
const recordRefusal = async ({ database, meta, ctx, input }: Request, refusal: Refusal): Promise<void> => {
  if (meta.audit === null && refusal.kind !== 'access') return;
  const audit = meta.audit ?? { kind: 'read' as const };
  await recordAudit(database, {
    actor: ctx.actor,
    at: ctx.now,
    address: ctx.address,
    operation: meta.name,
    kind: audit.kind,
    outcome: refusal.code,
    persons: personsOf(audit, input),
    details: detailsOf(audit, input),
  });
};

/**
 * What merely looks at masked data does not wait for the disk: its line is committed before the answer leaves and reaches the disk within
 * three times `wal_writer_delay`, so that only a crash of the database itself in that moment loses it. See docs/decisions/0006.
 */
const soonOnDisk: ReadonlySet<AuditKind> = new Set(['read', 'search', 'audit']);

/** Openings and consents end with time: the database asks the clock of the request, which in tests and the demo is not its own. */
const endsWithTime: ReadonlySet<Reach> = new Set(['organisation', 'figures']);
const tellTime = (tx: Tx, now: string) => sql`select set_config('kangtu.now', ${now}, true)`.execute(tx);

/** One transaction: the handler's work, and with the commit its line and, for a write with an id, its receipt in one statement. */
const attempt = (request: Request, hash: Buffer | undefined): Promise<unknown> => {
  const { database, meta, handler, ctx, input } = request;
  const concerned = new Set<string>();
  const receipt = (result: unknown) => sql`insert into receipt (id, actor, operation, input_hash, result, recorded_at)
    values (${(input as { id: string }).id}, ${ctx.actor.user}, ${meta.name}, ${hash}, ${JSON.stringify(result ?? null)}::jsonb, ${ctx.now})`;
  return database.as(
    ctx.actor,
    async (tx) => {
      const work = () => handler(tx, { ...ctx, concerned, counts: meta.city === 'figures' } as never, input as never);
      if (!endsWithTime.has(reachOf(ctx.actor))) return work();
      return (await together(tellTime(tx, ctx.now), work()))[1];
    },
    async (tx, result) => {
      const line = lineOf(request, result, concerned);
      if (hash)
        return (line ? sql`with line as (${auditInsert(line)}) ${receipt(result)}` : receipt(result)).execute(tx);
      if (!line) return undefined;
      const soon = !meta.writes && soonOnDisk.has(line.kind);
      return together(
        ...(soon ? [sql.raw('set local synchronous_commit = off').execute(tx)] : []),
        writeAudit(tx, line),
      );
    },
  );
};

/** Two who hold what the other needs (40P01, deadlock detected): one was undone whole, and begins again. */
const isDeadlock = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '40P01';
const mostTries = 3;

const attemptAgain = async (request: Request, hash: Buffer | undefined, tries = 1): Promise<unknown> => {
  try {
    return await attempt(request, hash);
  } catch (error) {
    if (tries >= mostTries || !isDeadlock(error)) throw error;
    return attemptAgain(request, hash, tries + 1);
  }
};

/** The first answer of a write that was done before. */
const repeat = (request: Request, id: string, hash: Buffer): Promise<{ result: unknown } | undefined> =>
  request.database.as(
    request.ctx.actor,
    (tx) => firstAnswer(tx, id, request.meta, hash),
    async (tx, first) => {
      const line = first && lineOf(request, first.result, new Set());
      if (line) await writeAudit(tx, line);
    },
  );

const answer = async (request: Request): Promise<unknown> => {
  const { meta, input } = request;
  const id = meta.writes ? (input as { id?: string }).id : undefined;
  if (!id) return attemptAgain(request, undefined);
  const hash = createHash('sha256').update(canonicalJson(input)).digest();
  try {
    return await attemptAgain(request, hash);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const first = await repeat(request, id, hash);
    if (first) return first.result;
    // Two who began one chain at once: its first link is there now.
    if (error.code === 'duplicate') return attemptAgain(request, hash);
    throw error;
  }
};

/**
 * Performs an operation whose input is already checked by its schema. A write with an `id` is done once: a repeat by the same
 * actor with the same input answers with the first result and writes nothing; another input under that id is refused (`idReused`).
 * Repeats are rare and every round trip counts, so the work comes first: a repeat fails at the latest where its receipt is written,
 * is undone, and only then is the first answer looked for. Handlers therefore act on nothing but their transaction.
 * What the audit says of the operation is written before the answer leaves: with the commit, or after the rollback of a refusal.
 */
export const perform = async <Ctx extends RequestContext>(
  database: Database,
  operation: AnyOperation,
  handler: (tx: Tx, ctx: Ctx, input: never) => Promise<unknown>,
  ctx: Ctx,
  input: unknown,
): Promise<unknown> => {
  const request = { database, meta: metaOf(operation), handler: handler as AnyHandler, ctx, input };
  try {
    checkFigures(request.meta, checkRole(request.meta, ctx.actor));
    checkStorable(input);
    return await answer(request);
  } catch (error) {
    if (error instanceof Refusal) await recordRefusal(request, error);
    throw error;
  }
};
