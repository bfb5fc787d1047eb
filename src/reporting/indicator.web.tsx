// An indicator as of a day: value, target and gap, how it is counted, its parts, its trend, and who does not count and why.
import { useQuery } from '@tanstack/react-query';
import { Alert, Breadcrumb, Flex, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { seesSmallCells } from '../kernel/access.ts';
import { nameOfDivision } from '../network/division.ts';
import { api } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Figure, Figures } from '../web/parts.tsx';
import { RefusedRequest } from '../web/problem.ts';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { behindOf, type IndicatorAnswer, IndicatorName, isCounting, isFalling } from './indicator.ts';
import { Organisations, StaffBehind } from './indicator-behind.web.tsx';
import { Comparison, Trend } from './indicator-charts.web.tsx';
import { OnDay } from './indicator-day.web.tsx';
import { Formula } from './indicator-formula.web.tsx';
import { Parts } from './indicator-parts.web.tsx';
import { People } from './indicator-people.web.tsx';
import { IndicatorQuery, type IndicatorState } from './indicator-query.ts';
import { formatAmount, formatCounted, formatGap, formatValue } from './indicator-words.web.ts';
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

/** Who counts, and sees nobody behind the count. */
const useFiguresOnly = (): boolean => {
  const me = useMe();
  return !seesSmallCells(me, me.scope);
};

/** How the outcome moved since the cohort of a year earlier: no document sets a target. */
const Before = ({ answer: { before, indicator, value } }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  if (before === null) return null;
  const moved = value === null || before.value === null ? 0 : value - before.value;
  const better = isFalling(indicator) ? moved < 0 : moved > 0;
  const known = value !== null && before.value !== null;
  return (
    <Figure
      label={t('before.title', { on: before.on })}
      value={formatValue(indicator, before)}
      note={known ? t(moved === 0 ? 'before.same' : better ? 'before.better' : 'before.worse') : t('before.none')}
    />
  );
};

/** The rate of registered persons and that of all who live at home are different rates (DOMAIN 1.2): each shows the other. */
const Beside = ({ answer: { beside, area, on } }: { answer: IndicatorAnswer }) => {
  if (beside === null) return null;
  const { indicator, title, value, target, met } = beside;
  return (
    <Figure
      label={title}
      value={formatValue(indicator, beside)}
      path={`/indicators/${indicator}`}
      search={{ area, on }}
      {...(target !== null && { target: formatAmount(indicator, target) })}
      {...(met !== null && { met })}
      {...(met === false && value !== null && target !== null && { gap: formatGap(indicator, value, target) })}
      note={formatCounted(indicator, beside)}
    />
  );
};

const Counted = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const { indicator, denominator, short, unknown, atEntry, area, site, on } = answer;
  const figures = useFiguresOnly();
  const opens = ['standardized-service-rate', 'home-living-rate'].includes(indicator) && !figures;
  const path = `/indicators/${indicator}`;
  const search = { area, ...(site !== null && { site }), on };
  const notes = [
    ...(denominator === 0 ? [t('indicator.nobody')] : []),
    ...(unknown ? [t('indicator.unknown', { count: unknown })] : []),
    ...(atEntry === null ? [] : [t('indicator.atEntry', { count: atEntry })]),
  ];
  return (
    <>
      <Figure
        label={t(`counted.${indicator}`)}
        value={formatCounted(indicator, answer)}
        {...(opens && { path, search: { ...search, counts: 'true' } })}
        {...(notes.length > 0 && { note: notes.join('') })}
      />
      {short !== null && short > 0 && (
        <Figure
          label={t(`short.${indicator}`)}
          value={String(short)}
          {...(opens && { path, search: { ...search, counts: 'false' } })}
        />
      )}
    </>
  );
};

const Value = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const { indicator, value, target, met, targetYear, on } = answer;
  return (
    <Figures>
      <Figure
        label={t('indicator.value', { on })}
        value={formatValue(indicator, answer)}
        {...(target !== null && { target: formatAmount(indicator, target) })}
        {...(met !== null && { met })}
        {...(met === false &&
          value !== null &&
          target !== null &&
          !isCounting(indicator) && { gap: formatGap(indicator, value, target) })}
        {...(targetYear !== null &&
          !on.startsWith(String(targetYear)) && { note: t('indicator.carried', { year: targetYear }) })}
      />
      <Counted answer={answer} />
      <Before answer={answer} />
      <Beside answer={answer} />
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

const Behind = ({ answer, state }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const behind = behindOf(answer.indicator);
  const figures = useFiguresOnly();
  if (behind === 'organisations') return <Organisations answer={answer} state={state} />;
  if (figures) return null;
  return behind === 'staff' ? <StaffBehind answer={answer} state={state} /> : <People answer={answer} state={state} />;
};

const IndicatorPage = ({ indicator }: { indicator: IndicatorName }) => {
  const state = useSearchState(IndicatorQuery);
  const [{ area, site, on, counts, missing, page, pageSize }] = state;
  const people = !useFiguresOnly() || behindOf(indicator) === 'organisations';
  const { data, error, refetch, isPending } = useQuery({
    ...api.indicator.get.queryOptions({
      input: { indicator, area, site, on, counts, missing, page, pageSize, people },
    }),
    placeholderData: (before) => (before?.indicator === indicator ? before : undefined),
  });
  return (
    <>
      <PageHead {...(data !== undefined && { title: data.formula.title })} />
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
          <Parts answer={data} />
          <Behind answer={data} state={state} />
        </>
      )}
    </>
  );
};

const Params = z.object({ indicator: IndicatorName });
/** Any indicator by the name in the address. */
const AnyIndicatorPage = () => {
  const { indicator } = usePathParams(Params);
  return <IndicatorPage key={indicator} indicator={indicator} />;
};
export default AnyIndicatorPage;

export const RatePage = () => <IndicatorPage indicator="standardized-service-rate" />;
export const CoveragePage = () => <IndicatorPage indicator="county-coverage" />;
