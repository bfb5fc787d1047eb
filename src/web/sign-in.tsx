// Signing in: user name and password, or in a demo one of its accounts.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Divider, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { IdentityProblem } from '../network/identity-server.ts';
import { DemoAccountList } from './demo.tsx';
import { demoAccountsQuery, signIn, signInByIdentityServer, waysQuery } from './me.ts';
import { ProblemAlert } from './message.tsx';
import { usePageTitle } from './page-head.tsx';
import { useSearchState } from './search-state.ts';

/** Only a path of this app may follow a sign-in. */
const SignInQuery = z.object({
  next: z
    .string()
    .regex(/^\/(?![/\\])/)
    .default('/'),
  /** Sent here in the middle of the work. */
  ended: z.coerce.boolean().default(false),
  /** Why a sign-in by the identity server came to nothing. */
  problem: IdentityProblem.optional().catch(undefined),
});

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const useSignIn = (next: string) => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const submit = async ({ username, password }: Credentials) => {
    setBusy(true);
    setProblem(undefined);
    try {
      // No password has a blank at its ends (network/account.ts); a copied one often brings some.
      await signIn(username.trim(), password.trim(), next);
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return { busy, problem, submit };
};

const SignInForm = ({ next }: { next: string }) => {
  const { t } = useTranslation();
  const { busy, problem, submit } = useSignIn(next);
  const required = (label: string) => [{ required: true, message: t('form.required', { label }) }];
  return (
    <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)}>
      <Form.Item name="username" label={t('signIn.username')} rules={required(t('signIn.username'))}>
        <Input autoComplete="username" autoCapitalize="none" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')} rules={required(t('signIn.password'))}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <ProblemAlert problem={problem} />
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('signIn.submit')}
      </Button>
    </Form>
  );
};

const IdentityServerButton = ({ name, next }: { name: string; next: string }) => {
  const { t } = useTranslation();
  const leave = useMutation({ mutationFn: () => signInByIdentityServer(next) });
  return (
    <>
      <Divider plain>{t('signIn.or')}</Divider>
      <ProblemAlert problem={leave.error ?? undefined} />
      <Button block loading={leave.isPending || leave.isSuccess} onClick={() => leave.mutate()}>
        {t('signIn.by', { name })}
      </Button>
    </>
  );
};

const SignInPage = () => {
  const { t } = useTranslation();
  const [{ next, ended, problem }] = useSearchState(SignInQuery);
  const { data: accounts = [] } = useQuery(demoAccountsQuery);
  const { data: ways } = useQuery(waysQuery);
  usePageTitle(t('signIn.title'));
  return (
    <Card className="kt-sign-in">
      <Typography.Title level={1}>{t('signIn.title')}</Typography.Title>
      <p className="kt-quiet">{t('productLine')}</p>
      {ended && <Alert className="kt-problem" type="info" showIcon title={t('signIn.ended')} />}
      {problem && <Alert className="kt-problem" type="error" showIcon title={t(`signIn.problems.${problem}`)} />}
      <SignInForm next={next} />
      {ways?.identityServer && <IdentityServerButton name={ways.identityServer.name} next={next} />}
      <p className="kt-quiet kt-forgot">{t('signIn.forgot')}</p>
      {accounts.length > 0 && (
        <>
          <Divider />
          <p>{t('signIn.demoHint')}</p>
          <DemoAccountList accounts={accounts} next={next} />
        </>
      )}
    </Card>
  );
};

export default SignInPage;
