// What a journal entry is: its shape, the registry of its types, and the hash that its chain links carry. Browser-safe but for the hash.
import type { z } from 'zod';
import type { Day } from './contract.ts';

export type SubjectKind =
  | 'person'
  | 'organisation'
  | 'staff'
  | 'report'
  | 'list'
  | 'account'
  | 'setting'
  | 'policy'
  | 'body'
  | 'activity'
  | 'record';
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** An outcome of a policy rule that an entry rests on: pack and version as they were on that day. */
export interface EntryFinding {
  readonly rule: string;
  readonly outcome: string;
  readonly because: string;
  readonly clause: readonly string[];
  readonly pack: string;
}

/** An entry before it is recorded. `on` is the day it happened; `replaces` the standing entry that a void or correct takes away. */
export interface EntryDraft {
  readonly id: string;
  readonly type: string;
  readonly county: string;
  readonly on: Day;
  readonly subjects: readonly Subject[];
  readonly body: { readonly [key: string]: unknown };
  readonly findings?: readonly EntryFinding[];
  readonly replaces?: string;
  /** Kept when an entry comes from elsewhere (load, demo); otherwise the actor of the context and now. */
  readonly recorded?: {
    readonly at: string;
    readonly actor: string;
    readonly role: string;
    readonly organisation: string | null;
    readonly device?: string | null;
  };
}

/**
 * An entry as `apply` gets it. A corrected entry comes with its root's id and type and the correction's content, so a state row
 * keyed by entry id keeps its key. `subjects` may be fewer than were recorded: write rows for these only.
 */
export interface Entry<B = unknown> {
  readonly id: string;
  readonly type: string;
  readonly county: string;
  readonly on: Day;
  readonly at: string;
  readonly actor: string;
  readonly role: string;
  readonly organisation: string | null;
  readonly subjects: readonly Subject[];
  readonly body: B;
  readonly findings: readonly EntryFinding[];
}

export interface TallyPart {
  readonly part: string;
  readonly amount: number;
}

/** One type of entry: body schema, what it is for (docs/journal.md is made from it), and how it counts. */
export interface EntryType<S extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly summary: string;
  readonly body: S;
  /** Parts counted per subject and month besides the whole (part ''), with their amounts; default none. */
  tally?(body: z.output<S>, subject: Subject): readonly TallyPart[];
  /** Whether `x.void` and `x.correct` exist for `x.record`-like types; `takenBack`: what closed something is only taken back (`x.reopen`). */
  readonly replaceable?: boolean | 'takenBack';
}

export interface DefinedEntry<S extends z.ZodType = z.ZodType> extends EntryType<S> {
  draft(draft: Omit<EntryDraft, 'type' | 'body'> & { body: z.input<S> }): EntryDraft;
  is(entry: Entry): entry is Entry<z.output<S>>;
}

/** Defines an entry type; its name is the operation's name. */
export const defineEntry = <S extends z.ZodType>(definition: EntryType<S>): DefinedEntry<S> => ({
  ...definition,
  draft: (draft) => ({
    ...draft,
    type: definition.type,
    body: definition.body.parse(draft.body) as EntryDraft['body'],
  }),
  is: (entry): entry is Entry<z.output<S>> => entry.type === definition.type,
});

/** `session.record` → `session`. */
const nounOf = (type: string): string => type.slice(0, type.lastIndexOf('.'));
/** What takes an entry away: `session.record` → `session.void`, `sweep.close` → `sweep.reopen`. */
export const voidType = (type: string): string => `${nounOf(type)}.${type.endsWith('.close') ? 'reopen' : 'void'}`;
export const isVoidType = (type: string): boolean => /\.(void|reopen)$/.test(type);
export const correctType = (type: string): string => `${nounOf(type)}.correct`;

export const personSubject = (id: string): Subject => ({ kind: 'person', id });
/** The ids of an entry's subjects of one kind. */
export const subjectIds = (entry: Pick<Entry, 'subjects'>, kind: SubjectKind): string[] =>
  entry.subjects.filter((subject) => subject.kind === kind).map((subject) => subject.id);
