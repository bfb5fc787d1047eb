// An indicator as of a day: value, target and gap, how it is counted, its parts, its trend, and who does not count and why.
import { useQuery } from '@tanstack/react-query';
import { Alert, Breadcrumb, DatePicker, Flex, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { seesSmallCells } from '../kernel/access.ts';
import { nameOfDivision } from '../network/division.ts';
import { api } from '../web/client.ts';
import { formatCount, formatPoints, formatRate, formatShownRate } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Figure, Figures } from '../web/parts.tsx';
import { RefusedRequest } from '../web/problem.ts';
import { useSearchState } from '../web/search-state.ts';
import type { IndicatorAnswer, IndicatorName } from './indicator.ts';
import { Comparison, Trend } from './indicator-charts.web.tsx';
import { Formula } from './indicator-formula.web.tsx';
import { Parts, People } from './indicator-people.web.tsx';
import { IndicatorQuery, type IndicatorState } from './indicator-query.ts';
import './reporting.css';

/** 全市 › 县 › 乡镇 › 站点, as far up as the reader may look. */
const Trail = ({ answer, state: [query, change] }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const { scope } = useMe();
  const levels = [4, 6, 9].filter((length) => length >= scope.length && length <= answer.area.length);
  const items = levels.map((length) => {
    const area = answer.area.slice(0, length);
    const last = length === answer.area.length && answer.site === null;
    const title = last ? (
      nameOfDivision(area)
    ) : (
      <PageLink
        key={area}
        path={`/indicators/${answer.indicator}`}
        search={{ area, ...(query.on !== undefined && { on: query.on }) }}
      >
        {nameOfDivision(area)}
      </PageLink>
    );
    return { key: area, title };
  });
  const site = answer.site === null ? [] : [{ key: 'site', title: answer.people[0]?.siteName ?? t('indicator.site') }];
  return (
    <Flex wrap gap="small" align="center" justify="space-between" className="kt-indicator-place">
      <Breadcrumb items={[...items, ...site]} />
      <OnDay on={answer.on} onChange={(on) => change({ on, page: 1 })} />
    </Flex>
  );
};

const OnDay = ({ on, onChange }: { on: string; onChange: (on: string | undefined) => void }) => {
  const { t } = useTranslation('reporting');
  const { clock } = useMe();
  return (
    <label className="kt-no-print" htmlFor="on-day">
      {t('indicator.on')}{' '}
      <DatePicker
        id="on-day"
        allowClear={false}
        value={dayjs(on)}
        disabledDate={(day) => day.format('YYYY-MM-DD') > clock.today}
        onChange={(day) => onChange(day === null ? undefined : day.format('YYYY-MM-DD'))}
      />
    </label>
  );
};

/** Who counts, and sees nobody behind the count. */
const useFiguresOnly = (): boolean => {
  const me = useMe();
  return !seesSmallCells(me, me.scope);
};

const Value = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const { value, target, met, numerator, denominator, short, targetYear, on } = answer;
  const rate = answer.indicator === 'standardized-service-rate';
  const figures = useFiguresOnly();
  const opens = rate && !figures;
  const path = `/indicators/${answer.indicator}`;
  const search = { area: answer.area, ...(answer.site !== null && { site: answer.site }), on };
  return (
    <Figures>
      <Figure
        label={t('indicator.value', { on })}
        value={formatShownRate(answer)}
        {...(target !== null && { target: formatRate(target) })}
        {...(met !== null && { met })}
        {...(met === false && value !== null && target !== null && { gap: formatPoints(target - value) })}
        {...(targetYear !== null &&
          !on.startsWith(String(targetYear)) && { note: t('indicator.carried', { year: targetYear }) })}
      />
      <Figure
        label={t(rate ? 'indicator.counted' : 'indicator.covered')}
        value={`${formatCount(numerator)} / ${formatCount(denominator)}`}
        {...(opens && { path, search: { ...search, counts: 'true' } })}
        {...(denominator === 0 && { note: t('indicator.nobody') })}
      />
      {short !== null && short > 0 && (
        <Figure
          label={t(rate ? 'indicator.short' : 'indicator.shortCounties')}
          value={String(short)}
          {...(opens && { path, search: { ...search, counts: 'false' } })}
        />
      )}
    </Figures>
  );
};

const HiddenNote = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const hidden = answer.hidden || answer.children.some((child) => child.hidden);
  return hidden ? <Alert type="info" className="kt-problem" title={t('hidden.note')} /> : null;
};

const Problem = ({ problem, state, onRetry }: { problem: Error; state: IndicatorState; onRetry: () => void }) => {
  const { t } = useTranslation('reporting');
  const { clock } = useMe();
  const [query, change] = state;
  if (!(problem instanceof RefusedRequest) || problem.code !== 'noRule')
    return <ProblemAlert problem={problem} onRetry={onRetry} />;
  return (
    <EmptyState
      title={t('indicator.noRule')}
      hint={problem.message}
      action={<OnDay on={query.on ?? clock.today} onChange={(on) => change({ on, page: 1 })} />}
    />
  );
};

const IndicatorPage = ({ indicator }: { indicator: IndicatorName }) => {
  const state = useSearchState(IndicatorQuery);
  const [{ area, site, on, counts, missing, page, pageSize }] = state;
  const figures = useFiguresOnly();
  const { data, error, refetch, isPending } = useQuery({
    ...api.indicator.get.queryOptions({
      input: { indicator, area, site, on, counts, missing, page, pageSize, people: !figures },
    }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <PageHead />
      {error && <Problem problem={error} state={state} onRetry={() => void refetch()} />}
      {isPending && <Skeleton active />}
      {data && !error && (
        <>
          <Trail answer={data} state={state} />
          <Value answer={data} />
          <HiddenNote answer={data} />
          <Formula answer={data} />
          <div className="kt-charts">
            <Trend answer={data} />
            <Comparison answer={data} state={state} />
          </div>
          {figures ? <Parts answer={data} /> : <People answer={data} state={state} />}
        </>
      )}
    </>
  );
};

export const RatePage = () => <IndicatorPage indicator="standardized-service-rate" />;
export const CoveragePage = () => <IndicatorPage indicator="county-coverage" />;
