// A new password, typed twice: its rules for the form, and its two fields.
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Field } from '../web/form.tsx';
import { Password } from './password.ts';

export const newPassword = { password: Password, again: z.string() };

/** For `refine` of a form with `newPassword`. */
export const isSameTwice = ({ password, again }: { password: string; again: string }): boolean => password === again;

export const useDiffer = () => {
  const { t } = useTranslation('network');
  return { path: ['again'], message: t('account.differ') };
};

export const NewPasswordFields = ({ label }: { label: string }) => {
  const { t } = useTranslation('network');
  return (
    <>
      <Field name="password" label={label} help={t('account.passwordRules')}>
        <Input.Password autoComplete="new-password" />
      </Field>
      <Field name="again" label={t('account.again')}>
        <Input.Password autoComplete="new-password" />
      </Field>
    </>
  );
};
