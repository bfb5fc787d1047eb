// The operation behind the policy page: every clause of a place with its rules, figures and state. Figures only, nobody's name.
import { z } from 'zod';
import { Area, Day, operation } from '../kernel/contract.ts';
import { EvidenceRow } from './evidence.ts';

const DocumentId = z.string().regex(/^[A-Z]{2}$/, '文件编号是两个大写字母，例如 BZ');

export const evidenceApi = {
  list: operation({
    name: 'policy.evidence',
    summary: '条款的落实情况',
    method: 'GET',
    path: '/policy/evidence',
    roles: 'signedIn',
    city: 'figures',
    refusals: ['outOfScope', 'areaUnknown', 'documentUnknown'],
    /** Without a document: all that hold in the area. */
    input: z.object({ area: Area.optional(), document: DocumentId.optional() }),
    output: z.object({
      area: z.string(),
      /** Of the organisation, where it asks for itself. */
      areaName: z.string(),
      on: Day,
      documents: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          holds: z.boolean(),
          /** The last day of the pack's period, where that is over. */
          endedOn: Day.nullable(),
        }),
      ),
      rows: z.array(EvidenceRow),
    }),
  }),
};
