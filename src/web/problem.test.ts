// Answers that are not ok: refusals keep their reasons, and only definite ones count as refusals.
import { expect, test } from 'vitest';
import { FailedRequest, isSignedOut, RefusedRequest, readProblem, toFieldErrors } from './problem.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

test('a refusal keeps message, code, fields, clauses and request id', async () => {
  const error = await readProblem(
    answer(422, {
      type: 'about:blank',
      title: '不能记录服务',
      status: 422,
      detail: '尚未签订知情同意书',
      code: 'noConsent',
      fields: { 'clients.3': '未签同意书' },
      cites: ['BZ-14'],
      requestId: 'r-1',
    }),
  );
  expect(error).toBeInstanceOf(RefusedRequest);
  expect(error).toMatchObject({
    message: '尚未签订知情同意书',
    code: 'noConsent',
    fields: { 'clients.3': '未签同意书' },
    cites: ['BZ-14'],
    requestId: 'r-1',
  });
});

test('a server fault or a proxy page is a failure, with the request id if there is one', async () => {
  const fault = await readProblem(answer(500, { title: 'x', status: 500, code: 'internal', requestId: 'r-2' }));
  expect(fault).toBeInstanceOf(FailedRequest);
  expect(fault).toMatchObject({ status: 500, requestId: 'r-2' });
  const full = await readProblem(answer(507, { title: 'x', detail: '磁盘已满。', status: 507, code: 'diskFull' }));
  expect([(full as FailedRequest).told, (fault as FailedRequest).told]).toEqual(['磁盘已满。', undefined]);
  const proxy = await readProblem(answer(413, '<html>too large</html>', { 'x-request-id': 'r-3' }));
  expect(proxy).toBeInstanceOf(FailedRequest);
  expect(proxy).toMatchObject({ status: 413, requestId: 'r-3' });
});

test('signed out is told from not allowed', async () => {
  expect(isSignedOut(await readProblem(answer(403, { title: '请先登录', status: 403, code: 'signInNeeded' })))).toBe(
    true,
  );
  expect(isSignedOut(await readProblem(answer(403, { title: 'x', status: 403, code: 'signInRefused' })))).toBe(false);
});

test('field paths become form names, with rows as numbers', () => {
  expect(toFieldErrors({ 'rows.12.idNumber': '校验码不对', on: '不能晚于今天' })).toEqual([
    { name: ['rows', 12, 'idNumber'], errors: ['校验码不对'] },
    { name: ['on'], errors: ['不能晚于今天'] },
  ]);
});
