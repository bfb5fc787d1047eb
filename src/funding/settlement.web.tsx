// The month by organisation for settlement: how much was provided, to how many, and what clients pay. No person, and nothing opens to one.
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Flex, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { shiftMonth } from '../care/site-month.ts';
import { lastWholeMonthBefore, monthOf } from '../kernel/calendar.ts';
import { Month } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, PrintButton } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { Settlement, SettlementRow } from './settlement.api.ts';
import { formatYuan, SettlementSums } from './settlement-figures.web.tsx';

const Query = z.object({ month: Month.optional() });
const counts = ['sessions', 'attendances', 'standardized', 'minutes', 'served'] as const;

const Rows = ({ view }: { view: Settlement }) => {
  const { t } = useTranslation('funding');
  return (
    <Table<SettlementRow>
      size="small"
      rowKey={({ organisation }) => organisation}
      aria-label={t('title')}
      dataSource={[...view.rows]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        { key: 'name', title: t('organisation'), render: (_, row) => row.name },
        { key: 'area', title: t('area'), render: (_, row) => fullNameOfDivision(row.division) },
        ...counts.map((key) => ({
          key,
          title: t(key),
          align: 'right' as const,
          render: (_: unknown, row: SettlementRow) => row[key],
        })),
        { key: 'fees', title: t('fees'), align: 'right', render: (_, row) => formatYuan(row.fees) },
      ]}
    />
  );
};

const SettlementPage = () => {
  const { t } = useTranslation('funding');
  const { clock } = useMe();
  const [query, change] = useSearchState(Query);
  const month = query.month ?? lastWholeMonthBefore(clock.today);
  const { data, error, refetch } = useQuery({
    ...api.settlement.month.queryOptions({ input: { month } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead
        intro={
          <>
            {t('intro')} <ClauseChips ids={['QS-16', 'BZ-29']} />
          </>
        }
        action={<PrintButton />}
      />
      <Flex gap="small" align="center" className="kt-no-print" style={{ marginBlock: 12 }}>
        <Button
          icon={<LeftOutlined />}
          aria-label={t('before')}
          onClick={() => change({ month: shiftMonth(month, -1) })}
        />
        <strong>{month}</strong>
        <Button
          icon={<RightOutlined />}
          aria-label={t('after')}
          disabled={month >= monthOf(clock.today)}
          onClick={() => change({ month: shiftMonth(month, 1) })}
        />
        {data?.running === true && <span className="kt-quiet">{t('running')}</span>}
      </Flex>
      {error && <ProblemAlert problem={error} onRetry={() => void refetch()} />}
      {data && <SettlementSums view={data} />}
      {data && (data.rows.length > 0 ? <Rows view={data} /> : <EmptyState title={t('none')} hint={t('noneHint')} />)}
      <p className="kt-quiet">{t('notes')}</p>
    </>
  );
};
export default SettlementPage;
