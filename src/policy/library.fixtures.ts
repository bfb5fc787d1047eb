// Folders of small packs, and the lines that they are made of.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'kangtu-packs-'));
/** For `afterAll` of each file that makes folders. */
export const removeFolders = (): void => rmSync(folder, { recursive: true, force: true });

const fewClauses = `documents: { BZ: 甲, QS: 乙 }
clauses: { BZ-07: { kind: [E], summary: 丙 }, QS-05: { kind: [E], summary: 丁 } }
`;

let count = 0;
/** A folder with two clauses and these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const place = join(folder, String(++count));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'clauses.yaml'), fewClauses);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  return place;
}

export const head = (id: string, more = '') => `id: ${id}
name: 试验
area: "5119"
period: { from: 2023-01-01, to: 2025-12-31 }
documents: [{ title: 试验, clausePrefix: BZ }]
${more}rules:
`;
export const rule = (text: string) => `  - { clause: [BZ-07], title: 甲, summary: 乙, ${text} }\n`;
export const willing = rule('id: willing, kind: criterion, require: { willing: { by: [client] } }');
