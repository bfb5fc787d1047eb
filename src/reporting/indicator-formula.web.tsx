// How the figure is counted, in words, with the numbers of the place's pack; what the document does not say is marked.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from '../web/clause.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { type IndicatorAnswer, isOutcome } from './indicator.ts';

/** The standardized-service conditions, which two of the rates ask for. */
const useConditions = ({ formula }: IndicatorAnswer): string[] => {
  const { t } = useTranslation('reporting');
  const { month, requires, sessionsPerMonth, reassessEveryMonths } = formula;
  return [
    t('formula.rateIf', { steps: requires.map((step) => t(`missing.${step}`)).join('、') }),
    t('formula.sessions', { month, count: sessionsPerMonth ?? 0 }),
    ...(reassessEveryMonths === null ? [] : [t('formula.reassess', { count: reassessEveryMonths })]),
  ];
};

const useLines = (answer: IndicatorAnswer): string[] => {
  const { t } = useTranslation('reporting');
  const { t: network } = useTranslation('network');
  const conditions = useConditions(answer);
  const { formula, indicator, on } = answer;
  const { month, minimumClients, minimumSessions, qualifications, institutions, afterMonths } = formula;
  const limits = { clients: minimumClients, month, sessions: minimumSessions };
  const cohort = t('formula.cohort', { count: afterMonths ?? 0 });
  switch (indicator) {
    case 'county-coverage':
      return [t('formula.coverageOf'), t('formula.coverageIf', limits)];
    case 'town-coverage':
      return [t('formula.townsOf'), t('formula.townsIf', limits)];
    case 'home-living-rate':
      return [t('formula.homeOf'), t('formula.homeUnknown'), ...conditions];
    case 'clients-served':
      return [t('formula.served', { year: on.slice(0, 4), count: minimumSessions ?? 0 })];
    case 'new-sites':
      return [t('formula.newSites', { year: on.slice(0, 4) })];
    case 'institution-coverage': {
      const words = institutions.map(({ name, functions }) =>
        t('formula.institution', { name, functions: functions.map((one) => network(`function.${one}`)).join('、') }),
      );
      return [t('formula.institutionsOf'), t('formula.institutionsIf'), ...words];
    }
    case 'qualified-staff-share': {
      const kinds = qualifications.map((one) => network(`background.${one}`)).join('、');
      return [t('formula.staffOf'), t('formula.staffIf', { kinds })];
    }
    case 'relapse-rate':
      return [cohort, t('formula.relapseIf')];
    case 'self-care-rate':
      return [cohort, t('formula.selfCareIf')];
    case 'employment-rate':
      return [cohort, t('formula.employmentIf')];
    default:
      return [t('formula.rateOf'), ...conditions];
  }
};

export const Formula = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const lines = useLines(answer);
  const { formula, clause, packName, pack } = answer;
  return (
    <details className="kt-formula" open>
      <summary>{t('formula.title')}</summary>
      <ul className="kt-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {formula.assumed !== null && (
        <p>
          <Tag color="warning">{t('formula.assumed')}</Tag> {formula.assumed}
        </p>
      )}
      {isOutcome(answer.indicator) && (
        <p>
          <Tag color="warning">{t('formula.assumed')}</Tag> {t('formula.outcomeAssumed')}
        </p>
      )}
      <p className="kt-quiet">
        {t('formula.pack', { name: packName, version: pack.version })}
        <Lapsed endedOn={pack.endedOn} /> <ClauseChips ids={clause} />
      </p>
    </details>
  );
};
