// What stands beside a picture is gone after reading, the picture stays, and nothing that is broken or disguised passes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aJpeg, aPng } from '../network/site-document.fixtures.ts';
import { readDocument } from './picture.ts';
import { Refusal } from './refusal.ts';

const canary = 'GPS 31.8N 106.7E 2024:11:14 09:00 Zhou Ming phone';

test.each([
  [
    'JPEG',
    aJpeg(
      [
        [0xe1, `Exif\0\0MM\0*${canary}`],
        [0xe1, `http://ns.adobe.com/xap/1.0/\0${canary}`],
        [0xe2, `ICC_PROFILE\0${canary}`],
        [0xed, `Photoshop 3.0\0${canary}`],
        // A thumbnail of the whole picture hides in an extension of JFIF.
        [0xe0, `JFXX\0${canary}`],
        [0xfe, canary],
      ],
      canary,
    ),
    aJpeg(),
  ],
  [
    'PNG',
    aPng(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iCCP', 'acTL', 'prVt'].map((type) => [type, Buffer.from(canary)])),
    aPng(),
  ],
])('%s: metadata goes and the picture stays, byte by byte', (_, file, plain) => {
  expect(file.includes(canary)).toBe(true);
  expect(readDocument(file).bytes.equals(plain)).toBe(true);
  expect(readDocument(plain).bytes.equals(plain)).toBe(true);
});

const pngWith = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = aPng();
  change(bytes);
  return bytes;
};
const pdf = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');

test.each([
  ['nothing', Buffer.alloc(0), 'fileKindUnknown'],
  ['a page of script', Buffer.from('<html><script>alert(1)</script>'), 'fileKindUnknown'],
  [
    'a picture that runs',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'fileKindUnknown',
  ],
  ['a GIF', Buffer.from('GIF89a'), 'fileKindUnknown'],
  ['a JPEG without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xd9]), 'fileBroken'],
  ['half a JPEG', aJpeg().subarray(0, -2), 'fileBroken'],
  ['half a PNG', aPng().subarray(0, -4), 'fileBroken'],
  ['a PNG with one bit changed', pngWith((bytes) => bytes.writeUInt8(7, 45)), 'fileBroken'],
  ['a PNG with a part that nobody knows', aPng([['ABCD', Buffer.alloc(1)]]), 'fileBroken'],
  ['half a PDF', pdf.subarray(0, 20), 'fileBroken'],
  [
    'a JPEG of 60000 by 60000',
    Buffer.from(aJpeg().toString('hex').replace('0800080008', '08ea60ea60'), 'hex'),
    'pictureTooLarge',
  ],
])('refuses %s', (_, file, code) => {
  let refused: unknown;
  try {
    readDocument(file);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code });
});

test('a PDF stays as it is', () => {
  expect(readDocument(pdf)).toEqual({ mediaType: 'application/pdf', bytes: pdf });
});

test('whatever is changed in a file, it is refused or read, and what was read reads as itself', () => {
  const files = [aJpeg([[0xe1, canary]]), aPng([['tEXt', Buffer.from(canary)]]), pdf];
  const changed = fc.record({
    file: fc.constantFrom(...files),
    at: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
    length: fc.nat(400),
  });
  fc.assert(
    fc.property(changed, ({ file, at, length }) => {
      const bytes = Buffer.from(file).subarray(0, length % 3 === 0 ? length : file.length);
      for (const [place, value] of at) if (place < bytes.length) bytes[place] = value;
      try {
        const first = readDocument(bytes);
        expect(readDocument(first.bytes)).toEqual(first);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }),
  );
});
