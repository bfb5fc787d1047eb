// A hospital's advice for a person on record (`?person=`), BZ-09.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { recommendationRecorded } from '../person/person.ts';
import { LivesAt } from '../policy/facts.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';

const Advice = z.object({ on: Day, ...recommendationRecorded.body.shape });
const Query = z.object({ person: Id });

const RecommendationPage = () => {
  const { t } = useTranslation('referral');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const today = useToday();
  const [{ person }] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.person.file.queryOptions({ input: { person } }));
  const [form] = Form.useForm();
  const record = useOperation(client.recommendation.record, {
    form,
    onDone: () => {
      void message.success(t('recommend.done'));
      void navigate({ to: `/persons/${person}` });
    },
  });
  return (
    <>
      <PageHead title={t('recommend.of', { name: data.identity.name })} intro={t('recommend.intro')} />
      <SchemaForm
        schema={Advice}
        form={form}
        initial={today === undefined ? {} : { on: today }}
        onSubmit={(values) => record.run({ ...values, person })}
        problem={record.problem}
        busy={record.busy}
      >
        <Field name="fit" label={t('recommend.fit')}>
          <Radio.Group
            options={[
              { value: true, label: t('recommend.fitYes') },
              { value: false, label: t('recommend.fitNo') },
            ]}
          />
        </Field>
        <Field name="risk" label={t('recommend.risk')}>
          <Radio.Group optionType="button" options={[0, 1, 2, 3, 4, 5].map((value) => ({ value, label: value }))} />
        </Field>
        <Field name="livesAt" label={t('recommend.livesAt')}>
          <Select allowClear options={LivesAt.options.map((value) => ({ value, label: t(`recommend.${value}`) }))} />
        </Field>
        <Field name="diagnosis" label={t('recommend.diagnosis')} />
        <Field name="advice" label={t('recommend.advice')}>
          <Input.TextArea rows={3} maxLength={500} />
        </Field>
        <OnDayField name="on" label={t('on')} />
      </SchemaForm>
    </>
  );
};
export default RecommendationPage;
