// What kind of file bytes are, told by the bytes alone; and pictures without what they tell of who took them, where and when.
import { crc32 } from 'node:zlib';
import { Refusal } from './refusal.ts';

export interface DocumentBytes {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'application/pdf';
  readonly bytes: Buffer;
}

const refuse = (code: string, message: string, file: string): Refusal =>
  new Refusal(code, message, { kind: 'input', fields: { file } });
const broken = () => refuse('fileBroken', '文件打不开，请重新拍照，或重新保存后再上传。', '内容不完整或已损坏');

/** A browser unpacks a picture whole: one of more pixels fills the memory of an old computer. */
const mostPixels = 50_000_000;
const checkPixels = (width: number, height: number): void => {
  if (width === 0 || height === 0) throw broken();
  if (width * height > mostPixels)
    throw refuse('pictureTooLarge', '照片尺寸过大，请缩小后再上传。', `超过 ${mostPixels / 10_000} 万像素`);
};

const png = {
  signature: Buffer.from('89504e470d0a1a0a', 'hex'),
  /** What the picture itself needs. Text, EXIF, times, colour profiles and animations are left out. */
  kept: new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'cHRM', 'sRGB', 'sBIT']),
};

const cleanPng = (bytes: Buffer): Buffer => {
  const kept: Buffer[] = [png.signature];
  const seen = new Set<string>();
  for (let at = png.signature.length; !seen.has('IEND'); ) {
    if (at + 12 > bytes.length) throw broken();
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw broken();
    if ((type === 'IHDR') !== (seen.size === 0) || (type === 'IHDR' && length !== 13)) throw broken();
    if (type === 'IHDR') checkPixels(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12));
    if (png.kept.has(type)) kept.push(bytes.subarray(at, end));
    // A capital first letter: nobody can show the picture without it.
    else if (/^[A-Z]/.test(type)) throw broken();
    seen.add(type);
    at = end;
  }
  if (!seen.has('IDAT')) throw broken();
  return Buffer.concat(kept);
};

const jpeg = { start: 0xd8, end: 0xd9, scan: 0xda, jfif: 0xe0, adobe: 0xee };
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isTable = (marker: number): boolean => [0xc4, 0xcc, 0xdb, 0xdc, 0xdd].includes(marker);
/** Markers that stand alone and have no place between segments. */
const isStray = (marker: number): boolean => marker <= 0x01 || (marker >= 0xd0 && marker <= jpeg.start);

/**
 * What is kept of a segment (with the two bytes of its length): what the picture needs, and of JFIF and Adobe their fixed part, without a
 * thumbnail. EXIF with the place, XMP, comments and colour profiles are left out.
 */
const keepSegment = (marker: number, segment: Buffer): Buffer | undefined => {
  if (isFrame(marker) || isTable(marker) || marker === jpeg.scan) return segment;
  if (marker === jpeg.jfif && segment.length >= 16 && segment.toString('latin1', 2, 7) === 'JFIF\0')
    return Buffer.concat([Buffer.from([0, 16]), segment.subarray(2, 14), Buffer.alloc(2)]);
  if (marker === jpeg.adobe && segment.length >= 14 && segment.toString('latin1', 2, 7) === 'Adobe')
    return Buffer.concat([Buffer.from([0, 14]), segment.subarray(2, 14)]);
  return undefined;
};

/** Where the coded picture that begins at `from` ends: at the next marker that is neither stuffed nor a restart. */
const endOfScan = (bytes: Buffer, from: number): number => {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at)) {
    const next = bytes[at + 1] ?? 0;
    if (next === 0xff) at += 1;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
  throw broken();
};

/** What comes after the end of the picture (previews, short films, anything) is left out too. */
const cleanJpeg = (bytes: Buffer): Buffer => {
  const kept = [bytes.subarray(0, 2)];
  let [hasFrame, hasScan] = [false, false];
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff) throw broken();
    while (bytes[at] === 0xff) at += 1;
    const marker = bytes[at] ?? 0;
    if (marker === jpeg.end) break;
    if (isStray(marker) || at + 3 > bytes.length) throw broken();
    const end = at + 1 + bytes.readUInt16BE(at + 1);
    if (end < at + 3 || end > bytes.length) throw broken();
    const segment = bytes.subarray(at + 1, end);
    if (isFrame(marker)) {
      if (segment.length < 8) throw broken();
      checkPixels(segment.readUInt16BE(5), segment.readUInt16BE(3));
      hasFrame = true;
    }
    const part = keepSegment(marker, segment);
    if (part) kept.push(Buffer.from([0xff, marker]), part);
    at = end;
    if (marker === jpeg.scan) {
      hasScan = true;
      at = endOfScan(bytes, end);
      kept.push(bytes.subarray(end, at));
    }
  }
  if (!hasFrame || !hasScan) throw broken();
  return Buffer.concat([...kept, Buffer.from([0xff, jpeg.end])]);
};

/**
 * A photo (JPEG, PNG) without its metadata, or a PDF as it is. Neither name nor what the sender calls it counts. Refuses
 * (`fileKindUnknown`) anything else, (`fileBroken`) one that is not whole, and (`pictureTooLarge`) too many pixels.
 */
export const readDocument = (bytes: Buffer): DocumentBytes => {
  if (bytes[0] === 0xff && bytes[1] === jpeg.start) return { mediaType: 'image/jpeg', bytes: cleanJpeg(bytes) };
  if (bytes.subarray(0, 8).equals(png.signature)) return { mediaType: 'image/png', bytes: cleanPng(bytes) };
  if (bytes.toString('latin1', 0, 5) === '%PDF-') {
    if (!bytes.subarray(-1024).includes('%%EOF')) throw broken();
    return { mediaType: 'application/pdf', bytes };
  }
  throw refuse(
    'fileKindUnknown',
    '只能添加 JPG、PNG 照片或 PDF 文件，请另存为其中一种后再上传。',
    '内容不是照片或 PDF',
  );
};
