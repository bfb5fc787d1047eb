// What came back instead of an answer: a refusal with its reasons, or a failure with a request id to ask about.
import { z } from 'zod';

/** RFC 9457 problem+json as the server writes it. */
const Problem = z.object({
  status: z.int(),
  title: z.string(),
  detail: z.string().optional(),
  code: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  cites: z.array(z.string()).optional(),
  requestId: z.string().optional(),
});

/** The server's expected no: nothing was written, and `message` says to the person at the screen why. */
export class RefusedRequest extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly cites: readonly string[];
  readonly requestId: string | undefined;

  constructor(problem: z.infer<typeof Problem>, code: string) {
    super(problem.detail ?? problem.title);
    this.name = 'RefusedRequest';
    this.status = problem.status;
    this.code = code;
    this.fields = problem.fields ?? {};
    this.cites = problem.cites ?? [];
    this.requestId = problem.requestId;
  }
}

/** No answer or a broken one: whether it was written is not known, so the same request (same id) may be sent again. */
export class FailedRequest extends Error {
  /** Undefined: the server was not reached. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** What the server itself says for people: that its database is away, or its disk full. */
  readonly told: string | undefined;

  constructor(status?: number, requestId?: string, told?: string) {
    super(status === undefined ? 'the server was not reached' : `the server answered ${status}`);
    this.name = 'FailedRequest';
    this.status = status;
    this.requestId = requestId;
    this.told = told;
  }
}

/** Of the server's own sentences those that say what to do. */
const tellingCodes: ReadonlySet<string> = new Set(['databaseAway', 'diskFull', 'busy']);

/** Reads an answer that is not ok. Refusals are those below 500 that carry a code; anything else is a failure. */
export const readProblem = async (response: Response): Promise<RefusedRequest | FailedRequest> => {
  const parsed = Problem.safeParse(await response.json().catch(() => undefined));
  const requestId = parsed.data?.requestId ?? response.headers.get('x-request-id') ?? undefined;
  if (response.status >= 500 || !parsed.success || parsed.data.code === undefined) {
    const told = tellingCodes.has(parsed.data?.code ?? '') ? parsed.data?.detail : undefined;
    return new FailedRequest(response.status, requestId, told);
  }
  return new RefusedRequest({ ...parsed.data, requestId }, parsed.data.code);
};

/** Signed out, or never signed in. A wrong password is another refusal: `signInRefused`. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof RefusedRequest && error.code === 'signInNeeded';

const steps = ['secondFactorNeeded', 'passwordChangeNeeded', 'secondFactorSetUpNeeded'];

/** What the session is has changed: it is over, or has a step to take first. */
export const isKeptOut = (error: unknown): boolean =>
  isSignedOut(error) || (error instanceof RefusedRequest && steps.includes(error.code));

export interface FieldError {
  readonly name: (string | number)[];
  readonly errors: string[];
}

/** `{ 'rows.12.idNumber': '…' }` → the names and errors that an Ant Design form takes. */
export const toFieldErrors = (fields: Readonly<Record<string, string>>): FieldError[] =>
  Object.entries(fields).map(([path, message]) => ({
    name: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    errors: [message],
  }));
