// The decision on an application, and moving it to a record that exists already.
import { useNavigate } from '@tanstack/react-router';
import { Form, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { ReviewDecision } from './application.ts';

const Review = z.object({ on: Day, decision: ReviewDecision, reason: z.string().trim().max(500).optional() });
const Reassign = z.object({ reason: z.string().trim().min(1).max(200) });

export const ReviewForm = ({ view }: { view: { application: string; receivedOn: string } }) => {
  const { t } = useTranslation('referral');
  const today = useToday();
  const [form] = Form.useForm();
  const review = useOperation(client.application.review, { form });
  return (
    <section className="kt-no-print">
      <h2>{t('application.review')}</h2>
      <SchemaForm
        schema={Review}
        form={form}
        initial={{ decision: 'registered', ...(today !== undefined && { on: today }) }}
        onSubmit={(values) => review.run({ ...values, application: view.application })}
        problem={review.problem}
        busy={review.busy}
        submitLabel={t('application.review')}
      >
        <Field name="decision" label={t('application.decision')}>
          <Radio.Group options={ReviewDecision.options.map((value) => ({ value, label: t(`decision.${value}`) }))} />
        </Field>
        <Field name="reason" label={t('application.reason')} help={t('application.reasonHelp')}>
          <Input.TextArea rows={2} maxLength={500} />
        </Field>
        <OnDayField name="on" label={t('on')} notBefore={view.receivedOn} />
      </SchemaForm>
    </section>
  );
};

export const ReassignButton = ({
  application,
  person,
  name,
}: {
  application: string;
  person: string;
  name: string;
}) => {
  const { t } = useTranslation('referral');
  const navigate = useNavigate();
  return (
    <FormButton
      size="small"
      label={t('application.reassign')}
      title={`${t('application.reassign')} · ${name}`}
      hint={t('application.candidatesHint')}
      schema={Reassign}
      call={client.application.reassign}
      inputOf={(values) => ({ ...values, application, person })}
      onDone={({ application: moved }) => void navigate({ to: `/applications/${moved}` })}
    >
      <Field name="reason" label={t('application.reassignReason')} />
    </FormButton>
  );
};
