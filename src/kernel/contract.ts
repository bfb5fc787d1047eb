// The contract of an operation: one name for its route, its journal entry, its CLI command and its test.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { Role } from './access.ts';

export { Day, Month } from './calendar.ts';
/** Why something recorded is taken back. */
export const Reason = z.string().trim().min(2).max(200);
/** Made by the caller (UUIDv7), so that a retry is the same write and gets the first answer. */
export const Id = z.uuid();
/** GB/T 2260 county (6 digits). */
export const County = z.string().regex(/^\d{6}$/, '应为 6 位行政区划代码');
/** Town (9 digits). */
export const Town = z.string().regex(/^\d{9}$/, '应为 9 位乡镇（街道）代码');
/** Any area: 4 digits city, 6 county, 9 town. */
export const Area = z.string().regex(/^(\d{4}|\d{6}|\d{9})$/, '应为 4、6 或 9 位行政区划代码');

/** What a line of the audit is about. Refusals keep the kind of what was refused. */
export const AuditKind = z.enum([
  'read',
  'reveal',
  'search',
  'export',
  'write',
  'account',
  'setting',
  'audit',
  'signIn',
  'signOut',
  'request',
]);
export type AuditKind = z.infer<typeof AuditKind>;

export interface Audit {
  readonly kind: AuditKind;
  /** Where the answer names the persons whom it tells of: `person`, `persons.id`. Those that the input names count anyway (kernel/audit.ts). */
  readonly answer?: readonly string[];
  /** The field of the input without which nobody's data is in the answer, so that no line is needed. */
  readonly when?: string;
}

/**
 * What an operation is to an office above the counties, whose reach is `figures`: counts that it may take past row-level security
 * (kernel/figures.ts), part of a file that an opening has opened, or nothing of a person at all. Where it says nothing, it is not theirs.
 */
export type CityUse = 'figures' | 'opened' | 'noPerson';

export interface OperationMeta {
  readonly name: string;
  readonly writes: boolean;
  /** Roles that may perform it; `anyone` needs no session, `signedIn` any session. */
  readonly roles: readonly Role[] | 'anyone' | 'signedIn';
  readonly city: CityUse | null;
  /** The closed list of refusal codes beyond the ones that every operation has (kernel/perform.ts). */
  readonly refusals: readonly string[];
  readonly clauses: readonly string[];
  /** Null: nothing of a person is in the answer, and only a refusal by access leaves a line. */
  readonly audit: Audit | null;
}

const builder = oc.$meta<Partial<OperationMeta>>({});

interface OperationOptions<I extends z.ZodType, O extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  /** Default: a GET reads, everything else writes. A write's input carries `id: Id`. */
  readonly writes?: boolean;
  readonly roles: OperationMeta['roles'];
  /** Default: what is open to everybody tells of nobody; all else is the counties'. */
  readonly city?: CityUse;
  readonly refusals?: readonly string[];
  readonly clauses?: readonly string[];
  /** Default: a write leaves a line of kind `write`, a read none. */
  readonly audit?: Audit | AuditKind;
  readonly input: I;
  readonly output: O;
}

const auditOf = (audit: Audit | AuditKind | undefined, writes: boolean): Audit | null => {
  if (audit === undefined) return writes ? { kind: 'write' } : null;
  return typeof audit === 'string' ? { kind: audit } : audit;
};

/** Defines an operation; see DESIGN, One request. The REST path lies below /api. */
export const operation = <I extends z.ZodType, O extends z.ZodType>(options: OperationOptions<I, O>) =>
  builder
    .route({
      method: options.method,
      path: options.path,
      operationId: options.name,
      summary: options.summary,
      tags: [options.name.split('.')[0] ?? options.name],
    })
    .meta({
      name: options.name,
      writes: options.writes ?? options.method !== 'GET',
      roles: options.roles,
      city: options.city ?? (typeof options.roles === 'string' ? 'noPerson' : null),
      refusals: options.refusals ?? [],
      clauses: options.clauses ?? [],
      audit: auditOf(options.audit, options.writes ?? options.method !== 'GET'),
    })
    .input(options.input)
    .output(options.output);

export type Operation = ReturnType<typeof operation>;

/** Page of a list: `rows` in order and the total that the filter matches. */
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), total: z.int() });
/** Which page of a list is asked for. Numbers come as text in a URL. */
export const pageQuery = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(25),
};
/** Query fields that every list takes. */
export const listQuery = {
  search: z.string().trim().max(50).optional(),
  ...pageQuery,
  sort: z.string().max(40).optional(),
};
