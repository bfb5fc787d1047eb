// Service sessions: the nine domains of training and other service, counted apart (SY-06, SY-07).
import { z } from 'zod';
import { defineEntry } from '../kernel/entry.ts';

/** The nine domains of rehabilitation training (民政部 work standard, named in SY-06). */
export const Domain = z.enum([
  'medication',
  'relapsePrevention',
  'physical',
  'lifeSkills',
  'socialSkills',
  'vocational',
  'psychological',
  'peerSupport',
  'familySupport',
]);
export type Domain = z.infer<typeof Domain>;

export const SessionKind = z.enum(['individual', 'group', 'home']);
export type SessionKind = z.infer<typeof SessionKind>;

/** One session of one person or a group; its subjects are the persons who attended. A roll-call also names who was absent. */
export const sessionRecorded = defineEntry({
  type: 'session.record',
  summary: '康复服务',
  body: z.object({
    organisation: z.uuid(),
    kind: SessionKind,
    domain: Domain,
    /** Standardized service (SY-06) or other service such as lectures and outings (SY-07). */
    standardized: z.boolean(),
    startAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '应为 时:分'),
    minutes: z.int().min(5).max(480),
    leader: z.string().max(40),
    staff: z.uuid().optional(),
    title: z.string().max(60).optional(),
    absent: z.array(z.uuid()),
    note: z.string().max(500).optional().meta({ sealed: true }),
  }),
  tally: (body) => [
    { part: body.standardized ? 'standardized' : 'other', amount: body.minutes },
    { part: body.domain, amount: body.minutes },
  ],
  replaceable: true,
});

export const sessionEntries = [sessionRecorded];

/** Start and end of a session in minutes of its day. */
export const spanOf = (session: { startAt: string; minutes: number }): { from: number; to: number } => {
  const [hours = 0, minutes = 0] = session.startAt.split(':').map(Number);
  return { from: hours * 60 + minutes, to: hours * 60 + minutes + session.minutes };
};
