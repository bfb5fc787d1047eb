// All indicators of a place on a day: value, target, met, behind or no data, and whether the document has lapsed.
import { useQuery } from '@tanstack/react-query';
import { Flex, Skeleton, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, Day } from '../kernel/contract.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { PageLink } from '../web/link.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Outcome } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { IndicatorRow } from './indicator.ts';
import { OnDay } from './indicator-day.web.tsx';
import { formatAmount, formatCounted, formatValue } from './indicator-words.web.ts';
import './reporting.css';

const Query = z.object({ area: Area.optional(), on: Day.optional() });

/** Met, behind, no data, hidden, or without a target: never a colour alone. */
const State = ({ row: { value, hidden, target, met } }: { row: IndicatorRow }) => {
  const { t } = useTranslation('reporting');
  if (met !== null)
    return <Outcome outcome={met ? 'met' : 'unmet'} text={t(met ? 'chart.reached' : 'chart.notReached')} />;
  if (value === null) return <Outcome outcome="unknown" text={t(hidden ? 'indicators.hidden' : 'indicators.noData')} />;
  return <Tag>{t(target === null ? 'indicators.noTarget' : 'indicators.hidden')}</Tag>;
};

const Line = ({ row, search }: { row: IndicatorRow; search: { area: string; on: string } }) => {
  const { t } = useTranslation('reporting');
  const { indicator, title, clause, pack, packName, assumed, target, targetYear, denominator } = row;
  return (
    <li>
      <span className="kt-work-name">
        <PageLink path={`/indicators/${indicator}`} search={search}>
          {title}
        </PageLink>{' '}
        <ClauseChips ids={clause} />
        <span className="kt-quiet"> {packName}</span>
        <Lapsed endedOn={pack.endedOn} />
        {assumed && <Tag>{t('indicators.assumed')}</Tag>}
      </span>
      <span className="kt-indicator-value">
        <strong>{formatValue(indicator, row)}</strong>
        {denominator !== null && <span className="kt-quiet"> {formatCounted(indicator, row)}</span>}
        {target !== null && (
          <span className="kt-quiet">
            {t('indicators.target', { year: targetYear, target: formatAmount(indicator, target) })}
          </span>
        )}
      </span>
      <State row={row} />
    </li>
  );
};

const IndicatorsPage = () => {
  const { t } = useTranslation('reporting');
  const [{ area, on }, change] = useSearchState(Query);
  const { data, error, refetch } = useQuery({
    ...api.indicator.list.queryOptions({ input: { area, on } }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <PageHead intro={t('indicators.intro')} />
      {error && <ProblemAlert problem={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && !error && (
        <>
          <Flex wrap gap="small" align="center" justify="space-between" className="kt-indicator-place">
            <strong>{data.areaName}</strong>
            <OnDay on={data.on} onChange={(day) => change({ on: day })} />
          </Flex>
          {data.rows.length === 0 ? (
            <EmptyState title={t('indicator.noRule')} hint={t('indicators.none')} />
          ) : (
            <ul className="kt-work">
              {data.rows.map((row) => (
                <Line key={row.indicator} row={row} search={{ area: data.area, on: data.on }} />
              ))}
            </ul>
          )}
          {data.rows.some(({ hidden }) => hidden) && <p className="kt-quiet">{t('hidden.note')}</p>}
        </>
      )}
    </>
  );
};
export default IndicatorsPage;
