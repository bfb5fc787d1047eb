// Pausing and resuming service, transfer-out with its outcome, and closing a file for other reasons.
import type { Tx } from '../kernel/database.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { getMovable, getPersonAndFile } from '../person/file.server.ts';
import { type File, type MoveType, moves, movesFrom, type Stage } from '../person/file.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { dischargeApi, fileApi, serviceApi } from './discharge.api.ts';
import { findTransferOut, getStaySummary } from './discharge.sql.ts';
import {
  checkAssessed,
  checkFollowUp,
  checkLeaving,
  dischargeRecorded,
  fileClosed,
  serviceResumed,
  serviceSuspended,
} from './discharge.ts';

interface Leaving {
  readonly id: string;
  readonly person: string;
  readonly on: string;
}

/** The file of somebody who may leave or pause that way on that day. */
const getLeaving = async (tx: Tx, { person, on }: Leaving, move: MoveType): Promise<File> => {
  const { file } = await getMovable(tx, person, move);
  const { lastSessionOn } = await getStaySummary(tx, file);
  checkLeaving(on, file, lastSessionOn, moves[move].clauses);
  return file;
};

const base = ({ id, person, on }: Leaving, file: File) => ({
  id,
  county: file.county,
  on,
  subjects: [personSubject(person)],
});

const write = async (tx: Tx, ctx: Ctx, person: string, draft: EntryDraft, stage: Stage) => {
  await ctx.journal.append(tx, ctx, [draft]);
  return { person, stage };
};

export const dischargeHandlers: Handlers<typeof dischargeApi> = {
  basis: async (tx, ctx, input) => {
    const { person, file } = await getPersonAndFile(tx, input.person);
    const may = new Set(movesFrom(file.stage));
    return {
      person: person.id,
      name: maskName(person.name),
      stage: file.stage,
      stageOn: file.stageOn,
      organisationName: file.site === null ? null : (await getOrganisation(tx, file.site)).name,
      acceptedOn: file.acceptedOn,
      ...(await getStaySummary(tx, file)),
      assessment: (await findTransferOut(tx, file, ctx.today)) ?? null,
      mayDischarge: may.has('discharge.record'),
      maySuspend: may.has('service.suspend'),
      mayResume: may.has('service.resume'),
      mayClose: may.has('file.close'),
    };
  },
  record: async (tx, ctx, input) => {
    const file = await getLeaving(tx, input, 'discharge.record');
    checkFollowUp(input.on, input.followUpOn);
    const assessment = checkAssessed(await findTransferOut(tx, file, input.on));
    const { outcome, effect, note, followUpOn } = input;
    const body = { outcome, effect, note, followUpOn, assessment: assessment.id };
    return write(tx, ctx, input.person, dischargeRecorded.draft({ ...base(input, file), body }), 'discharged');
  },
};

export const serviceHandlers: Handlers<typeof serviceApi> = {
  suspend: async (tx, ctx, input) => {
    const file = await getLeaving(tx, input, 'service.suspend');
    const body = { reason: input.reason, note: input.note };
    return write(tx, ctx, input.person, serviceSuspended.draft({ ...base(input, file), body }), 'suspended');
  },
  resume: async (tx, ctx, input) => {
    const file = await getLeaving(tx, input, 'service.resume');
    const body = { note: input.note };
    return write(tx, ctx, input.person, serviceResumed.draft({ ...base(input, file), body }), 'inService');
  },
};

export const fileHandlers: Handlers<typeof fileApi> = {
  close: async (tx, ctx, input) => {
    const file = await getLeaving(tx, input, 'file.close');
    const { reason, division, note } = input;
    return write(
      tx,
      ctx,
      input.person,
      fileClosed.draft({ ...base(input, file), body: { reason, division, note } }),
      reason,
    );
  },
};
