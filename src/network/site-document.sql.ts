// Rows of the photos and documents of checks, their content beside them, and the projection that writes the rows.
import { sql } from 'kysely';
import { asSealed, keysOf, type Tx } from '../kernel/database.ts';
import type { Entry } from '../kernel/entry.ts';
import { countySubject } from '../kernel/keys.ts';
import type { Projection } from '../kernel/projection.ts';
import { type MediaType, siteDocumentAdded } from './site-document.ts';

export interface SiteDocumentRow {
  readonly id: string;
  readonly county: string;
  readonly organisation: string;
  readonly siteCheck: string;
  readonly item: string | null;
  readonly caption: string;
  readonly mediaType: MediaType;
  readonly bytes: number;
  readonly sha256: string;
  readonly addedOn: string;
  readonly recorder: string;
}

const columns = sql`id, county, organisation, site_check as "siteCheck", item, caption, media_type as "mediaType", bytes, sha256, added_on as "addedOn", recorder`;

/** The documents of an organisation's checks, in the order in which they were added. */
export const listSiteDocuments = async (
  tx: Tx,
  county: string,
  organisation: string,
): Promise<readonly SiteDocumentRow[]> => {
  const { rows } = await sql<SiteDocumentRow>`select ${columns} from site_document
    where county = ${county} and organisation = ${organisation} order by added_on, id`.execute(tx);
  return rows;
};

export const findSiteDocument = async (tx: Tx, id: string): Promise<SiteDocumentRow | undefined> => {
  const { rows } = await sql<SiteDocumentRow>`select ${columns} from site_document where id = ${id}`.execute(tx);
  return rows[0];
};

/** Keeps a content, sealed with the county's key. */
export const insertContent = async (
  tx: Tx,
  { county, id, organisation }: Pick<SiteDocumentRow, 'county' | 'id' | 'organisation'>,
  content: Buffer,
): Promise<void> => {
  const keys = keysOf(tx);
  const dataKeys = await keys.forWriting(asSealed(tx), county, [countySubject]);
  const sealed = String(keys.seal(content, { county, subject: countySubject }, dataKeys));
  await sql`insert into attachment (county, id, organisation, content) values (${county}, ${id}, ${organisation}, ${Buffer.from(sealed)})
    on conflict (county, id) do nothing`.execute(tx);
};

/** Undefined where it is not in this database, or not readable with its keys. */
export const findContent = async (tx: Tx, county: string, id: string): Promise<Buffer | undefined> => {
  const { rows } = await sql<{ content: unknown }>`
    select convert_from(content, 'UTF8') as content from attachment where county = ${county} and id = ${id}`.execute(
    tx,
  );
  const content = rows[0]?.content;
  return Buffer.isBuffer(content) ? content : undefined;
};

export const deleteContents = async (tx: Tx, county: string, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0)
    await sql`delete from attachment where county = ${county} and id = any(${[...ids]}::uuid[])`.execute(tx);
};

const applySiteDocuments = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(siteDocumentAdded.is).map(({ id, county, on, role, body }) => ({
    ...{ id, county, organisation: body.organisation, site_check: body.siteCheck, item: body.item ?? null },
    ...{ caption: body.caption, media_type: body.mediaType, bytes: body.bytes, sha256: body.sha256 },
    ...{ added_on: on, recorder: role },
  }));
  if (rows.length > 0)
    await sql`
      insert into site_document (county, id, organisation, site_check, item, caption, media_type, bytes, sha256, added_on, recorder)
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, organisation uuid, site_check uuid, item text, caption text,
        media_type text, bytes int, sha256 text, added_on date, recorder text)
      on conflict (county, id) do nothing`.execute(tx);
};

export const siteDocumentProjection: Projection = {
  types: [siteDocumentAdded.type],
  tables: [{ name: 'site_document', kind: 'organisation', column: 'organisation' }],
  apply: applySiteDocuments,
};
