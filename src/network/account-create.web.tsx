// Creating an account.
import { useNavigate } from '@tanstack/react-router';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { AccountFields } from './account.ts';
import { isSameTwice, NewPasswordFields, newPassword, useDiffer } from './account-fields.web.tsx';
import { RightsFields, scopeOfField } from './account-rights.web.tsx';

const Creating = z.object({ ...AccountFields.shape, scope: z.string(), ...newPassword });

const AccountCreatePage = () => {
  const { t } = useTranslation('network');
  const navigate = useNavigate();
  const differ = useDiffer();
  const [form] = Form.useForm();
  const create = useOperation(client.account.create, { form, onDone: () => void navigate({ to: '/accounts' }) });
  return (
    <>
      <PageHead intro={t('account.createIntro')} />
      <SchemaForm
        schema={Creating.refine(isSameTwice, differ)}
        form={form}
        onSubmit={({ again: _, ...values }) => create.run({ ...values, scope: scopeOfField(values.scope) })}
        problem={create.problem}
        busy={create.busy}
        submitLabel={t('account.create')}
      >
        <RightsFields form={form} />
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
