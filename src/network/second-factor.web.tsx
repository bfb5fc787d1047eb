// Setting up one's second factor: the QR code and the key as text, the first code, then the recovery codes, shown once.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Input, QRCode, Spin, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uuidv7 } from 'uuidv7';
import { useIsPhone } from '../web/frame.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { PrintButton } from '../web/parts.tsx';
import { confirmSecondFactor, proposalQuery } from './own-account.web.ts';

/** Sends a code and keeps what came back or why not; not `useOperation`, which would load the page anew and lose the recovery codes. */
export const useCode = <T,>(send: (code: string) => Promise<T>, onDone: (result: T) => void) => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const submit = async ({ code }: { code: string }) => {
    setBusy(true);
    setProblem(undefined);
    try {
      onDone(await send(code.trim()));
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
};

interface CodeFormProps {
  readonly state: ReturnType<typeof useCode<unknown>>;
  readonly label: string;
  readonly help: string;
  readonly submitLabel: string;
  /** A recovery code is longer and has letters. */
  readonly digitsOnly: boolean;
}

export const CodeForm = ({ state, label, help, submitLabel, digitsOnly }: CodeFormProps) => {
  const { t } = useTranslation();
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => void state.submit(values)}
      className="kt-code"
    >
      <Form.Item
        name="code"
        label={label}
        extra={help}
        rules={[{ required: true, message: t('form.required', { label }) }]}
      >
        <Input
          autoComplete="one-time-code"
          autoFocus
          maxLength={digitsOnly ? 7 : 40}
          {...(digitsOnly && { inputMode: 'numeric' as const })}
        />
      </Form.Item>
      <ProblemAlert problem={state.problem} />
      <Button type="primary" htmlType="submit" loading={state.busy}>
        {submitLabel}
      </Button>
    </Form>
  );
};

const RecoveryCodes = ({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) => {
  const { t } = useTranslation('network');
  const [kept, setKept] = useState(false);
  return (
    <section className="kt-recovery-page">
      <Alert type="success" showIcon title={t('secondFactor.done')} />
      <h2>{t('secondFactor.recoveryTitle')}</h2>
      <p>{t('secondFactor.recoveryHint')}</p>
      <ul className="kt-recovery">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="kt-form-actions kt-no-print">
        <PrintButton />
        <Typography.Text copyable={{ text: codes.join('\n') }}>{t('secondFactor.copy')}</Typography.Text>
      </div>
      <p className="kt-no-print">
        <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
          {t('secondFactor.kept')}
        </Checkbox>
      </p>
      <Button type="primary" disabled={!kept} onClick={onDone} className="kt-no-print">
        {t('secondFactor.continue')}
      </Button>
    </section>
  );
};

const Proposal = ({ onCodes }: { onCodes: (codes: readonly string[]) => void }) => {
  const { t } = useTranslation('network');
  const phone = useIsPhone();
  const { data, error, refetch } = useQuery(proposalQuery);
  const [id] = useState(uuidv7);
  const state = useCode(
    (code) => confirmSecondFactor({ id, code }),
    ({ recoveryCodes }) => onCodes(recoveryCodes),
  );
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />;
  if (!data) return <Spin />;
  return (
    <ol className="kt-steps">
      <li>
        <h2>{t('secondFactor.installTitle')}</h2>
        <p>{t('secondFactor.install')}</p>
      </li>
      <li>
        <h2>{t('secondFactor.scanTitle')}</h2>
        <p>{t('secondFactor.scan')}</p>
        <QRCode value={data.uri} type="svg" size={200} errorLevel="M" aria-label={t('secondFactor.qr')} />
        {phone && (
          <p>
            <a href={data.uri}>{t('secondFactor.onThisPhone')}</a>
          </p>
        )}
        <p>{t('secondFactor.byHand')}</p>
        <Typography.Text code copyable={{ text: data.secret }} className="kt-secret">
          {data.secret.match(/.{4}/g)?.join(' ')}
        </Typography.Text>
      </li>
      <li>
        <h2>{t('secondFactor.codeTitle')}</h2>
        <CodeForm
          state={state}
          label={t('secondFactor.code')}
          help={t('secondFactor.codeHelp')}
          submitLabel={t('secondFactor.confirm')}
          digitsOnly
        />
      </li>
    </ol>
  );
};

export const SecondFactorSetUp = ({ onDone }: { onDone: () => void }) => {
  const [codes, setCodes] = useState<readonly string[]>();
  return codes ? <RecoveryCodes codes={codes} onDone={onDone} /> : <Proposal onCodes={setCodes} />;
};
