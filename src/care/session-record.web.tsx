// Recording a session on a phone: the likely group is marked present; tap who is absent, save.
import './session.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button, Result } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState } from '../web/parts.tsx';
import { RefusedRequest } from '../web/problem.ts';
import { useSearchState } from '../web/search-state.ts';
import { RollCall } from './roll-call.web.tsx';
import type { Roster } from './session.api.ts';
import type { SessionInput } from './session.ts';
import { SessionChoice, SessionDetails } from './session-details.web.tsx';
import { firstDraft, listMarked, type RollCallDraft, toInput } from './session-form.ts';

const Query = z.object({ organisation: z.uuid().optional(), on: z.iso.date().optional() });

interface Saved {
  readonly session: string;
  readonly attended: number;
  readonly input: SessionInput;
}

const SavedPage = ({ saved, onNext }: { saved: Saved; onNext: () => void }) => {
  const { t } = useTranslation(['session', 'care']);
  const { on, startAt, minutes, domain } = saved.input;
  return (
    <Result
      status="success"
      title={<span role="status">{t('record.saved', { count: saved.attended })}</span>}
      subTitle={t('record.savedDetail', { on, startAt, minutes, domain: t(`care:domain.${domain}`) })}
      extra={[
        <Button key="next" type="primary" onClick={onNext}>
          {t('record.next')}
        </Button>,
        <ButtonLink key="see" path={`/sessions/${saved.session}`}>
          {t('record.see')}
        </ButtonLink>,
      ]}
    />
  );
};

const SaveBar = ({
  draft,
  busy,
  clash,
  onSave,
}: {
  draft: RollCallDraft;
  busy: boolean;
  clash: boolean;
  onSave: () => void;
}) => {
  const { t } = useTranslation('session');
  const present = listMarked(draft, 'present').length;
  return (
    <div className="kt-save-bar">
      <span role="status">
        {present === 0
          ? t('record.nobody')
          : t('record.count', { present, absent: listMarked(draft, 'absent').length })}
      </span>
      <Button type="primary" size="large" loading={busy} disabled={present === 0} onClick={onSave}>
        {t(clash ? 'record.anyway' : 'record.save')}
      </Button>
    </div>
  );
};

const RecordForm = ({ roster, onSaved }: { roster: Roster; onSaved: (saved: Saved) => void }) => {
  const { user } = useMe();
  const [draft, setDraft] = useState(() => firstDraft(roster, user.name));
  // Kept for a retry: the same session sent again must be the same input, or it would be a second one that overlaps the first.
  const [confirmed, setConfirmed] = useState(false);
  const record = useOperation(client.session.record);
  const { problem } = record;
  const clash = problem instanceof RefusedRequest && problem.code === 'overlap';
  const change = (next: RollCallDraft) => {
    // What was refused was another input: the warning goes with it.
    record.clear();
    setConfirmed(false);
    setDraft(next);
  };
  const save = async (overlapConfirmed: boolean) => {
    const input = toInput(draft, roster);
    setConfirmed(overlapConfirmed);
    const done = await record.run(overlapConfirmed ? { ...input, overlapConfirmed } : input);
    if (done) onSaved({ session: done.session, attended: done.attended, input });
  };
  return (
    <>
      <SessionChoice roster={roster} draft={draft} onChange={change} />
      <SessionDetails roster={roster} draft={draft} onChange={change} />
      <RollCall roster={roster} draft={draft} onChange={change} />
      <ProblemAlert
        problem={problem}
        {...(!(problem instanceof RefusedRequest) && { onRetry: () => void save(confirmed) })}
      />
      <SaveBar draft={draft} busy={record.busy} clash={clash} onSave={() => void save(clash || confirmed)} />
    </>
  );
};

const RecordOf = ({ organisation, on }: { organisation: string; on: string | undefined }) => {
  const { t } = useTranslation('session');
  const [saved, setSaved] = useState<Saved>();
  const { data: roster } = useSuspenseQuery({
    ...api.session.roster.queryOptions({ input: { organisation, ...(on !== undefined && { on }) } }),
    // A roll-call in the hand must not move under the thumb.
    refetchOnWindowFocus: false,
  });
  if (saved) return <SavedPage saved={saved} onNext={() => setSaved(undefined)} />;
  if (roster.persons.length === 0) return <EmptyState title={t('record.none')} hint={t('record.noneHint')} />;
  return <RecordForm key={`${roster.organisation.id} ${roster.on}`} roster={roster} onSaved={setSaved} />;
};

const SessionRecordPage = () => {
  const { t } = useTranslation('session');
  const { organisation: own, role } = useMe();
  const [{ organisation, on }] = useSearchState<z.output<typeof Query>>(Query);
  const id = organisation ?? (role === 'civilAffairs' ? undefined : own?.id);
  return (
    <>
      <PageHead />
      {id === undefined ? (
        <EmptyState
          title={t('record.noSite')}
          hint={t('record.noSiteHint')}
          action={
            <ButtonLink type="primary" path="/sessions">
              {t('month.title')}
            </ButtonLink>
          }
        />
      ) : (
        <RecordOf organisation={id} on={on} />
      )}
    </>
  );
};
export default SessionRecordPage;
