// Operations on the photos and documents of a check.
import { z } from 'zod';
import { Id, operation, Reason } from '../kernel/contract.ts';
import { inspected, inspecting } from './site-check.ts';
import { Caption, mostDocumentBytes } from './site-document.ts';

const clauses = ['BZ-04', 'QS-07'];

export const siteDocumentApi = {
  add: operation({
    name: 'siteDocument.add',
    summary: '添加检查的照片或材料',
    method: 'POST',
    path: '/site-checks/{siteCheck}/documents',
    roles: inspecting,
    refusals: ['fileKindUnknown', 'fileBroken', 'pictureTooLarge', 'itemUnknown', 'tooManyDocuments', 'alreadyClosed'],
    clauses,
    input: z.object({
      id: Id,
      siteCheck: Id,
      item: z.string().max(100).optional(),
      caption: Caption,
      /** Size and time of change of the file, so that another file is another upload. */
      fileSize: z.coerce.number().pipe(z.int32().min(0)),
      fileModified: z.coerce.number().min(-8.64e15).max(8.64e15),
      file: z.file().max(mostDocumentBytes, `文件超过 ${mostDocumentBytes / 2 ** 20} MB，请缩小或拆分后再上传。`),
    }),
    output: z.object({ siteDocument: Id, bytes: z.int() }),
  }),
  void: operation({
    name: 'siteDocument.void',
    summary: '作废检查的照片或材料',
    method: 'POST',
    path: '/site-documents/{siteDocument}/void',
    roles: inspecting,
    refusals: ['otherOffice', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, siteDocument: Id, reason: Reason }),
    output: z.object({}),
  }),
  content: operation({
    name: 'siteDocument.content',
    summary: '打开检查的照片或材料',
    method: 'GET',
    path: '/site-documents/{siteDocument}/content',
    audit: 'search',
    roles: [...inspecting, ...inspected],
    refusals: ['contentMissing'],
    clauses,
    input: z.object({ siteDocument: Id }),
    output: z.file(),
  }),
};
