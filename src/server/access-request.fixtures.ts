// Sending any operation any input over HTTP as any actor: what the access matrix and the fuzzing have in common.
import type { Actor } from '../kernel/access.ts';
import { readSheet } from '../kernel/sheet.ts';
import { inFolder } from '../person/census.fixtures.ts';
import type { AccessRow } from './access-guide.ts';
import type { TestApp } from './app.fixtures.ts';

/** An operation, who asks, and with what. */
export interface OperationRequest {
  readonly row: AccessRow;
  readonly actor: Actor | null;
  readonly input: Record<string, unknown>;
}
export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

/** Path fields leave the input for the path, as the typed client does. */
const urlOf = (path: string, input: Record<string, unknown>): string =>
  path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = input[field];
    delete input[field];
    // Half a character has no bytes in a URL.
    return encodeURIComponent(String(value).toWellFormed());
  });

const formOf = async (input: Record<string, unknown>): Promise<{ type: string; payload: Buffer }> => {
  const form = new FormData();
  for (const [field, value] of Object.entries(input)) form.set(field, value instanceof File ? value : String(value));
  const body = new Response(form);
  return { type: body.headers.get('content-type') ?? '', payload: Buffer.from(await body.arrayBuffer()) };
};

/** A workbook is packed, so that nothing could be found in its bytes. */
const textOfSheet = async (bytes: Buffer): Promise<string> =>
  JSON.stringify(await Array.fromAsync(readSheet(await inFolder('answer.xlsx', bytes)), ({ cells }) => cells));

/** Sends the request as the typed client would, but past its checks. */
export const sendTo = async (app: TestApp, { row, actor, input }: OperationRequest): Promise<Answer> => {
  const rest = { ...input };
  const path = `/api${urlOf(row.path, rest)}`;
  const isRead = row.method === 'GET';
  const query = isRead ? `?${new URLSearchParams(Object.entries(rest).map(([k, v]) => [k, String(v)]))}` : '';
  const hasFile = Object.values(rest).some((value) => value instanceof File);
  const json = { type: 'application/json', payload: Buffer.from(JSON.stringify(rest)) };
  const body = isRead ? undefined : hasFile ? await formOf(rest) : json;
  const response = await app.http.inject({
    method: row.method as 'GET',
    url: path + query,
    headers: {
      'x-test-actor': encodeURIComponent(JSON.stringify(actor)),
      ...(body ? { 'content-type': body.type } : {}),
    },
    ...(body ? { payload: body.payload } : {}),
  });
  const code = response.statusCode >= 400 ? (response.json() as { code: string }).code : undefined;
  const text = String(response.headers['content-type']).includes('spreadsheet')
    ? await textOfSheet(response.rawPayload)
    : response.body;
  return { status: response.statusCode, code, text };
};
