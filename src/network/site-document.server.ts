// Handlers of the photos and documents of checks.
import { createHash } from 'node:crypto';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { readDocument } from '../kernel/picture.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { getOpenOrganisation, getOrganisation } from './organisation.server.ts';
import { checkOwn } from './site-check.server.ts';
import { findSiteCheckKey, listSiteChecks } from './site-check.sql.ts';
import { mayChange } from './site-check.ts';
import type { siteDocumentApi } from './site-document.api.ts';
import {
  deleteContents,
  findContent,
  findSiteDocument,
  insertContent,
  listSiteDocuments,
  type SiteDocumentRow,
} from './site-document.sql.ts';
import { checkRoom, fileNameOf, type MediaType, siteDocumentAdded, voidingOf } from './site-document.ts';

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A check in the actor's area, of an organisation that is open, which has the item on its list. */
const getOpenCheck = async (
  tx: Tx,
  ctx: Ctx,
  { siteCheck, item }: { siteCheck: string; item?: string | undefined },
) => {
  const key = await findSiteCheckKey(tx, siteCheck);
  if (!key) throw new Refusal('notFound', '没有找到这次检查，可能已作废，请刷新页面后重试。', { kind: 'absent' });
  const organisation = await getOpenOrganisation(tx, ctx.actor, key.organisation);
  const check = (await listSiteChecks(tx, key.county, key.organisation)).find(({ id }) => id === siteCheck);
  if (item !== undefined && !check?.items.some((one) => one.item === item))
    throw new Refusal('itemUnknown', '这次检查的清单中没有所选的项目，请刷新页面后重新选择。', {
      fields: { item: '清单中没有这一项' },
      cites: ['BZ-04', 'QS-07'],
    });
  return organisation;
};

const getSiteDocument = async (tx: Tx, { actor }: Ctx, id: string): Promise<SiteDocumentRow> => {
  const found = await findSiteDocument(tx, id);
  if (!found)
    throw new Refusal('notFound', '没有找到这份照片或材料，可能已作废，或不在您的管辖范围内。', { kind: 'absent' });
  checkOwn(actor, await getOrganisation(tx, found.organisation));
  return found;
};

interface NewDocument {
  readonly id: string;
  readonly siteCheck: string;
  readonly item?: string | undefined;
  readonly caption: string;
  /** As it was sent. */
  readonly file: Buffer;
}

/** Adds a document to a check, its content without what it tells of who made it, where and when. */
export const addDocument = async (
  tx: Tx,
  ctx: Ctx,
  { id, siteCheck, item, caption, file }: NewDocument,
): Promise<{ siteDocument: string; bytes: number }> => {
  const organisation = await getOpenCheck(tx, ctx, { siteCheck, item });
  const { mediaType, bytes } = readDocument(file) satisfies { mediaType: MediaType };
  const { county } = organisation;
  const subjects = [{ kind: 'organisation' as const, id: organisation.id }];
  // Two who add at once are counted one after the other.
  const locked = await ctx.journal.lock(tx, { id, county, subjects });
  const documents = await listSiteDocuments(tx, county, organisation.id);
  checkRoom(documents.filter((one) => one.siteCheck === siteCheck).length);
  const of = { organisation: organisation.id, siteCheck, ...(item !== undefined && { item }) };
  const body = { ...of, caption, mediaType, bytes: bytes.length, sha256: sha256Of(bytes) };
  const draft = siteDocumentAdded.draft({ id, county, on: ctx.today, subjects, body });
  await ctx.journal.append(tx, ctx, [draft], locked);
  await insertContent(tx, { county, id, organisation: organisation.id }, bytes);
  return { siteDocument: id, bytes: bytes.length };
};

export const siteDocumentHandlers: Handlers<typeof siteDocumentApi> = {
  add: async (tx, ctx, { id, siteCheck, item, caption, file }) =>
    addDocument(tx, ctx, { id, siteCheck, item, caption, file: Buffer.from(await file.arrayBuffer()) }),
  void: async (tx, ctx, { id, siteDocument, reason }) => {
    const found = await getSiteDocument(tx, ctx, siteDocument);
    if (!mayChange(ctx.actor, found.recorder))
      throw new Refusal('otherOffice', '这份材料由其他部门添加，请由添加的部门或县（区）民政部门作废。', {
        kind: 'access',
      });
    const draft = voidingOf(found, { id, on: ctx.today, reason });
    // Of another officer of the same kind of office, whose entries row-level security shows to the county alone.
    await withCountyReach(tx, () => ctx.journal.append(tx, ctx, [draft]), found.county);
    await deleteContents(tx, found.county, [found.id]);
    return {};
  },
  content: async (tx, ctx, { siteDocument }) => {
    const found = await getSiteDocument(tx, ctx, siteDocument);
    const content = await findContent(tx, found.county, found.id);
    if (!content || sha256Of(content) !== found.sha256)
      throw new Refusal(
        'contentMissing',
        '这份材料的内容不在本库，或与登记时不一致，不能打开。请联系系统管理员从备份恢复，或作废后重新添加。',
        { kind: 'absent' },
      );
    return new File([new Uint8Array(content)], fileNameOf(found), { type: found.mediaType });
  },
};
