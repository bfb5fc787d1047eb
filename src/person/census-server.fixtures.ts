// Lists taken through their steps over HTTP, as a clerk does, with the background jobs run on the spot.
import { readFile } from 'node:fs/promises';
import type { Actor } from '../kernel/access.ts';
import { anActor, newId, type Reply, type TestApp } from '../server/app.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { jobTypes } from '../server/slices.ts';
import { inFolder } from './census.fixtures.ts';
import type { CensusListDetail, CensusReview, CensusReviewRow, CensusRowView } from './census.ts';
import type { CensusSender } from './census-fields.ts';

export const clerk = anActor('civilAffairs');

export type Cells = Readonly<Record<string, string>>;

/** A CSV file with the columns that the rows name. */
export const aCsv = (rows: readonly Cells[]): Promise<string> => {
  const headers = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [headers, ...rows.map((row) => headers.map((header) => row[header] ?? ''))];
  return inFolder('list.csv', lines.map((line) => line.join(',')).join('\n'));
};

export const lists = (app: TestApp) => {
  const upload = async (
    path: string,
    sender: CensusSender,
    { actor = clerk, id = newId(), name = '名单.xlsx' }: { actor?: Actor; id?: string; name?: string } = {},
  ): Promise<Reply<{ id: string; rows: number; detail?: string }>> => {
    const form = new FormData();
    const bytes = await readFile(path);
    const fields = { id, sender, fileName: name, fileSize: String(bytes.length), fileModified: '0' };
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new File([bytes], name));
    const body = new Response(form);
    const response = await app.http.inject({
      method: 'POST',
      url: '/api/census/lists',
      headers: {
        'x-test-actor': encodeURIComponent(JSON.stringify(actor)),
        'content-type': body.headers.get('content-type') ?? '',
      },
      payload: Buffer.from(await body.arrayBuffer()),
    });
    const answer = response.json();
    return { status: response.statusCode, body: answer, ...(response.statusCode >= 400 ? { code: answer.code } : {}) };
  };

  const runJob = async (id: string): Promise<void> => {
    const { rows } = await app.admin.query('select kind, actor, payload from job where id = $1', [id]);
    const type = jobTypes.find(({ kind }) => kind === rows[0].kind);
    const ctx = contextOf(app, rows[0].actor, id);
    await type?.run({ id, ctx, database: app.database, progress: async () => undefined }, rows[0].payload);
  };

  const plan = async (list: string, { actor = clerk, listedOn = '2023-11-30', columns = [] as object[] } = {}) => {
    const reply = await app.call<{ job: string }>(actor, 'POST', `/census/lists/${list}/plan`, {
      id: newId(),
      listedOn,
      columns,
    });
    if (reply.status === 200) await runJob(reply.body.job);
    return reply;
  };
  const confirm = async (list: string, actor = clerk) => {
    const reply = await app.call<{ job: string }>(actor, 'POST', `/census/lists/${list}/import`, { id: newId() });
    if (reply.status === 200) await runJob(reply.body.job);
    return reply;
  };
  const get = async (list: string, actor = clerk): Promise<CensusListDetail> =>
    (await app.call<CensusListDetail>(actor, 'GET', `/census/lists/${list}`)).body;
  const rows = async (list: string): Promise<CensusRowView[]> =>
    (await app.call<{ rows: CensusRowView[] }>(clerk, 'GET', `/census/lists/${list}/rows`, { pageSize: 200 })).body
      .rows;
  const outcomes = async (list: string) => (await rows(list)).map(({ outcome }) => outcome);
  /** Uploads and plans. */
  const planned = async (cells: readonly Cells[], sender: CensusSender = 'federation', listedOn = '2023-11-30') => {
    const { body } = await upload(await aCsv(cells), sender);
    await plan(body.id, { listedOn });
    return body.id;
  };
  const imported = async (cells: readonly Cells[], sender: CensusSender = 'federation', listedOn = '2023-11-30') => {
    const list = await planned(cells, sender, listedOn);
    await confirm(list);
    return list;
  };
  const reviews = async (list: string) =>
    (await app.call<{ rows: (typeof CensusReviewRow)['_output'][] }>(clerk, 'GET', '/census/reviews', { list })).body
      .rows;
  const review = (list: string, position: number, actor = clerk) =>
    app.call<CensusReview>(actor, 'GET', `/census/reviews/${list}/${position}`);
  const resolve = (list: string, position: number, decision: object, actor = clerk) =>
    app.call<{ result: string; person: string | null }>(actor, 'POST', `/census/reviews/${list}/${position}`, {
      id: newId(),
      ...decision,
    });
  return { upload, runJob, plan, confirm, get, rows, outcomes, planned, imported, reviews, review, resolve };
};
