// The page of the security policy: the rules of signing in, which the security administrator changes, and what is set up on the machine.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Descriptions, Form, InputNumber, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { PageLink } from '../web/link.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { GivenRules, type SignInRules } from './sign-in-rules.ts';

/** An empty age is none. */
const Changing = GivenRules.extend({ passwordDays: GivenRules.shape.passwordDays.optional() });
type Changing = z.infer<typeof Changing>;

const numbers = ['passwordDays', 'lockAfter', 'lockMinutes', 'idleMinutes', 'sessionHours', 'unusedDays'] as const;
const switches = ['secondFactor', 'confirmAccounts'] as const;

const RulesForm = ({ rules }: { rules: SignInRules }) => {
  const { t } = useTranslation('network');
  const [form] = Form.useForm();
  const [saved, setSaved] = useState(false);
  const change = useOperation(client.signInRules.change, { form, onDone: () => setSaved(true) });
  const submit = ({ passwordDays = null, ...rest }: Changing) => {
    setSaved(false);
    return change.run({ ...rest, passwordDays });
  };
  const { passwordDays, ...others } = rules;
  return (
    <SchemaForm
      schema={Changing}
      form={form}
      initial={{ ...others, ...(passwordDays !== null && { passwordDays }) }}
      onSubmit={submit}
      problem={change.problem}
      busy={change.busy}
      submitLabel={t('rules.save')}
    >
      {numbers.map((name) => (
        <Field key={name} name={name} label={t(`rules.${name}`)} help={t(`rules.help.${name}`)}>
          <InputNumber precision={0} min={1} />
        </Field>
      ))}
      {switches.map((name) => (
        <Field key={name} name={name} label={t(`rules.${name}`)} help={t(`rules.help.${name}`)} valueName="checked">
          <Switch />
        </Field>
      ))}
      {saved && <Alert className="kt-problem" role="status" type="success" showIcon title={t('rules.saved')} />}
    </SchemaForm>
  );
};

const RulesText = ({ rules }: { rules: SignInRules }) => {
  const { t } = useTranslation('network');
  const textOf = (value: number | boolean | null): string =>
    typeof value === 'boolean'
      ? t(value ? 'rules.on' : 'rules.off')
      : value === null
        ? t('rules.unlimited')
        : String(value);
  const items = [...numbers, ...switches].map((name) => ({
    key: name,
    label: t(`rules.${name}`),
    children: textOf(rules[name]),
  }));
  return <Descriptions bordered size="small" column={1} items={items} />;
};

const SignInRulesPage = () => {
  const { t } = useTranslation('network');
  const { data } = useSuspenseQuery(api.signInRules.get.queryOptions({ input: {} }));
  const { rules, identityServer, mayChange } = data;
  return (
    <>
      <PageHead
        intro={
          <>
            {t('rules.intro')} <ClauseChips ids={['GB-01', 'GB-02']} />
          </>
        }
      />
      {mayChange ? <RulesForm rules={rules} /> : <RulesText rules={rules} />}
      <section className="kt-security">
        <h2>{t('rules.identityServer')}</h2>
        {identityServer === null ? (
          <p>{t('rules.noIdentityServer')}</p>
        ) : (
          <p>
            {t('rules.identityServerIs', { name: identityServer.name, issuer: identityServer.issuer })}
            {t(`rules.codes.${identityServer.codes}`)}
          </p>
        )}
      </section>
      <p>
        <PageLink path="/access">{t('access.open')}</PageLink>
      </p>
    </>
  );
};
export default SignInRulesPage;
