// How the figure is counted, in words, with the numbers of the place's pack; what the document does not say is marked.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from '../web/clause.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import type { IndicatorAnswer } from './indicator.ts';

const useLines = ({ formula, indicator }: IndicatorAnswer) => {
  const { t } = useTranslation('reporting');
  const { month, requires, sessionsPerMonth, reassessEveryMonths, minimumClients, minimumSessions } = formula;
  if (indicator === 'county-coverage')
    return [
      t('formula.coverageOf'),
      t('formula.coverageIf', { clients: minimumClients, month, sessions: minimumSessions }),
    ];
  return [
    t('formula.rateOf'),
    t('formula.rateIf', { steps: requires.map((step) => t(`missing.${step}`)).join('、') }),
    t('formula.sessions', { month, count: sessionsPerMonth ?? 0 }),
    ...(reassessEveryMonths === null ? [] : [t('formula.reassess', { count: reassessEveryMonths })]),
  ];
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
      <p className="kt-quiet">
        {t('formula.pack', { name: packName, version: pack.version })}
        <Lapsed endedOn={pack.endedOn} /> <ClauseChips ids={clause} />
      </p>
    </details>
  );
};
