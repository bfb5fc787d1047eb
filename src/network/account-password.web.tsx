// Changing the own password.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Field, SchemaForm } from '../web/form.tsx';
import { signInAgain } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { isSameTwice, NewPasswordFields, newPassword, useDiffer } from './account-fields.web.tsx';
import { changePassword } from './own-account.web.ts';

const Change = z.object({ currentPassword: z.string().max(128), ...newPassword });

export const PasswordForm = () => {
  const { t } = useTranslation('network');
  const differ = useDiffer();
  const [form] = Form.useForm();
  const change = useOperation(changePassword, { form, onDone: signInAgain });
  return (
    <SchemaForm
      schema={Change.refine(isSameTwice, differ)}
      form={form}
      onSubmit={({ currentPassword, password }) => change.run({ currentPassword, password })}
      problem={change.problem}
      busy={change.busy}
      submitLabel={t('account.changeSubmit')}
    >
      <Field name="currentPassword" label={t('account.current')}>
        <Input.Password autoComplete="current-password" />
      </Field>
      <NewPasswordFields label={t('account.new')} />
    </SchemaForm>
  );
};

const PasswordPage = () => {
  const { t } = useTranslation('network');
  return (
    <>
      <PageHead intro={t('account.changeIntro')} />
      <PasswordForm />
    </>
  );
};
export default PasswordPage;
