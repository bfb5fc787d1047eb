// What is late, one line each, the longest first, with who is to do it and where.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { Clock } from '../web/parts.tsx';
import { ListTable } from '../web/table.tsx';
import type { DutyQuery } from './duty.web.tsx';
import { DutyBasis } from './duty-parts.web.tsx';

interface DutyLateProps {
  readonly state: readonly [DutyQuery, (change: Partial<DutyQuery>) => void];
  readonly span: { readonly from: string; readonly to: string };
}

export const DutyLate = ({ state, span }: DutyLateProps) => {
  const { t } = useTranslation('reporting');
  const { area, duty, responsible, page, pageSize } = state[0];
  const input = { ...span, area, duty, responsible, page, pageSize, state: 'late' as const };
  const query = useQuery({ ...api.duty.list.queryOptions({ input }), placeholderData: keepPreviousData });
  return (
    <ListTable
      caption={t('duty.views.late')}
      query={query}
      state={state}
      rowKey={(row) => `${row.duty} ${row.subject.id} ${row.dueOn}`}
      empty={{ title: t('duty.noneLate'), hint: t('duty.noneLateHint') }}
      columns={[
        { key: 'subject', title: t('duty.subject'), render: ({ subject }) => subject.name },
        { key: 'title', title: t('duty.duty'), render: ({ title }) => title },
        {
          key: 'due',
          title: t('duty.dueOn'),
          render: ({ dueOn, left }) => (
            <>
              {dueOn} {left !== null && <Clock dueOn={dueOn} left={left} unit="days" />}
            </>
          ),
        },
        {
          key: 'progress',
          title: t('duty.progress'),
          render: ({ done, asked, unit }) => t(`duty.${unit}`, { done, asked }),
        },
        { key: 'responsible', title: t('duty.responsible'), render: ({ responsible: { name } }) => name },
        { key: 'basis', title: t('duty.pack'), render: (row) => <DutyBasis rule={row} /> },
        {
          key: 'act',
          title: '',
          render: ({ link }) =>
            link && (
              <ButtonLink size="small" path={link.path} search={link.search}>
                {t('duty.act')}
              </ButtonLink>
            ),
        },
      ]}
    />
  );
};
