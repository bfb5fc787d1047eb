// Sections of the file: the days of its steps, facts with their sources, the findings of the screening, where the person is counted.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { nameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { ButtonLink } from '../web/link.tsx';
import { EmptyState, Outcome, Pairs } from '../web/parts.tsx';
import { nameOfOrigin } from './fact.ts';
import { useFactWords } from './fact-words.web.tsx';
import { nameOfStage } from './file.ts';
import type { Episode, FactLine } from './file-page.ts';
import type { FilePageData } from './file-page.web.tsx';
import { outcomeLooks } from './finding.web.tsx';

const days = (file: Episode) =>
  [
    ['applied', file.appliedOn],
    ['registered', file.registeredOn],
    ['referred', file.referredOn],
    ['queued', file.queuedOn],
    ['accepted', file.acceptedOn],
    ['inService', file.inServiceOn],
    ['ended', file.endedOn],
  ] as const;

/** The steps that the place's document asks the file to show: there, missing, or not called for yet. */
const Process = ({ process }: { process: NonNullable<FilePageData['process']> }) => {
  const { t } = useTranslation('person');
  return (
    <>
      <h3>
        {t('file.process')} <ClauseChips ids={process.clause} />
      </h3>
      <ul className="kt-list">
        {process.steps.map(({ text, on, ifNeeded }) => (
          <li key={text}>
            {on === null && ifNeeded ? (
              <Tag>{t('file.stepIfNeeded', { step: text })}</Tag>
            ) : (
              <Outcome outcome={on === null ? 'unknown' : 'met'} text={text} />
            )}{' '}
            <span className="kt-quiet">{on ?? (ifNeeded ? '' : t('file.stepMissing'))}</span>
          </li>
        ))}
      </ul>
    </>
  );
};

export const Progress = ({ data }: { data: FilePageData }) => {
  const { t } = useTranslation('person');
  const known = days(data.file).filter(([, on]) => on !== null);
  return (
    <section className="kt-section">
      <h2>{t('file.days')}</h2>
      {known.length === 0 && <p className="kt-quiet">{t('file.daysNone')}</p>}
      <Pairs pairs={known.map(([step, on]) => [t(`file.${step}`), on])} />
      {data.process !== null && <Process process={data.process} />}
      {data.earlier.length > 0 && (
        <>
          <h3>{t('file.earlier')}</h3>
          <ul className="kt-visits">
            {data.earlier.map((episode) => (
              <li key={episode.episode}>
                {t('file.episode', { count: episode.episode })} {nameOfStage(episode.stage)}{' '}
                {[episode.registeredOn, episode.endedOn].filter(Boolean).join(' — ')} {episode.site?.name}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};

const Line = ({ line }: { line: FactLine }) => {
  const { t } = useTranslation('person');
  const words = useFactWords();
  const say = (fact: FactLine['said'][number]) =>
    `${line.hidden ? t('fact.hidden') : words(line.kind, fact.value)}（${fact.on}，${nameOfOrigin(fact.source)}）`;
  const [newest, ...others] = line.said;
  return (
    <>
      {newest && say(newest)} {line.conflict && <Tag color="warning">{t('file.conflict')}</Tag>}
      {others.length > 0 && (
        <details open={line.conflict}>
          <summary>{t('file.earlierFacts')}</summary>
          {others.map((fact) => (
            <div key={`${fact.on}${fact.source}${JSON.stringify(fact.value)}`} className="kt-quiet">
              {say(fact)}
            </div>
          ))}
        </details>
      )}
    </>
  );
};

export const Facts = ({ facts }: { facts: readonly FactLine[] }) => {
  const { t } = useTranslation('person');
  return (
    <section className="kt-section">
      <h2>{t('file.facts')}</h2>
      {facts.length === 0 ? (
        <EmptyState title={t('file.factsNone')} hint={t('file.factsHint')} />
      ) : (
        <Pairs pairs={facts.map((line) => [t(`fact.kind.${line.kind}`), <Line key={line.kind} line={line} />])} />
      )}
    </section>
  );
};

const isOutcome = (outcome: string): outcome is 'met' | 'unmet' | 'unknown' =>
  outcome === 'met' || outcome === 'unmet' || outcome === 'unknown';

export const Findings = ({ person, screening }: { person: string; screening: FilePageData['screening'] }) => {
  const { t } = useTranslation('person');
  if (screening === null)
    return (
      <section className="kt-section">
        <h2>{t('file.screening')}</h2>
        <EmptyState
          title={t('file.screeningNone')}
          hint={t('file.screeningHint')}
          action={<ButtonLink path={`/persons/${person}/screening`}>{t('file.doScreening')}</ButtonLink>}
        />
      </section>
    );
  return (
    <section className="kt-section">
      <h2>{t('file.screening')}</h2>
      <p>
        <time dateTime={screening.on}>{screening.on}</time>{' '}
        <Outcome outcome={outcomeLooks[screening.outcome]} text={t(`outcome.${screening.outcome}`)} />{' '}
        <span className="kt-quiet">{t('screening.pack', { pack: screening.pack, version: screening.version })}</span>
      </p>
      <ul className="kt-visits">
        {screening.findings.map((finding) => (
          <li key={finding.rule}>
            {isOutcome(finding.outcome) && <Outcome outcome={finding.outcome} />} {finding.because}{' '}
            <ClauseChips ids={finding.clause} />
          </li>
        ))}
      </ul>
    </section>
  );
};

export const Placements = ({ placements }: Pick<FilePageData, 'placements'>) => {
  const { t } = useTranslation('person');
  if (placements.length === 0) return null;
  return (
    <section className="kt-section">
      <h2>{t('file.placements')}</h2>
      <ul className="kt-visits">
        {placements.map((placement) => (
          <li key={`${placement.fromOn}${placement.untilOn}${placement.site}`}>
            {placement.fromOn} — {placement.untilOn ?? t('file.now')}{' '}
            {[placement.town && nameOfDivision(placement.town), placement.site].filter(Boolean).join('，')}
          </li>
        ))}
      </ul>
    </section>
  );
};
