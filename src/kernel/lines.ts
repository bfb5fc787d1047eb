// Lines of JSON from a stream, one at a time, within limits: neither a line without end nor one of brackets alone fills the memory.
import { Refusal } from './refusal.ts';

/** As long as a line may be; who writes lines keeps below it. */
export const mostLineBytes = 64 * 2 ** 20;
/** Far deeper than anything that we write. */
const mostDepth = 200;

export class LineTooLarge extends Refusal {
  constructor() {
    super('lineTooLarge', '文件中有一行过长或嵌套过深，不是康途所写，已停止读取。', { kind: 'input' });
  }
}

const [newline, quote, backslash] = [0x0a, 0x22, 0x5c];
const opens = new Set([0x5b, 0x7b]);
const closes = new Set([0x5d, 0x7d]);

const checkDepth = (line: Buffer): void => {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at] ?? 0;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opens.has(byte)) depth += 1;
    else if (closes.has(byte)) depth -= 1;
    if (depth > mostDepth) throw new LineTooLarge();
  }
};

const textOf = (parts: readonly Buffer[]): string => {
  const line = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  checkDepth(line);
  return line.toString('utf8');
};

/**
 * The lines of a stream, ended by a line feed alone: `readline` also ends them at U+2028 and U+2029, which stand unescaped in JSON. Throws
 * `LineTooLarge`.
 */
export async function* readJsonLines(
  source: AsyncIterable<Buffer>,
  most = mostLineBytes,
): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > most) throw new LineTooLarge();
    parts.push(part);
  };
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end));
      const line = textOf(parts);
      [parts, length, from] = [[], 0, end + 1];
      yield line;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (length > 0) yield textOf(parts);
}
