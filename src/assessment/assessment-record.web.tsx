// Recording an assessment of a person: baseline first, then process, or transfer-out when asked for.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { AssessmentKind } from './assessment.ts';
import { AssessmentForm } from './assessment-form.web.tsx';

const Path = z.object({ person: z.uuid() });
const Query = z.object({ kind: AssessmentKind.optional() });

const RecordPage = () => {
  const { t } = useTranslation('assessment');
  const { person } = usePathParams(Path);
  const [{ kind: asked }, change] = useSearchState(Query);
  const navigate = useNavigate();
  const { data: history } = useSuspenseQuery(api.assessment.list.queryOptions({ input: { person } }));
  const { data: instruments } = useSuspenseQuery(api.instrument.list.queryOptions({ input: {} }));
  const record = useOperation(client.assessment.record, {
    onDone: ({ id, kind }) =>
      void navigate({ to: kind === 'baseline' ? `/persons/${person}/papers` : `/assessments/${id}` }),
  });
  const kind = history.baseline === null ? 'baseline' : asked === undefined || asked === 'baseline' ? 'process' : asked;
  return (
    <>
      <PageHead title={`${t(`kind.${kind}`)} · ${history.name}`} intro={t('form.intro')} />
      {history.baseline !== null && (
        <Segmented<AssessmentKind>
          aria-label={t('form.title')}
          className="kt-problem"
          value={kind}
          onChange={(value) => change({ kind: value })}
          options={(['process', 'transferOut'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
      )}
      <AssessmentForm
        kind={kind}
        instruments={
          kind === 'transferOut'
            ? [...instruments].sort((a, b) => Number(b.id === 'transfer') - Number(a.id === 'transfer'))
            : instruments
        }
        age={history.age ?? undefined}
        submitLabel={t('form.save')}
        problem={record.problem}
        busy={record.busy}
        onSubmit={(content) => record.run({ person, kind, ...content })}
      />
    </>
  );
};
export default RecordPage;
