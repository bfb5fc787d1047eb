// An expected "no": what every operation answers when the rules, the actor's rights or the input forbid it.

/** Where a refusal comes from decides its HTTP status; nothing else does. */
export type RefusalKind = 'input' | 'rule' | 'access' | 'absent' | 'conflict';

export interface RefusalDetail {
  /** What is wrong, by field path of the input (`facts.birthDate`, `rows.12.idNumber`), in words for people. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Clause ids (CLAUSES.md) that ask for the refusal. */
  readonly cites?: readonly string[];
  readonly kind?: RefusalKind;
}

/**
 * Thrown by `decide*` and `check*` and by handlers, rolls the transaction back, and becomes problem+json in server/http.ts.
 * `code` is one of the operation's closed list of refusals; `message` is a sentence in Chinese for the person at the screen.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly cites: readonly string[];
  readonly kind: RefusalKind;

  constructor(code: string, message: string, detail: RefusalDetail = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.fields = detail.fields ?? {};
    this.cites = detail.cites ?? [];
    this.kind = detail.kind ?? 'rule';
  }
}

const statusOf: Readonly<Record<RefusalKind, number>> = {
  input: 400,
  access: 403,
  absent: 404,
  conflict: 409,
  rule: 422,
};

/** HTTP status of a refusal: 400 input, 403 access, 404 absent, 409 conflict, 422 rule. */
export const refusalStatus = (refusal: Refusal): number => statusOf[refusal.kind];

/** Refuses (`beforeStart`) a day before that of the step it follows; `step` names that step in Chinese. */
export const checkNotBefore = (on: string, startOn: string, step: string): void => {
  if (on < startOn)
    throw new Refusal('beforeStart', `发生日期 ${on} 早于${step}的日期（${startOn}）。`, {
      fields: { on: `不能早于 ${startOn}` },
    });
};
