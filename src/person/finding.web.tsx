// One criterion's answer as screens show it: the outcome, why, on which facts of which day and source, and by which clause.
import { useTranslation } from 'react-i18next';
import { ClauseChips } from '../web/clause.tsx';
import { Outcome } from '../web/parts.tsx';
import type { FindingView } from './screening.ts';

export const outcomeLooks = { eligible: 'met', ineligible: 'unmet', unknown: 'unknown' } as const;

export const FindingText = ({ finding, level: Heading }: { finding: FindingView; level: 'h2' | 'h3' }) => {
  const { t } = useTranslation('person');
  const facts = finding.facts.map(({ key, on, source }) =>
    [t(`fact.kind.${key}`), on, source].filter((part) => part !== null).join('，'),
  );
  return (
    <>
      <Heading>
        <Outcome outcome={finding.outcome} /> {finding.title} <ClauseChips ids={finding.clause} />
      </Heading>
      <p>{finding.because}</p>
      {facts.length > 0 && <p className="kt-quiet">{t('screening.fact', { fact: facts.join('；') })}</p>}
      {finding.assumed !== null && <p className="kt-quiet">{t('screening.assumed', { reason: finding.assumed })}</p>}
    </>
  );
};
