// Assessments over time and sessions by month on the file, for the roles that may read them.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AssessmentChart } from '../assessment/assessment-chart.web.tsx';
import type { OperationMeta } from '../kernel/contract.ts';
import { contract } from '../server/contract.ts';
import { Chart } from '../web/chart.tsx';
import { api } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { palette } from '../web/theme.ts';
import { useFactWords } from './fact-words.web.tsx';

/** Whether the contract lets the role perform an operation: a section that would be refused is not asked for. */
const useMayRead = (operation: { '~orpc': { meta: Partial<OperationMeta> } }): boolean => {
  const { role } = useMe();
  const { roles } = operation['~orpc'].meta;
  return typeof roles === 'string' || (roles?.includes(role) ?? false);
};

export const Assessments = ({ person }: { person: string }) => {
  const { t } = useTranslation('person');
  const { t: words } = useTranslation('assessment');
  const factWords = useFactWords();
  const enabled = useMayRead(contract.assessment.list);
  const list = useQuery({ ...api.assessment.list.queryOptions({ input: { person } }), enabled });
  const instruments = useQuery({ ...api.instrument.list.queryOptions({ input: {} }), enabled });
  const assessments = list.data?.assessments ?? [];
  if (assessments.length === 0) return null;
  return (
    <section className="kt-section">
      <header>
        <h2>{t('file.assessments')}</h2>
        <PageLink path={`/persons/${person}/assessments`} className="kt-no-print">
          {t('file.assessmentsAll')}
        </PageLink>
      </header>
      <AssessmentChart assessments={assessments} instruments={instruments.data ?? []} />
      <ul className="kt-visits">
        {[...assessments].reverse().map((one) => (
          <li key={one.id}>
            <time dateTime={one.on}>{one.on}</time>{' '}
            <PageLink path={`/assessments/${one.id}`}>{words(`kind.${one.kind}`)}</PageLink>{' '}
            {one.risk !== null && `${t('file.risk')} ${factWords('risk', one.risk)}`}
          </li>
        ))}
      </ul>
    </section>
  );
};

export const Sessions = ({ person }: { person: string }) => {
  const { t } = useTranslation('person');
  const enabled = useMayRead(contract.session.list);
  const { data } = useQuery({ ...api.session.list.queryOptions({ input: { person, pageSize: 1 } }), enabled });
  // A year and a half fits the width of half a page; the page of sessions has them all.
  const months = (data?.months ?? []).slice(0, 18).reverse();
  if (months.length === 0) return null;
  const others = months.map(({ sessions, standardized }) => sessions - standardized);
  return (
    <section className="kt-section">
      <Chart
        title={t('file.sessions')}
        summary={t('file.sessionsSummary')}
        height={220}
        option={{
          color: [...palette.series],
          grid: { left: 36, right: 12, top: 16, bottom: 56 },
          legend: { bottom: 0 },
          tooltip: { trigger: 'axis' },
          xAxis: { type: 'category', data: months.map(({ month }) => month) },
          yAxis: { type: 'value', minInterval: 1 },
          series: [
            {
              type: 'bar',
              stack: 'sessions',
              name: t('file.sessionsStandardized'),
              data: months.map(({ standardized }) => standardized),
            },
            { type: 'bar', stack: 'sessions', name: t('file.sessionsOther'), data: others },
          ],
        }}
        table={{
          columns: [t('file.month'), t('file.sessionsStandardized'), t('file.sessionsOther')],
          rows: months.map(({ month, standardized }, i) => [month, standardized, others[i] ?? 0]),
        }}
      />
    </section>
  );
};
