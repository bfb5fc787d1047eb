// One request: role, schema, transaction as the actor, first answer kept for repeats. HTTP and the CLI both come through here.
import { createHash } from 'node:crypto';
import type { ContractProcedure } from '@orpc/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor } from './access.ts';
import { canonicalJson } from './canonical.ts';
import type { OperationMeta } from './contract.ts';
import type { Database, Tx } from './database.ts';
import { Refusal } from './refusal.ts';

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

/** Fields whose text PostgreSQL cannot keep: with the character U+0000, or half of a pair. */
const listUnstorable = (value: unknown, path: string): string[] => {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? [path] : [];
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

/**
 * Performs an operation whose input is already checked by its schema. A write with an `id` is done once: a repeat by the same
 * actor with the same input answers with the first result and writes nothing; another input under that id is refused (`idReused`).
 * Repeats are rare and every round trip counts, so the work comes first: a repeat fails at the latest where its receipt is written,
 * is undone, and only then is the first answer looked for. Handlers therefore act on nothing but their transaction.
 */
export const perform = async <Ctx extends { readonly actor: Actor; readonly now: string }>(
  database: Database,
  operation: AnyOperation,
  handler: (tx: Tx, ctx: Ctx, input: never) => Promise<unknown>,
  ctx: Ctx,
  input: unknown,
): Promise<unknown> => {
  const meta = metaOf(operation);
  const actor = checkRole(meta, ctx.actor);
  checkStorable(input);
  const id = meta.writes ? (input as { id?: string }).id : undefined;
  if (!id) return database.as(actor, (tx) => handler(tx, ctx, input as never));
  const hash = createHash('sha256').update(canonicalJson(input)).digest();
  const attempt = () =>
    database.as(
      actor,
      (tx) => handler(tx, ctx, input as never),
      (tx, result) =>
        sql`insert into receipt (id, actor, operation, input_hash, result, recorded_at)
          values (${id}, ${actor.user}, ${meta.name}, ${hash}, ${JSON.stringify(result ?? null)}::jsonb, ${ctx.now})`.execute(
          tx,
        ),
    );
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const first = await database.as(actor, (tx) => firstAnswer(tx, id, meta, hash));
    if (first) return first.result;
    // Two who began one chain at once: its first link is there now.
    if (error.code === 'duplicate') return attempt();
    throw error;
  }
};
