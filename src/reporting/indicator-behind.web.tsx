// The organisations or the staff behind a figure.
import { Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageLink } from '../web/link.tsx';
import { EmptyState, Outcome } from '../web/parts.tsx';
import type { IndicatorAnswer, IndicatorOrganisation, IndicatorStaff } from './indicator.ts';
import type { IndicatorState } from './indicator-query.ts';

const usePaging = ({ peopleTotal }: IndicatorAnswer, [{ page, pageSize }, change]: IndicatorState) => ({
  ...{ current: page, pageSize, total: peopleTotal, hideOnSinglePage: true },
  onChange: (next: number) => change({ page: next }),
});

export const Organisations = ({ answer, state }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const pagination = usePaging(answer, state);
  if (answer.organisations.length === 0)
    return <EmptyState title={t('behind.noOrganisation')} hint={t(`behind.hint.${answer.indicator as 'new-sites'}`)} />;
  return (
    <>
      <h2 className="kt-section">{t('behind.organisations')}</h2>
      <Table<IndicatorOrganisation>
        size="small"
        rowKey={({ id }) => id}
        aria-label={t('behind.organisations')}
        dataSource={[...answer.organisations]}
        pagination={pagination}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'name',
            title: t('behind.organisation'),
            render: (_, { id, name }) => <PageLink path={`/organisations/${id}`}>{name}</PageLink>,
          },
          { key: 'division', title: t('behind.division'), render: (_, { divisionName }) => divisionName },
          { key: 'opened', title: t('behind.openedOn'), render: (_, { openedOn }) => openedOn },
          ...(answer.indicator === 'institution-coverage'
            ? [
                {
                  key: 'is',
                  title: t('behind.is'),
                  render: (_: unknown, { is }: IndicatorOrganisation) => is.map((one) => <Tag key={one}>{one}</Tag>),
                },
              ]
            : []),
        ]}
      />
    </>
  );
};

export const StaffBehind = ({ answer, state }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const { t: network } = useTranslation('network');
  const pagination = usePaging(answer, state);
  if (answer.staff.length === 0) return <EmptyState title={t('behind.noStaff')} hint={t('behind.noStaffHint')} />;
  return (
    <>
      <h2 className="kt-section">{t('behind.staff')}</h2>
      <Table<IndicatorStaff>
        size="small"
        rowKey={({ id }) => id}
        aria-label={t('behind.staff')}
        dataSource={[...answer.staff]}
        pagination={pagination}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'name', title: t('people.name'), render: (_, { name }) => name },
          {
            key: 'organisation',
            title: t('behind.organisation'),
            render: (_, { organisation, organisationName }) => (
              <PageLink path={`/organisations/${organisation}`}>{organisationName}</PageLink>
            ),
          },
          {
            key: 'discipline',
            title: network('staff.discipline'),
            render: (_, { discipline }) => network(`discipline.${discipline}`),
          },
          {
            key: 'background',
            title: network('staff.background'),
            render: (_, { qualification }) =>
              qualification === null ? network('staff.backgroundUnknown') : network(`background.${qualification}`),
          },
          {
            key: 'counts',
            title: t('people.state'),
            render: (_, { counts }) => (
              <Outcome outcome={counts ? 'met' : 'unmet'} text={t(counts ? 'people.counts' : 'people.countsNot')} />
            ),
          },
        ]}
      />
    </>
  );
};
