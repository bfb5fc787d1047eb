// Correcting the record of an activity or a training event.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { ActivityFields, ActivityForm, toForm, toInput } from './activity-form.web.tsx';

const Path = z.object({ activity: Id });

const ActivityCorrectPage = () => {
  const { t } = useTranslation('governance');
  const { activity: id } = usePathParams(Path);
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data } = useSuspenseQuery(api.activity.get.queryOptions({ input: { activity: id } }));
  const correct = useOperation(client.activity.correct, {
    form,
    onDone: () => void navigate({ to: `/activities/${id}` }),
  });
  return (
    <>
      <PageHead />
      <SchemaForm
        schema={ActivityForm}
        form={form}
        initial={toForm(data)}
        onSubmit={(fields) => correct.run({ ...toInput(fields), activity: id })}
        problem={correct.problem}
        busy={correct.busy}
        submitLabel={t('activity.save')}
      >
        <ActivityFields form={form} known={data.attending.map(({ staff, name }) => ({ value: staff, label: name }))} />
      </SchemaForm>
    </>
  );
};
export default ActivityCorrectPage;
