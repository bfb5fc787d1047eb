// The reader of the REST interface: every operation of /api/openapi.json with its input and answer.
import { useQuery } from '@tanstack/react-query';
import { Collapse, Input, Spin, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { fetchJson } from './client.ts';
import { PageHead } from './page-head.tsx';

const Operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  tags: z.array(z.string()).optional(),
  parameters: z.array(z.unknown()).optional(),
  requestBody: z.unknown().optional(),
  responses: z.unknown().optional(),
});
const Document = z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), Operation)) });

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: z.infer<typeof Operation>;
}

const entriesOf = (document: z.infer<typeof Document>): Entry[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: `/api${path}`,
      operation,
    })),
  );

const matches = ({ path, operation }: Entry, sought: string): boolean =>
  `${path} ${operation.operationId ?? ''} ${operation.summary ?? ''}`
    .toLowerCase()
    .includes(sought.trim().toLowerCase());

const Part = ({ title, value }: { readonly title: string; readonly value: unknown }) =>
  value === undefined ? null : (
    <>
      <Typography.Title level={3} style={{ fontSize: 14 }}>
        {title}
      </Typography.Title>
      <pre style={{ overflow: 'auto', maxHeight: 360 }}>{JSON.stringify(value, null, 2)}</pre>
    </>
  );

const InterfacePage = () => {
  const { t } = useTranslation();
  const [sought, setSought] = useState('');
  const query = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => fetchJson('/api/openapi.json', Document, { signal }),
  });
  const entries = query.data ? entriesOf(query.data).filter((entry) => matches(entry, sought)) : [];
  return (
    <>
      <PageHead intro={<a href="/api/openapi.json">/api/openapi.json (OpenAPI {query.data?.openapi})</a>} />
      <Input.Search
        allowClear
        aria-label={t('interface.search')}
        placeholder={t('interface.search')}
        onChange={(event) => setSought(event.target.value)}
        style={{ maxWidth: 360, marginBottom: 12 }}
      />
      {query.isPending ? (
        <Spin />
      ) : (
        <Collapse
          items={entries.map(({ method, path, operation }) => ({
            key: `${method} ${path}`,
            label: (
              <>
                <Tag>{method}</Tag> <code>{path}</code> {operation.summary}
              </>
            ),
            children: (
              <>
                <Typography.Paragraph type="secondary">{operation.operationId}</Typography.Paragraph>
                <Part title={t('interface.parameters')} value={operation.parameters} />
                <Part title={t('interface.body')} value={operation.requestBody} />
                <Part title={t('interface.answer')} value={operation.responses} />
              </>
            ),
          }))}
        />
      )}
    </>
  );
};
export default InterfacePage;
