// Pausing and resuming service, transfer-out with its outcome, and closing a file for other reasons.
import type { Tx } from '../kernel/database.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { classesOf } from '../person/field-class.ts';
import { getMovable, getPersonAndFile, type PersonAndFile } from '../person/file.server.ts';
import { type File, type MoveType, moves, movesFrom, type Stage } from '../person/file.ts';
import { maskName } from '../person/identity.ts';
import { checkNotEnded } from '../person/sharing.ts';
import { checkFullSight, getSharingEnd } from '../person/sight.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { checkPush, preparePush } from '../referral/push.server.ts';
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
const getLeaving = async (tx: Tx, { person, on }: Leaving, move: MoveType): Promise<PersonAndFile> => {
  const found = await getMovable(tx, person, move);
  const { lastSessionOn } = await getStaySummary(tx, found.file);
  checkLeaving(on, found.file, lastSessionOn, moves[move].clauses);
  return found;
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
    await checkFullSight(tx, ctx.actor, person);
    const may = new Set(movesFrom(file.stage));
    return {
      person: person.id,
      name: maskName(person.name),
      stage: file.stage,
      stageOn: file.stageOn,
      organisationName: file.site === null ? null : (await getOrganisation(tx, file.site)).name,
      acceptedOn: file.acceptedOn,
      ...(await getStaySummary(tx, file)),
      assessment: classesOf(ctx.actor).has('assessment')
        ? ((await findTransferOut(tx, file, ctx.today)) ?? null)
        : null,
      mayDischarge: may.has('discharge.record'),
      maySuspend: may.has('service.suspend'),
      mayResume: may.has('service.resume'),
      mayClose: may.has('file.close'),
    };
  },
  record: async (tx, ctx, input) => {
    const { file } = await getLeaving(tx, input, 'discharge.record');
    checkFollowUp(input.on, input.followUpOn);
    const assessment = checkAssessed(await findTransferOut(tx, file, input.on));
    const { outcome, effect, note, followUpOn } = input;
    const body = { outcome, effect, note, followUpOn, assessment: assessment.id };
    return write(tx, ctx, input.person, dischargeRecorded.draft({ ...base(input, file), body }), 'discharged');
  },
};

export const serviceHandlers: Handlers<typeof serviceApi> = {
  suspend: async (tx, ctx, input) => {
    const { file } = await getLeaving(tx, input, 'service.suspend');
    const body = { reason: input.reason, note: input.note };
    return write(tx, ctx, input.person, serviceSuspended.draft({ ...base(input, file), body }), 'suspended');
  },
  resume: async (tx, ctx, input) => {
    const { file } = await getLeaving(tx, input, 'service.resume');
    checkNotEnded(await getSharingEnd(tx, file, input.on), '恢复服务');
    const body = { note: input.note };
    return write(tx, ctx, input.person, serviceResumed.draft({ ...base(input, file), body }), 'inService');
  },
};

export const fileHandlers: Handlers<typeof fileApi> = {
  close: async (tx, ctx, input) => {
    const { reason, division = '', note, push } = input;
    const { file, person } = await getLeaving(tx, input, 'file.close');
    if (push) {
      checkPush(file.county, division);
      checkNotEnded(await getSharingEnd(tx, file, ctx.today), '向外县（区）推送档案；不推送的，可以直接结案');
    }
    const pushed = push && reason === 'moved' ? await preparePush(tx, ctx, person, division, note) : undefined;
    const closed = { reason, division: division || undefined, note, pushed: pushed?.reference };
    const done = await write(tx, ctx, input.person, fileClosed.draft({ ...base(input, file), body: closed }), reason);
    if (!pushed) return { ...done, pushed: null };
    await pushed.write();
    return { ...done, pushed: { county: pushed.reference.county, receiptNumber: pushed.receiptNumber } };
  },
};
