// Photos and documents of a check of a site (BZ-04, QS-07): what is said of each; the content is kept beside the journal.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry, type EntryDraft, voidType } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';

/** The most that one check has, and that one file may have as it is sent. */
export const mostDocuments = 20;
export const mostDocumentBytes = 5 * 2 ** 20;

/** What can be shown or opened on any office PC and phone. */
export const MediaType = z.enum(['image/jpeg', 'image/png', 'application/pdf']);
export type MediaType = z.infer<typeof MediaType>;

export const Caption = z.string().trim().min(2, '请写明是什么，至少两个字').max(100).meta({ sealed: true });

export const siteDocumentAdded = defineEntry({
  type: 'siteDocument.add',
  summary: '添加站点材料',
  body: z.object({
    organisation: z.uuid(),
    siteCheck: z.uuid(),
    /** The item of the check's list that it shows; none: the check as a whole. */
    item: z.string().optional(),
    caption: Caption,
    mediaType: MediaType,
    bytes: z.int(),
    /** Of the content as it is kept, in hex. */
    sha256: z.string().meta({ sealed: true }),
  }),
  replaceable: 'takenBack',
});

export const SiteDocumentView = z.object({
  id: z.uuid(),
  item: z.string().nullable(),
  /** The item's words; null where it is about the whole check. */
  label: z.string().nullable(),
  caption: z.string(),
  mediaType: MediaType,
  bytes: z.int(),
  addedOn: Day,
  mayVoid: z.boolean(),
});
export type SiteDocumentView = z.infer<typeof SiteDocumentView>;

/** Refuses (`tooManyDocuments`) one more than a check may have. */
export const checkRoom = (count: number): void => {
  if (count >= mostDocuments)
    throw new Refusal(
      'tooManyDocuments',
      `一次检查最多保存 ${mostDocuments} 份照片或材料，请先作废不需要的，再添加。`,
      { kind: 'conflict', cites: ['BZ-04', 'QS-07'] },
    );
};

interface Voiding {
  readonly id: string;
  readonly on: Day;
  readonly reason: string;
}

/** The entry that takes a document back, of one that was never corrected. */
export const voidingOf = (
  document: { readonly id: string; readonly county: string; readonly organisation: string },
  { id, on, reason }: Voiding,
): EntryDraft => ({
  ...{ id, on, county: document.county, type: voidType(siteDocumentAdded.type) },
  subjects: [{ kind: 'organisation', id: document.organisation }],
  body: { reason },
  replaces: document.id,
});

const extensions: Readonly<Record<MediaType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'application/pdf': 'pdf',
};
/** The name of a file that is handed out: nothing of its caption, and not the name under which it came. */
export const fileNameOf = ({ addedOn, mediaType }: Pick<SiteDocumentView, 'addedOn' | 'mediaType'>): string =>
  `站点材料-${addedOn}.${extensions[mediaType]}`;
