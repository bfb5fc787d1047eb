// Entering an application that was received at the counter, for a person on record (`?person=`).
import { useNavigate } from '@tanstack/react-router';
import { App, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { OnDayField, SchemaForm } from '../web/form.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { applicationFields } from './application.ts';
import { ApplicationFields } from './application-fields.web.tsx';

const Submitting = z.object({ on: Day, ...applicationFields });
const Query = z.object({ person: Id });

const ApplicationSubmitPage = () => {
  const { t } = useTranslation('referral');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const today = useToday();
  const [{ person }] = useSearchState(Query);
  const [form] = Form.useForm();
  const submit = useOperation(client.application.submit, {
    form,
    onDone: ({ application, receiptNumber }) => {
      void message.success(t('application.submitted', { number: receiptNumber }));
      void navigate({ to: `/applications/${application}` });
    },
  });
  return (
    <>
      <PageHead intro={t('application.submitIntro')} />
      <SchemaForm
        schema={Submitting}
        form={form}
        initial={{ route: 'self', ...(today !== undefined && { on: today }) }}
        onSubmit={(values) => submit.run({ ...values, person })}
        problem={submit.problem}
        busy={submit.busy}
        submitLabel={t('application.submitTitle')}
      >
        <OnDayField name="on" label={t('application.receivedOn')} />
        <ApplicationFields />
      </SchemaForm>
    </>
  );
};
export default ApplicationSubmitPage;
