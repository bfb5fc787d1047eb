// Every assessment of a person: the scores over time, each one to open, and the team's opinions.
import './assessment.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { movesFrom } from '../person/file.ts';
import { api } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Timeline } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { AssessmentView, TeamAssessmentView } from './assessment.ts';
import { AssessmentChart } from './assessment-chart.web.tsx';
import type { Instrument } from './instrument.ts';

const Path = z.object({ person: z.uuid() });

const Scores = ({ view, instruments }: { view: AssessmentView; instruments: readonly Instrument[] }) => {
  const { t } = useTranslation('assessment');
  return (
    <>
      {view.results.map(({ instrument, total, band }) => (
        <Tag key={instrument}>
          {instruments.find(({ id }) => id === instrument)?.short ?? instrument} {total ?? t('history.notScored')}
          {band !== undefined && ` · ${band}`}
        </Tag>
      ))}
      {view.risk !== null && (
        <Tag>
          {t('risk.label')} {t('riskShort', { level: view.risk })}
        </Tag>
      )}
    </>
  );
};

const Team = ({ team }: { team: readonly TeamAssessmentView[] }) => {
  const { t } = useTranslation('assessment');
  if (team.length === 0) return <p className="kt-quiet">{t('history.teamNone')}</p>;
  return (
    <Timeline
      entries={team.map(({ id, on, opinion, suitable, members }) => ({
        id,
        on,
        title: t(suitable ? 'history.suitable' : 'history.unsuitable'),
        tone: suitable ? 'good' : 'warn',
        cites: ['BZ-11'],
        detail: `${opinion}（${members.map(({ name, discipline }) => `${t(`discipline.${discipline}`)} ${name}`).join('、')}）`,
      }))}
    />
  );
};

const HistoryPage = () => {
  const { t } = useTranslation('assessment');
  const { person } = usePathParams(Path);
  const { role } = useMe();
  const { data } = useSuspenseQuery(api.assessment.list.queryOptions({ input: { person } }));
  const { data: instruments } = useSuspenseQuery(api.instrument.list.queryOptions({ input: {} }));
  const recorder = role === 'hospital' || role === 'centre' || role === 'site';
  const moves = movesFrom(data.stage);
  const next = data.baseline === null ? 'baseline' : 'process';
  return (
    <>
      <PageHead
        title={t('history.of', { name: data.name })}
        action={
          recorder &&
          moves.includes('assessment.record') && (
            <ButtonLink type="primary" path={`/persons/${person}/assessments/new`}>
              {t('history.record', { kind: t(`kind.${next}`) })}
            </ButtonLink>
          )
        }
      />
      <AssessmentChart assessments={data.assessments} instruments={instruments} />
      {data.assessments.length === 0 ? (
        <EmptyState title={t('history.none')} hint={t('history.noneHint')} />
      ) : (
        <section className="kt-result">
          <h2>{t('history.list')}</h2>
          <Timeline
            entries={[...data.assessments].reverse().map((view) => ({
              id: view.id,
              on: view.on,
              title: <PageLink path={`/assessments/${view.id}`}>{t(`kind.${view.kind}`)}</PageLink>,
              detail: <Scores view={view} instruments={instruments} />,
            }))}
          />
        </section>
      )}
      <section className="kt-result">
        <h2>{t('history.team')}</h2>
        <Team team={data.team} />
        {(recorder || role === 'civilAffairs') && moves.includes('team.assess') && (
          <ButtonLink path={`/persons/${person}/team-assessment`}>{t('history.teamRecord')}</ButtonLink>
        )}
      </section>
    </>
  );
};
export default HistoryPage;
