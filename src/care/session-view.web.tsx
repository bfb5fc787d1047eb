// One session: what it was, who came, how the record came about; correct or void it.
import './session.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { formatInstant } from '../web/format.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { Timeline } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { useServiceWords } from './service-select.web.tsx';
import type { SessionView } from './session.api.ts';

const Path = z.object({ session: z.uuid() });
const VoidFields = z.object({ reason: z.string().trim().min(2, '请写明作废原因').max(200) });

const VoidButton = ({ session }: { session: string }) => {
  const { t } = useTranslation('session');
  return (
    <FormButton
      danger
      label={t('view.void')}
      title={t('view.voidTitle')}
      hint={t('view.voidNote')}
      schema={VoidFields}
      call={client.session.void}
      inputOf={(values) => ({ session, ...values })}
    >
      <Field name="reason" label={t('view.reason')}>
        <Input.TextArea maxLength={200} rows={2} />
      </Field>
    </FormButton>
  );
};

const Names = ({ persons }: { persons: SessionView['persons'] }) => (
  <>
    {persons.map(({ id, name }, index) => (
      <span key={id}>
        {index > 0 && '、'}
        <PageLink path={`/persons/${id}`}>{name}</PageLink>
      </span>
    ))}
  </>
);

const Facts = ({ view }: { view: SessionView }) => {
  const { t } = useTranslation(['session', 'care']);
  const serviceWords = useServiceWords();
  const line = (label: string, value: React.ReactNode) => (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
  return (
    <dl className="kt-facts">
      {line(
        t('field.on'),
        <>
          {t('view.time', { on: view.on, startAt: view.startAt, minutes: view.minutes })}{' '}
          {view.daysLate > 0 && <Tag color="warning">{t('view.late', { count: view.daysLate })}</Tag>}
        </>,
      )}
      {line(t('field.organisation'), view.organisation.name)}
      {line(t('field.kind'), t(`kind.${view.kind}`))}
      {line(t('field.domain'), t(`care:domain.${view.domain}`))}
      {line(t('field.standardized'), serviceWords(view))}
      {view.title !== undefined && line(t('field.title'), view.title)}
      {line(t('field.leader'), view.leader)}
      {line(t('view.attended', { count: view.persons.length }), <Names persons={view.persons} />)}
      {view.absent.length > 0 &&
        line(t('view.absentOnes', { count: view.absent.length }), <Names persons={view.absent} />)}
      {view.unseen > 0 && line('', t('view.unseen', { count: view.unseen }))}
      {view.note !== undefined && line(t('field.note'), view.note)}
    </dl>
  );
};

const SessionViewPage = () => {
  const { t } = useTranslation('session');
  const { session } = usePathParams(Path);
  const { data: view } = useSuspenseQuery(api.session.get.queryOptions({ input: { session } }));
  const last = view.versions.at(-1);
  return (
    <>
      <PageHead
        {...(view.mayChange && {
          action: (
            <ButtonLink type="primary" path={`/sessions/${session}/correct`}>
              {t('view.correct')}
            </ButtonLink>
          ),
        })}
      />
      {view.status === 'voided' && (
        <Alert className="kt-problem" type="error" showIcon title={t('view.voided', { reason: last?.reason ?? '' })} />
      )}
      {view.status === 'corrected' && <Alert className="kt-problem" type="info" title={t('view.corrected')} />}
      <Facts view={view} />
      <h2 className="kt-roll-title">{t('view.history')}</h2>
      <Timeline
        entries={view.versions.map(({ id, act, on, at, actor, reason }) => ({
          id,
          on,
          title: t(`view.act.${act}`),
          detail: [t('view.by', { at: formatInstant(at), actor }), reason].filter(Boolean).join('：'),
          tone: act === 'void' ? 'bad' : 'plain',
        }))}
      />
      {view.mayChange && (
        <div className="kt-form-actions">
          <VoidButton session={session} />
        </div>
      )}
    </>
  );
};
export default SessionViewPage;
