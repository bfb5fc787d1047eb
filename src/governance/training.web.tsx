// Training hours of staff in a year against what the place asks of each (BZ-24), those who are short first.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import type { Discipline } from '../network/organisation.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { useYears } from './activities.web.tsx';

const Query = z.object({
  ...listQuery,
  year: z
    .string()
    .regex(/^20\d{2}$/)
    .optional(),
  short: z.enum(['true']).optional(),
});

interface AskedProps {
  readonly year: string;
  readonly required: number | null;
  readonly clause: readonly string[];
  readonly shortCount: number;
}

const Asked = ({ year, required, clause, shortCount }: AskedProps) => {
  const { t } = useTranslation('governance');
  if (required === null) return <p>{t('training.introNone')}</p>;
  return (
    <p role="status">
      {t('training.introRequired', { year, required })} <ClauseChips ids={clause} />{' '}
      {shortCount > 0 ? (
        <Tag color="warning">{t('training.shortCount', { count: shortCount })}</Tag>
      ) : (
        <Tag color="success">{t('training.allMet')}</Tag>
      )}
    </p>
  );
};

const TrainingPage = () => {
  const { t } = useTranslation(['governance', 'network']);
  const state = useSearchState<z.output<typeof Query>>(Query);
  const [{ short, ...rest }] = state;
  const query = useQuery({
    ...api.activity.training.queryOptions({ input: { ...rest, ...(short && { short: true }) } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead
        intro={t('training.intro')}
        action={
          <ButtonLink type="primary" path="/activities/new">
            {t('activities.record')}
          </ButtonLink>
        }
      />
      {query.data && <Asked {...query.data} />}
      <ListTable
        caption={t('training.title')}
        query={query}
        state={state}
        rowKey={(row) => row.staff}
        searchHint={t('training.search')}
        filters={[
          { key: 'year', label: t('training.year'), options: useYears() },
          { key: 'short', label: t('training.only'), options: [{ value: 'true', label: t('training.onlyShort') }] },
        ]}
        columns={[
          { key: 'name', title: t('training.name'), render: (row) => row.name },
          {
            key: 'discipline',
            title: t('training.discipline'),
            render: (row) => t(`network:discipline.${row.discipline as Discipline}`),
          },
          { key: 'organisation', title: t('training.organisation'), render: (row) => row.organisationName },
          { key: 'hours', title: t('training.hours'), align: 'right', render: (row) => String(row.hours) },
          { key: 'credits', title: t('training.credits'), align: 'right', render: (row) => String(row.credits) },
          {
            key: 'short',
            title: t('training.short'),
            render: (row) => {
              if (row.short === null) return '—';
              if (row.short === 0) return <Tag color="success">{t('training.met')}</Tag>;
              return <Tag color="warning">{t('activities.hoursOf', { count: row.short })}</Tag>;
            },
          },
        ]}
        empty={{ title: t('training.none'), hint: t('training.noneHint') }}
      />
    </>
  );
};
export default TrainingPage;
