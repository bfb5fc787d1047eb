// Opening an organisation.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Checkbox, Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { ProviderFunction } from '../policy/standard.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe, useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useDivisionOptions } from './division-select.web.ts';
import { OrganisationKind, organisationFields, Tier } from './organisation.ts';

const Opening = z.object({ on: Day, ...organisationFields, functions: organisationFields.functions.default([]) });

const ParentSelect = (props: { value?: string; onChange?: (id: string | undefined) => void; id?: string }) => {
  const { scope } = useMe();
  const input = { area: scope.slice(0, 4) || undefined, status: 'open' as const, pageSize: 200 };
  const { data } = useQuery(api.organisation.list.queryOptions({ input }));
  const serving = (data?.rows ?? []).filter(({ kind }) => kind === 'hospital' || kind === 'centre' || kind === 'site');
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      options={serving.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
};

const OrganisationOpenPage = () => {
  const { t } = useTranslation('network');
  const { scope } = useMe();
  const today = useToday();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const open = useOperation(client.organisation.open, {
    form,
    onDone: ({ organisation }) => void navigate({ to: `/organisations/${organisation}` }),
  });
  const divisions = useDivisionOptions(scope);
  return (
    <>
      <PageHead intro={t('organisation.openIntro')} />
      <SchemaForm
        schema={Opening}
        form={form}
        initial={{ kind: 'site', tier: 'site', functions: [], ...(today !== undefined && { on: today }) }}
        onSubmit={open.run}
        problem={open.problem}
        busy={open.busy}
        submitLabel={t('organisation.open')}
      >
        <Field name="name" label={t('organisations.name')} />
        <Field name="division" label={t('organisation.area')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={divisions} />
        </Field>
        <Field name="kind" label={t('organisations.kind')}>
          <Select options={OrganisationKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Field>
        <Field name="tier" label={t('organisations.tier')}>
          <Select options={Tier.options.map((value) => ({ value, label: t(`tier.${value}`) }))} />
        </Field>
        <Field name="parent" label={t('organisations.parent')} help={t('organisations.parentHelp')}>
          <ParentSelect />
        </Field>
        <Field name="functions" label={t('organisation.functions')}>
          <Checkbox.Group
            options={ProviderFunction.options.map((value) => ({ value, label: t(`function.${value}`) }))}
          />
        </Field>
        <Field name="capacity" label={t('organisation.capacity')}>
          <InputNumber min={0} precision={0} />
        </Field>
        <Field name="phone" label={t('organisation.phone')} />
        <Field name="address" label={t('organisation.address')} />
        <OnDayField name="on" label={t('organisation.on')} />
      </SchemaForm>
    </>
  );
};
export default OrganisationOpenPage;
