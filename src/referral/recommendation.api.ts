// A medical institution's advice on community rehabilitation (BZ-09).
import { z } from 'zod';
import { Day, Id, operation } from '../kernel/contract.ts';
import { recommendationRecorded } from '../person/person.ts';

export const recommendationApi = {
  record: operation({
    name: 'recommendation.record',
    summary: '医疗机构建议',
    method: 'POST',
    path: '/recommendations',
    roles: ['hospital', 'health'],
    refusals: ['linkedAway', 'stageNotAllowed', 'beforeStart', 'inFuture'],
    clauses: ['BZ-09'],
    input: z.object({ id: Id, person: Id, on: Day, ...recommendationRecorded.body.shape }),
    output: z.object({}),
  }),
};
