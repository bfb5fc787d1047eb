// JSON Schemas of packs and of worked cases for editors, in policies/*.schema.json; `npm run guide` writes them, a test compares them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CaseFile } from './cases.ts';
import { packFolder } from './library.ts';
import { PackFile } from './pack.ts';

const files = { 'pack.schema.json': PackFile, 'cases.schema.json': CaseFile } as const;

const jsonSchema = (schema: z.ZodType): string =>
  `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`;

/** Name of the file → its text. */
export const editorSchemas = (): ReadonlyMap<string, string> =>
  new Map(Object.entries(files).map(([name, schema]) => [name, jsonSchema(schema)]));

if (import.meta.main) for (const [name, text] of editorSchemas()) writeFileSync(join(packFolder, name), text);
