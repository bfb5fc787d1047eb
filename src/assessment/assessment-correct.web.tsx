// Correcting an assessment: the same form with what was answered; the earlier content stays in the journal.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { AssessmentForm } from './assessment-form.web.tsx';

const Path = z.object({ assessment: z.uuid() });

const CorrectPage = () => {
  const { t } = useTranslation('assessment');
  const { assessment } = usePathParams(Path);
  const navigate = useNavigate();
  const { data: view } = useSuspenseQuery(api.assessment.get.queryOptions({ input: { assessment } }));
  const { data: current } = useSuspenseQuery(api.instrument.list.queryOptions({ input: {} }));
  const correct = useOperation(client.assessment.correct, {
    onDone: () => void navigate({ to: `/assessments/${assessment}` }),
  });
  // What was answered keeps its version, so that the answers keep their meaning.
  const answered = new Map(view.instruments.map((instrument) => [instrument.id, instrument]));
  return (
    <>
      <PageHead title={`${t('form.correct')} · ${view.name}`} />
      <AssessmentForm
        kind={view.kind}
        instruments={current.map((instrument) => answered.get(instrument.id) ?? instrument)}
        age={undefined}
        initial={view}
        submitLabel={t('form.saveCorrection')}
        problem={correct.problem}
        busy={correct.busy}
        onSubmit={(content) => correct.run({ assessment, ...content })}
      />
    </>
  );
};
export default CorrectPage;
