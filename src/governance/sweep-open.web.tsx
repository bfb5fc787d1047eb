// Opening a joint sweep: when, with whom, and in which towns.
import { useNavigate } from '@tanstack/react-router';
import { Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { listTowns } from '../network/division.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { Department } from './exchange.ts';
import { sweepFields } from './sweep.ts';

const Opening = z.object({ on: Day, ...sweepFields });

const SweepOpenPage = () => {
  const { t } = useTranslation('sweep');
  const { clock, scope } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const open = useOperation(client.sweep.open, {
    form,
    onDone: ({ sweep }) => void navigate({ to: `/sweeps/${sweep}` }),
  });
  const towns = listTowns(scope).map(({ code, name }) => ({ value: code, label: name }));
  return (
    <>
      <PageHead />
      <SchemaForm
        schema={Opening}
        form={form}
        initial={{
          ...{ on: clock.today, from: clock.today, year: Number(clock.today.slice(0, 4)) },
          ...{ departments: [...Department.options], towns: towns.map(({ value }) => value) },
        }}
        onSubmit={(fields) => open.run({ ...fields, county: scope })}
        problem={open.problem}
        busy={open.busy}
        submitLabel={t('save')}
      >
        <Field name="title" label={t('name')} />
        <Field name="year" label={t('year')}>
          <InputNumber min={2000} max={2100} precision={0} />
        </Field>
        <OnDayField name="on" label={t('on')} />
        <OnDayField name="from" label={t('from')} until="any" />
        <OnDayField name="to" label={t('to')} until="any" />
        <Field name="departments" label={t('departments')}>
          <Select
            mode="multiple"
            options={Department.options.map((value) => ({ value, label: t(`department.${value}`) }))}
          />
        </Field>
        <Field name="towns" label={t('towns')}>
          <Select mode="multiple" options={towns} showSearch={{ optionFilterProp: 'label' }} />
        </Field>
      </SchemaForm>
    </>
  );
};
export default SweepOpenPage;
