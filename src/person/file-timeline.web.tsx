// Every entry of a file, newest day first: what, who, for which organisation, and whether it still stands.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Pagination, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { ProblemAlert } from '../web/message.tsx';
import { Timeline } from '../web/parts.tsx';
import type { TimelineRow } from './file-page.ts';

const pageSize = 50;

const Title = ({ row }: { row: TimelineRow }) => {
  const { t } = useTranslation('person');
  const text = row.detail === null ? row.summary : `${row.summary}：${row.detail}`;
  return (
    <>
      {row.status === 'standing' ? text : <del>{text}</del>}{' '}
      {row.status !== 'standing' && <Tag>{t(`file.${row.status}`)}</Tag>}
      {row.linked && <Tag>{t('file.ofLinked')}</Tag>}
    </>
  );
};

export const FileTimeline = ({ person }: { person: string }) => {
  const { t } = useTranslation('person');
  const { t: frame } = useTranslation();
  const [page, setPage] = useState(1);
  const { data, error } = useQuery({
    ...api.person.timeline.queryOptions({ input: { person, page, pageSize } }),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="kt-section kt-wide">
      <h2>{t('file.timeline')}</h2>
      <ProblemAlert problem={error ?? undefined} />
      <Timeline
        entries={(data?.rows ?? []).map((row) => ({
          id: row.id,
          on: row.on,
          title: <Title row={row} />,
          detail: t('file.by', {
            actor: row.actor,
            where: row.organisation ?? frame(`roles.${row.role}`),
            at: formatInstant(row.at),
          }),
          tone: row.status === 'standing' ? 'plain' : 'warn',
        }))}
      />
      {(data?.total ?? 0) > pageSize && (
        <Pagination
          className="kt-no-print"
          simple
          current={page}
          pageSize={pageSize}
          total={data?.total ?? 0}
          onChange={setPage}
        />
      )}
    </section>
  );
};
