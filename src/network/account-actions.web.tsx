// What an administrator does to an account: change its rights, stop it, take it up again, give it a new password.
import { useQuery } from '@tanstack/react-query';
import { Flex, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { waysQuery } from '../web/me.ts';
import { AccountRights, type AccountView } from './account.ts';
import { isSameTwice, NewPasswordFields, newPassword, useDiffer } from './account-fields.web.tsx';
import { RightsFields, rightsOf, scopeOfField } from './account-rights.web.tsx';

const Assigning = z.object({ ...AccountRights.shape, scope: z.string(), reason: z.string().trim().min(1).max(200) });
const Disabling = z.object({ reason: z.string().trim().min(1).max(200) });
const Nothing = z.object({});
const Resetting = z.object(newPassword);

const Binding = z.object({ subject: z.string().trim().min(1).max(200) });

const ReasonField = () => {
  const { t } = useTranslation('network');
  return (
    <Field name="reason" label={t('account.reason')}>
      <Input.TextArea rows={2} />
    </Field>
  );
};

const Assign = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  return (
    <FormButton
      size="small"
      label={t('account.assign')}
      title={t('account.assignTitle', { name: account.name })}
      hint={t('account.assignHint')}
      schema={Assigning}
      initial={rightsOf(account)}
      call={client.account.assign}
      inputOf={(values) => ({ ...values, account: account.id, scope: scopeOfField(values.scope) })}
    >
      {(form) => (
        <>
          <RightsFields form={form} />
          <ReasonField />
        </>
      )}
    </FormButton>
  );
};

const Disable = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  return (
    <FormButton
      size="small"
      danger
      label={t('account.disable')}
      title={t('account.disableTitle', { name: account.name })}
      hint={t('account.disableHint')}
      schema={Disabling}
      call={client.account.disable}
      inputOf={(values) => ({ ...values, account: account.id })}
    >
      <ReasonField />
    </FormButton>
  );
};

interface PlainProps {
  readonly account: AccountView;
  readonly call: (input: { id: string; account: string }) => Promise<unknown>;
  readonly label: string;
  readonly title: string;
  readonly hint: string;
}

/** What asks for nothing but a second look. */
const Plain = ({ account, ...props }: PlainProps) => (
  <FormButton size="small" schema={Nothing} inputOf={() => ({ account: account.id })} {...props} />
);

const Unlock = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.unlockTitle', { name: account.name });
  const texts = { label: t('account.unlock'), title, hint: t('account.unlockHint') };
  return <Plain account={account} call={client.account.unlock} {...texts} />;
};

const ResetSecondFactor = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.resetFactorTitle', { name: account.name });
  const texts = { label: t('account.resetFactor'), title, hint: t('account.resetFactorHint') };
  return <Plain account={account} call={client.account.resetSecondFactor} {...texts} />;
};

const Bind = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  return (
    <FormButton
      size="small"
      label={t('account.bind')}
      title={t('account.bindTitle', { name: account.name })}
      hint={t('account.bindHint')}
      schema={Binding}
      call={client.account.bind}
      inputOf={(values) => ({ ...values, account: account.id })}
    >
      <Field name="subject" label={t('account.subject')} help={t('account.subjectHelp')}>
        <Input autoComplete="off" autoCapitalize="none" />
      </Field>
    </FormButton>
  );
};

const Unbind = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.unbindTitle', { name: account.name });
  const texts = { label: t('account.unbind'), title, hint: t('account.unbindHint') };
  return <Plain account={account} call={client.account.unbind} {...texts} />;
};

const Enable = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.enableTitle', { name: account.name });
  const texts = { label: t('account.enable'), title, hint: t('account.enableHint') };
  return <Plain account={account} call={client.account.enable} {...texts} />;
};

const ResetPassword = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const differ = useDiffer();
  return (
    <FormButton
      size="small"
      label={t('account.reset')}
      title={t('account.resetTitle', { name: account.name })}
      hint={t('account.resetHint')}
      schema={Resetting.refine(isSameTwice, differ)}
      call={client.account.resetPassword}
      inputOf={({ password }) => ({ account: account.id, password })}
    >
      <NewPasswordFields label={t('account.new')} />
    </FormButton>
  );
};

export const AccountActions = ({ account }: { account: AccountView }) => {
  const { data: ways } = useQuery(waysQuery);
  return (
    <Flex gap="small" wrap>
      <Assign account={account} />
      {account.disabledAt === null ? (
        <>
          {account.lockedUntil !== null && <Unlock account={account} />}
          <ResetPassword account={account} />
          {account.hasSecondFactor && <ResetSecondFactor account={account} />}
          {ways?.identityServer && <Bind account={account} />}
          {account.isBound && <Unbind account={account} />}
          <Disable account={account} />
        </>
      ) : (
        <Enable account={account} />
      )}
    </Flex>
  );
};
