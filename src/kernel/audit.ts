// The audit's lines: what an operation says of itself, whom a request concerned, and writing one line in the transaction it tells of.
import { sql } from 'kysely';
import { type Actor, machineActor } from './access.ts';
import { dayAt } from './calendar.ts';
import type { Audit, AuditKind } from './contract.ts';
import type { Database, Tx } from './database.ts';

export type AuditDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One line. Nothing of it may be personal data: persons by id, what was typed by its length. */
export interface AuditLine {
  readonly actor: Actor;
  /** ISO instant. */
  readonly at: string;
  /** IP address; null for a command on the machine itself. */
  readonly address: string | null;
  readonly operation: string;
  readonly kind: AuditKind;
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  readonly persons?: Iterable<string>;
  readonly details?: AuditDetails;
}

/** The statement that adds the line. Whoever has no account has no area, and is seen by every audit administrator. */
export const auditInsert = (line: AuditLine) => {
  const { actor, at, address, operation, kind, outcome, persons = [], details = {} } = line;
  return sql`insert into audit_line (day, at, actor, role, organisation, scope, address, operation, kind, outcome, persons, details)
    values (${dayAt(at)}, ${at}, ${actor.user}, ${actor.role}, ${actor.organisation}, ${actor.role === 'public' ? null : actor.scope},
      ${address}, ${operation}, ${kind}, ${outcome}, ${[...new Set(persons)]}::uuid[], ${JSON.stringify(details)}::jsonb)`;
};

export const writeAudit = async (tx: Tx, line: AuditLine): Promise<void> => {
  await auditInsert(line).execute(tx);
};

/** A line of its own transaction, written by the product in the name of `line.actor`. */
export const recordAudit = (database: Database, line: AuditLine): Promise<void> =>
  database.as(machineActor, (tx) => writeAudit(tx, line));

/** The fields of an input that name persons, in every operation alike. */
export const personFields = ['person', 'other', 'persons', 'absent'] as const;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idsOf = (value: unknown): string[] => [value].flat().filter((one): one is string => uuid.test(String(one)));

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? value[field as keyof typeof value] : undefined;

/** What stands at `persons.id` of an answer, through lists. */
const atPath = (value: unknown, path: string): unknown[] =>
  path
    .split('.')
    .reduce<unknown[]>((found, field) => found.flatMap((one) => fieldOf(one, field) ?? []), [value].flat());

/** Whom a request concerned: named in the input, and in the answer where the operation says so. */
export const personsOf = (audit: Audit, input: unknown, answer?: unknown): string[] => [
  ...personFields.flatMap((field) => idsOf(fieldOf(input, field))),
  ...(audit.answer ?? []).flatMap((path) => idsOf(atPath(answer, path))),
];

const paging = new Set(['id', 'page', 'pageSize', 'sort', 'purpose', ...personFields]);

/**
 * Of a search or an export: by which filters, how long what was typed was, and how many were found; never the words themselves. Of a
 * change to an account: which one.
 */
export const detailsOf = ({ kind }: Audit, input: unknown, answer?: unknown): AuditDetails => {
  const account = fieldOf(input, 'account');
  if (kind === 'account' && typeof account === 'string') return { account };
  if (kind !== 'search' && kind !== 'export' && kind !== 'audit') return {};
  const given = Object.entries(input ?? {}).filter(([name, value]) => !paging.has(name) && value !== undefined);
  const typed = fieldOf(input, 'search');
  const total = fieldOf(answer, 'total');
  return {
    filters: given.map(([name]) => name),
    ...(typeof typed === 'string' && { searchLength: [...typed].length }),
    ...(typeof total === 'number' && { total }),
  };
};
