// Photos made of nothing but bytes, and adding them to a check over HTTP as a phone does.
import { paintPng } from '../../demo/pictures.ts';
import type { Actor } from '../kernel/access.ts';
import { newId, type Reply, type TestApp } from '../server/app.fixtures.ts';

type Chunk = readonly [type: string, data: Buffer];

/** A white square. */
export const aPng = (more: readonly Chunk[] = [], side = 8): Buffer =>
  paintPng([side, side], [[0, 0, side, side, [255, 255, 255]]], more);

const segmentOf = (marker: number, ...parts: (string | Buffer)[]): Buffer => {
  const data = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};

/** Eight by eight grey pixels, with segments of metadata before the picture and bytes after its end. */
export const aJpeg = (metadata: readonly (readonly [marker: number, data: string])[] = [], after = ''): Buffer => {
  const oneCode = (kind: number) => segmentOf(0xc4, Buffer.from([kind, 1, ...Array(15).fill(0), 0]));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segmentOf(0xe0, 'JFIF\0', Buffer.from([1, 1, 0, 0, 1, 0, 1, 0, 0])),
    ...metadata.map(([marker, data]) => segmentOf(marker, data)),
    segmentOf(0xdb, Buffer.from([0, ...Array(64).fill(1)])),
    segmentOf(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 0x11, 0])),
    oneCode(0x00),
    oneCode(0x10),
    segmentOf(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x3f, 0xff, 0xd9]),
    Buffer.from(after, 'latin1'),
  ]);
};

interface Added {
  readonly id?: string;
  readonly file?: Buffer;
  readonly name?: string;
  readonly type?: string;
  readonly caption?: string;
  readonly item?: string;
}

/** Adds a document to a check, by default a photo. */
export const addToCheck = async (
  app: TestApp,
  actor: Actor,
  siteCheck: string,
  { id = newId(), file = aPng(), name = '照片.png', type = '', caption = '现场照片', item }: Added = {},
): Promise<Reply<{ siteDocument: string; fields?: Record<string, string> }>> => {
  const form = new FormData();
  const fields = { id, caption, fileSize: String(file.length), fileModified: '0', ...(item !== undefined && { item }) };
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new File([new Uint8Array(file)], name, { type }));
  const body = new Response(form);
  const response = await app.http.inject({
    method: 'POST',
    url: `/api/site-checks/${siteCheck}/documents`,
    headers: {
      'x-test-actor': encodeURIComponent(JSON.stringify(actor)),
      'content-type': body.headers.get('content-type') ?? '',
    },
    payload: Buffer.from(await body.arrayBuffer()),
  });
  const answer = response.json();
  return { status: response.statusCode, body: answer, ...(response.statusCode >= 400 ? { code: answer.code } : {}) };
};
