// What an administrator does to an account: change its rights, stop it, take it up again, give it a new password.
import { Button, Flex, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { AccountRights, type AccountView } from './account.ts';
import { isSameTwice, NewPasswordFields, newPassword, useDiffer } from './account-fields.web.tsx';
import { RightsFields, rightsOf, scopeOfField } from './account-rights.web.tsx';

const Assigning = z.object({ ...AccountRights.shape, scope: z.string(), reason: z.string().trim().min(1).max(200) });
const Disabling = z.object({ reason: z.string().trim().min(1).max(200) });
const Resetting = z.object(newPassword);

const useModal = (title: string) => {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return {
    show: () => setOpen(true),
    close,
    modal: { title, open, footer: null, destroyOnHidden: true, onCancel: close },
  };
};

const Assign = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const { show, close, modal } = useModal(t('account.assignTitle', { name: account.name }));
  const [form] = Form.useForm();
  const assign = useOperation(client.account.assign, { form, onDone: close });
  return (
    <>
      <Button size="small" onClick={show}>
        {t('account.assign')}
      </Button>
      <Modal {...modal}>
        <p className="kt-quiet">{t('account.assignHint')}</p>
        <SchemaForm
          schema={Assigning}
          form={form}
          initial={rightsOf(account)}
          onSubmit={(values) => assign.run({ ...values, account: account.id, scope: scopeOfField(values.scope) })}
          problem={assign.problem}
          busy={assign.busy}
          submitLabel={t('account.assign')}
        >
          <RightsFields form={form} />
          <Field name="reason" label={t('account.reason')}>
            <Input.TextArea rows={2} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};

const Disable = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const { show, close, modal } = useModal(t('account.disableTitle', { name: account.name }));
  const [form] = Form.useForm();
  const disable = useOperation(client.account.disable, { form, onDone: close });
  return (
    <>
      <Button size="small" danger onClick={show}>
        {t('account.disable')}
      </Button>
      <Modal {...modal}>
        <p className="kt-quiet">{t('account.disableHint')}</p>
        <SchemaForm
          schema={Disabling}
          form={form}
          onSubmit={(values) => disable.run({ ...values, account: account.id })}
          problem={disable.problem}
          busy={disable.busy}
          submitLabel={t('account.disable')}
        >
          <Field name="reason" label={t('account.reason')}>
            <Input.TextArea rows={2} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};

type PlainOperation = (input: { id: string; account: string }) => Promise<unknown>;
interface PlainProps {
  readonly account: AccountView;
  readonly operation: PlainOperation;
  readonly label: string;
  readonly title: string;
  readonly hint: string;
}

/** What asks for nothing but a second look. */
const Plain = ({ account, operation, label, title, hint }: PlainProps) => {
  const { show, close, modal } = useModal(title);
  const run = useOperation(operation, { onDone: close });
  return (
    <>
      <Button size="small" onClick={show}>
        {label}
      </Button>
      <Modal {...modal}>
        <p className="kt-quiet">{hint}</p>
        <ProblemAlert problem={run.problem} />
        <Button type="primary" loading={run.busy} onClick={() => void run.run({ account: account.id })}>
          {label}
        </Button>
      </Modal>
    </>
  );
};

const Unlock = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.unlockTitle', { name: account.name });
  const texts = { label: t('account.unlock'), title, hint: t('account.unlockHint') };
  return <Plain account={account} operation={client.account.unlock} {...texts} />;
};

const ResetSecondFactor = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.resetFactorTitle', { name: account.name });
  const texts = { label: t('account.resetFactor'), title, hint: t('account.resetFactorHint') };
  return <Plain account={account} operation={client.account.resetSecondFactor} {...texts} />;
};

const Enable = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const title = t('account.enableTitle', { name: account.name });
  const texts = { label: t('account.enable'), title, hint: t('account.enableHint') };
  return <Plain account={account} operation={client.account.enable} {...texts} />;
};

const ResetPassword = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const { show, close, modal } = useModal(t('account.resetTitle', { name: account.name }));
  const differ = useDiffer();
  const [form] = Form.useForm();
  const reset = useOperation(client.account.resetPassword, { form, onDone: close });
  return (
    <>
      <Button size="small" onClick={show}>
        {t('account.reset')}
      </Button>
      <Modal {...modal}>
        <p className="kt-quiet">{t('account.resetHint')}</p>
        <SchemaForm
          schema={Resetting.refine(isSameTwice, differ)}
          form={form}
          onSubmit={({ password }) => reset.run({ account: account.id, password })}
          problem={reset.problem}
          busy={reset.busy}
          submitLabel={t('account.reset')}
        >
          <NewPasswordFields label={t('account.new')} />
        </SchemaForm>
      </Modal>
    </>
  );
};

export const AccountActions = ({ account }: { account: AccountView }) => (
  <Flex gap="small" wrap>
    <Assign account={account} />
    {account.disabledAt === null ? (
      <>
        {account.lockedUntil !== null && <Unlock account={account} />}
        <ResetPassword account={account} />
        {account.hasSecondFactor && <ResetSecondFactor account={account} />}
        <Disable account={account} />
      </>
    ) : (
      <Enable account={account} />
    )}
  </Flex>
);
