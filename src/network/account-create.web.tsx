// Creating an account.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form, type FormInstance, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { AccountFields, AccountRole, needsOrganisation } from './account.ts';
import { isSameTwice, NewPasswordFields, newPassword, useDiffer } from './account-fields.web.tsx';
import { useDivisionOptions } from './division-select.web.ts';
import { OrganisationKind } from './organisation.ts';

/** Stands for the scope '' in the form, where an empty text means "not given". */
const nation = 'nation';

const Creating = z.object({ ...AccountFields.shape, scope: z.string(), ...newPassword });

interface OrganisationSelectProps {
  readonly form: FormInstance;
  readonly role: AccountRole | undefined;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (id: string | undefined) => void;
}

/** Open organisations of the role's kind (administrators belong to any); a choice proposes its area. */
const OrganisationSelect = ({ form, role, ...input }: OrganisationSelectProps) => {
  const [search, setSearch] = useState('');
  const kind = OrganisationKind.safeParse(role).data;
  const { data, isFetching } = useQuery(
    api.organisation.list.queryOptions({
      input: { status: 'open', pageSize: 50, ...(kind && { kind }), ...(search && { search }) },
    }),
  );
  const rows = data?.rows ?? [];
  return (
    <Select
      {...input}
      allowClear
      loading={isFetching}
      showSearch={{ filterOption: false, onSearch: (text) => setSearch(text.trim().slice(0, 50)) }}
      options={rows.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id?: string) => {
        input.onChange?.(id);
        const division = rows.find((row) => row.id === id)?.division;
        if (division) form.setFieldValue('scope', division);
      }}
    />
  );
};

const AccountCreatePage = () => {
  const { t } = useTranslation(['network', 'frame']);
  const { scope } = useMe();
  const navigate = useNavigate();
  const differ = useDiffer();
  const [form] = Form.useForm();
  const role: AccountRole | undefined = Form.useWatch('role', form);
  const create = useOperation(client.account.create, { form, onDone: () => void navigate({ to: '/accounts' }) });
  const divisions = useDivisionOptions(scope);
  const scopes = scope === '' ? [{ value: nation, label: t('account.nation') }, ...divisions] : divisions;
  const needed = role !== undefined && needsOrganisation(role);
  return (
    <>
      <PageHead intro={t('account.createIntro')} />
      <SchemaForm
        schema={Creating.refine(isSameTwice, differ)}
        form={form}
        onSubmit={({ again: _, ...values }) =>
          create.run({ ...values, scope: values.scope === nation ? '' : values.scope })
        }
        problem={create.problem}
        busy={create.busy}
        submitLabel={t('account.create')}
      >
        <Field name="role" label={t('account.role')}>
          <Select
            options={AccountRole.options.map((value) => ({ value, label: t(`frame:roles.${value}`) }))}
            onChange={() => form.resetFields(['organisation'])}
          />
        </Field>
        <Field
          name="organisation"
          label={t('account.organisation')}
          help={t(needed ? 'account.organisationNeeded' : 'account.organisationOptional')}
        >
          <OrganisationSelect form={form} role={role} />
        </Field>
        <Field name="scope" label={t('account.scope')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={scopes} />
        </Field>
        <Field name="name" label={t('account.name')}>
          <Input autoComplete="off" />
        </Field>
        <Field name="username" label={t('account.username')} help={t('account.usernameHelp')}>
          <Input autoComplete="off" autoCapitalize="none" />
        </Field>
        <NewPasswordFields label={t('account.password')} />
      </SchemaForm>
    </>
  );
};
export default AccountCreatePage;
