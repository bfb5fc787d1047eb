// Recording an activity or a training event.
import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../web/client.ts';
import { SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { ActivityFields, ActivityForm, toInput } from './activity-form.web.tsx';

const ActivityRecordPage = () => {
  const { t } = useTranslation('governance');
  const { clock, scope } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const record = useOperation(client.activity.record, {
    form,
    onDone: ({ activity }) => void navigate({ to: `/activities/${activity}` }),
  });
  return (
    <>
      <PageHead />
      <SchemaForm
        schema={ActivityForm}
        form={form}
        initial={{ on: clock.today, division: scope, attending: [] }}
        onSubmit={(fields) => record.run(toInput(fields))}
        problem={record.problem}
        busy={record.busy}
        submitLabel={t('activity.save')}
      >
        <ActivityFields form={form} />
      </SchemaForm>
    </>
  );
};
export default ActivityRecordPage;
