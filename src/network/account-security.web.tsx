// One's own account: where it is signed in, its second factor, its password.
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../web/format.ts';
import { ButtonLink } from '../web/link.tsx';
import { reloadPage, useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { endOtherSessions, type OwnSession, sessionsQuery } from './own-account.web.ts';
import { SecondFactorSetUp } from './second-factor.web.tsx';

/** The words of a browser about itself that mean something to people. */
const browsers = [
  [/MicroMessenger/, '微信'],
  [/Edg/, 'Edge'],
  [/Firefox/, 'Firefox'],
  [/Chrome|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
] as const;
const systems = [
  [/Windows/, 'Windows'],
  [/HarmonyOS/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;
const deviceOf = (agent: string): string =>
  [browsers, systems].flatMap((known) => known.find(([sign]) => sign.test(agent))?.[1] ?? []).join(' · ');

const SessionLine = ({ session }: { session: OwnSession }) => {
  const { t } = useTranslation('network');
  const { begunAt, activeAt, address, agent, current } = session;
  return (
    <li>
      <strong>{deviceOf(agent ?? '') || t('security.unknownDevice')}</strong>{' '}
      {current && <Tag>{t('security.here')}</Tag>}
      <div className="kt-quiet">
        {t('security.begun', { at: formatInstant(begunAt) })} · {t('security.active', { at: formatInstant(activeAt) })}
        {address && ` · ${t('security.address', { address })}`}
      </div>
    </li>
  );
};

const Sessions = ({ rows }: { rows: readonly OwnSession[] }) => {
  const { t } = useTranslation('network');
  const end = useOperation(endOtherSessions);
  return (
    <section className="kt-security">
      <h2>{t('security.sessions')}</h2>
      <p>{t('security.sessionsHint')}</p>
      <ul className="kt-sessions">
        {rows.map((session) => (
          <SessionLine key={session.id} session={session} />
        ))}
      </ul>
      <ProblemAlert problem={end.problem} />
      {rows.length > 1 && (
        <Button loading={end.busy} onClick={() => void end.run({})}>
          {t('security.endOthers', { count: rows.length - 1 })}
        </Button>
      )}
    </section>
  );
};

const SecondFactor = ({ recoveryCodes }: { recoveryCodes: number | null }) => {
  const { t } = useTranslation('network');
  const { hasSecondFactor } = useMe();
  const [open, setOpen] = useState(false);
  return (
    <section className="kt-security">
      <h2>{t('secondFactor.title')}</h2>
      {hasSecondFactor ? (
        <p>{t('secondFactor.isSet', { count: recoveryCodes ?? 0 })}</p>
      ) : (
        <>
          <p>{t('secondFactor.isNotSet')}</p>
          <Button onClick={() => setOpen(true)}>{t('secondFactor.setUp')}</Button>
          <Modal
            title={t('secondFactor.setUp')}
            open={open}
            footer={null}
            destroyOnHidden
            // Closed by accident, the recovery codes would be gone.
            mask={{ closable: false }}
            keyboard={false}
            onCancel={() => reloadPage()}
          >
            <SecondFactorSetUp onDone={reloadPage} />
          </Modal>
        </>
      )}
    </section>
  );
};

const SecurityPage = () => {
  const { t } = useTranslation('network');
  const { data, error, refetch } = useQuery(sessionsQuery);
  return (
    <>
      <PageHead intro={t('security.intro')} />
      <section className="kt-security">
        <h2>{t('account.password')}</h2>
        <p>{t('account.passwordRules')}</p>
        <ButtonLink path="/password">{t('account.change')}</ButtonLink>
      </section>
      {error && <ProblemAlert problem={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <SecondFactor recoveryCodes={data.recoveryCodes} />
          <Sessions rows={data.rows} />
        </>
      )}
    </>
  );
};
export default SecurityPage;
