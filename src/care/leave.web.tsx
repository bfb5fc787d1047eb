// What the pages of leaving service share: who it is, what the stay was, and a word when the step is not possible now.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Figure, Figures } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { DischargeBasis } from './discharge.api.ts';

const Path = z.object({ person: z.uuid() });

export const useBasis = (): DischargeBasis => {
  const { person } = usePathParams(Path);
  return useSuspenseQuery(api.discharge.basis.queryOptions({ input: { person } })).data;
};

export const LeaveHead = ({ basis }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const who = t('leave.of', { name: basis.name, stage: t(`stage.${basis.stage}`) });
  const where =
    basis.organisationName !== null && basis.acceptedOn !== null
      ? t('leave.accepted', { organisation: basis.organisationName, on: basis.acceptedOn })
      : undefined;
  return <PageHead intro={[who, where].filter(Boolean).join(' · ')} />;
};

export const StayFigures = ({ basis }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const path = `/persons/${basis.person}/sessions`;
  return (
    <Figures>
      <Figure label={t('leave.sessions')} value={t('month.times', { count: basis.sessions })} path={path} />
      <Figure label={t('leave.standardized')} value={t('month.times', { count: basis.standardized })} path={path} />
      <Figure label={t('leave.last')} value={basis.lastSessionOn ?? '—'} />
      <Figure
        label={t('leave.assessment')}
        value={basis.assessment?.on ?? '—'}
        {...(basis.assessment && { path: `/assessments/${basis.assessment.id}` })}
      />
    </Figures>
  );
};

export const NotNow = ({ basis }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  return (
    <EmptyState
      title={t('leave.notNow')}
      hint={t('leave.notNowHint', { stage: t(`stage.${basis.stage}`) })}
      action={
        <ButtonLink type="primary" path={`/persons/${basis.person}`}>
          {t('leave.back')}
        </ButtonLink>
      }
    />
  );
};
