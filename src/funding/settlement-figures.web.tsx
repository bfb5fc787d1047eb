// The sums of a month for settlement, as they stand on the page and on the home page of finance.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { lastWholeMonthBefore } from '../kernel/calendar.ts';
import { api } from '../web/client.ts';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { Figure, Figures } from '../web/parts.tsx';
import type { Settlement } from './settlement.api.ts';

export const formatYuan = (yuan: number): string => yuan.toLocaleString('zh-CN', { maximumFractionDigits: 2 });

export const SettlementSums = ({ view: { total, month } }: { view: Settlement }) => {
  const { t } = useTranslation('funding');
  return (
    <Figures>
      <Figure label={t('sessionsOf', { month })} value={String(total.sessions)} />
      <Figure
        label={t('attendances')}
        value={String(total.attendances)}
        note={t('ofThem', { count: total.standardized })}
      />
      <Figure label={t('served')} value={String(total.served)} />
      <Figure label={t('fees')} value={formatYuan(total.fees)} />
    </Figures>
  );
};

/** The last whole month, for the home page. */
export const LastSettlement = () => {
  const { clock } = useMe();
  const input = { month: lastWholeMonthBefore(clock.today) };
  const { data, error, refetch } = useQuery(api.settlement.month.queryOptions({ input }));
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />;
  return data ? <SettlementSums view={data} /> : null;
};
