// Pictures for one check of the demo (BZ-04), painted from rectangles, so that no photo of a real place is in the repository.
import { crc32, deflateSync } from 'node:zlib';
import type { Tx } from '../src/kernel/database.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import { siteCheckRecorded } from '../src/network/site-check.ts';
import { addDocument } from '../src/network/site-document.server.ts';
import type { Ctx } from '../src/policy/context.ts';
import { pinyinOf } from './houses.ts';
import { createRandom } from './random.ts';

type Colour = readonly [number, number, number];
type Rectangle = readonly [left: number, top: number, width: number, height: number, colour: Colour];

const chunkOf = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
};

/** A PNG of rectangles, the later ones above the earlier; `more` are chunks beside those of the picture. */
export const paintPng = (
  [width, height]: readonly [number, number],
  rectangles: readonly Rectangle[],
  more: readonly (readonly [type: string, data: Buffer])[] = [],
): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a channel, red, green and blue.
  head.set([8, 2, 0, 0, 0], 8);
  const line = 1 + 3 * width;
  const pixels = Buffer.alloc(line * height);
  for (const [left, top, wide, high, colour] of rectangles)
    for (let y = top; y < top + high; y += 1)
      for (let x = left; x < left + wide; x += 1) pixels.set(colour, y * line + 1 + 3 * x);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunkOf('IHDR', head),
    ...more.map(([type, data]) => chunkOf(type, data)),
    chunkOf('IDAT', deflateSync(pixels)),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
};

/** A remark of `checks.ts`. */
const found = '活动室插座老化、扶手松动';
const size = [480, 360] as const;
const room: readonly Rectangle[] = [
  [0, 0, 480, 270, [226, 232, 228]],
  [0, 270, 480, 90, [168, 150, 128]],
];
const photos: readonly { readonly caption: string; readonly shown: readonly Rectangle[] }[] = [
  {
    caption: '活动室墙面插座，面板发黄、插孔松动',
    shown: [
      [190, 110, 100, 100, [238, 222, 170]],
      [215, 145, 12, 32, [70, 62, 50]],
      [253, 145, 12, 32, [70, 62, 50]],
    ],
  },
  {
    caption: '走廊扶手，右端固定件脱落',
    shown: [
      [40, 170, 400, 18, [140, 100, 60]],
      [90, 188, 14, 40, [90, 90, 90]],
      [240, 188, 14, 40, [90, 90, 90]],
    ],
  },
];

/** Adds the photos to the check of Bazhou that found what they show, as its civil affairs office did the same afternoon. */
export const addPhotos = async (tx: Tx, ctx: Ctx, network: readonly EntryDraft[]): Promise<void> => {
  const random = createRandom(20_241_110);
  const county = '511902';
  const check = network.find(
    (draft) =>
      draft.type === siteCheckRecorded.type && draft.county === county && JSON.stringify(draft.body).includes(found),
  );
  if (!check) return;
  const actor = { user: `${pinyinOf[county]}.minzheng`, name: '', role: 'civilAffairs', organisation: null } as const;
  for (const [place, { caption, shown }] of photos.entries()) {
    const now = new Date(Date.parse(check.recorded?.at ?? ctx.now) + (30 + place) * 60_000).toISOString();
    const office = { ...ctx, now, today: check.on, actor: { ...actor, scope: county } };
    const file = paintPng(size, [...room, ...shown]);
    await addDocument(tx, office, { id: random.id(now), siteCheck: check.id, item: 'facilities', caption, file });
  }
};
