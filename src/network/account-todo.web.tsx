// What somebody who has given the password does before anything else: one page with one step and, always, the way out.
import { Button, Card, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reloadPage, signOut, useMe } from '../web/me.ts';
import { usePageTitle } from '../web/page-head.tsx';
import { PasswordForm } from './account-password.web.tsx';
import { giveSecondFactor } from './own-account.web.ts';
import { CodeForm, SecondFactorSetUp, useCode } from './second-factor.web.tsx';
import type { Todo } from './sign-in-rules.ts';

const OneCode = ({ recovery }: { recovery: boolean }) => {
  const { t } = useTranslation('network');
  const state = useCode(giveSecondFactor, reloadPage);
  return (
    <CodeForm
      state={state}
      label={t(recovery ? 'secondFactor.recoveryCode' : 'secondFactor.code')}
      help={t(recovery ? 'secondFactor.recoveryCodeHelp' : 'secondFactor.giveHelp')}
      submitLabel={t('secondFactor.give')}
      digitsOnly={!recovery}
    />
  );
};

const GiveCode = () => {
  const { t } = useTranslation('network');
  const [recovery, setRecovery] = useState(false);
  return (
    <>
      <OneCode key={String(recovery)} recovery={recovery} />
      <p>
        <Button type="link" className="kt-plain-link" onClick={() => setRecovery(!recovery)}>
          {t(recovery ? 'secondFactor.usePhone' : 'secondFactor.useRecovery')}
        </Button>
      </p>
      <p className="kt-quiet">{t('secondFactor.lost')}</p>
    </>
  );
};

const steps: Readonly<Record<Todo, () => React.ReactNode>> = {
  giveSecondFactor: () => <GiveCode />,
  changePassword: () => <PasswordForm />,
  setUpSecondFactor: () => <SecondFactorSetUp onDone={reloadPage} />,
};

const AccountTodo = ({ todo }: { todo: Todo }) => {
  const { t } = useTranslation(['network', 'frame']);
  const { user } = useMe();
  const title = t(`todo.${todo}`);
  usePageTitle(title);
  return (
    <Card className="kt-todo">
      <Typography.Title level={1}>{title}</Typography.Title>
      <p>{t(`todo.${todo}Why`, { name: user.name })}</p>
      {steps[todo]()}
      <p className="kt-no-print kt-todo-out">
        {t('todo.notYou', { name: user.name })}{' '}
        <Button type="link" className="kt-plain-link" onClick={() => void signOut()}>
          {t('frame:account.signOut')}
        </Button>
      </p>
    </Card>
  );
};
export default AccountTodo;
