// The part of an organisation's page on checks: what is open and until when, what the newest checks lack, and the history.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Card, Collapse, Flex, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachOf } from '../kernel/access.ts';
import { Day, Id } from '../kernel/contract.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { ButtonLink } from '../web/link.tsx';
import { type Me, useToday } from '../web/me.ts';
import { Clock, Outcome } from '../web/parts.tsx';
import { ReasonButton } from '../web/reason-button.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type Organisation, servingKinds } from './organisation.ts';
import type { HazardView, SiteChecks, SiteCheckView } from './site-check.api.ts';
import { hazardClosed, type Score } from './site-check.ts';
import { Documents } from './site-document.web.tsx';
import { AddDocuments } from './site-document-add.web.tsx';

/** The check that was just recorded: shown open. */
const Query = z.object({ siteCheck: Id.optional() });
const Closing = z.object({ on: Day, done: hazardClosed.body.shape.done });

/** Departments see the checks of their area, who serves those of its own place. */
export const seesSiteChecks = (me: Me, { id, kind, division }: Organisation): boolean => {
  if (!servingKinds.includes(kind) || reachOf(me) === 'figures') return false;
  if (['civilAffairs', 'health', 'federation'].includes(me.role)) return division.startsWith(me.scope);
  return ['hospital', 'centre', 'site'].includes(me.role) && me.organisation?.id === id;
};

/** 6 of 8 in order, in words and per cent. */
export const ScoreText = ({ ok, asked }: Score) => {
  const { t } = useTranslation('siteCheck');
  if (asked === 0) return <>{t('nothingAsked')}</>;
  return <>{t('score', { ok, asked, percent: Math.round((100 * ok) / asked) })}</>;
};

const ReopenButton = ({ hazard: { id, label } }: { hazard: HazardView }) => {
  const { t } = useTranslation('siteCheck');
  return (
    <ReasonButton
      size="small"
      label={t('reopen')}
      title={t('reopenTitle', { label })}
      hint={t('reopenHint')}
      reason={t('reopenReason')}
      call={client.hazard.reopen}
      input={{ hazard: id }}
    />
  );
};

const Hazard = ({ hazard, mayClose }: { hazard: HazardView; mayClose: boolean }) => {
  const { t } = useTranslation('siteCheck');
  const today = useToday();
  const { id, kind, label, remark, foundOn, dueOn, left, closedOn, done, mayReopen } = hazard;
  return (
    <li>
      <strong>{label}</strong> {remark} <Tag>{t(`kind.${kind}`)}</Tag>
      <div className="kt-quiet">
        {t('found', { on: foundOn, due: dueOn })}
        {closedOn !== null && t('closed', { on: closedOn, done: done ?? t('clearedByCheck') })}
      </div>
      {left !== null && <Clock dueOn={dueOn} left={left} unit="days" />}{' '}
      {left !== null && mayClose && (
        <FormButton
          size="small"
          label={t('close')}
          title={t('closeTitle', { label })}
          hint={t('closeHint')}
          schema={Closing}
          initial={today === undefined ? {} : { on: today }}
          call={client.hazard.close}
          inputOf={(values) => ({ ...values, hazard: id })}
        >
          <Field name="done" label={t('done')}>
            <Input.TextArea rows={3} maxLength={500} />
          </Field>
          <OnDayField name="on" label={t('doneOn')} notBefore={foundOn} />
        </FormButton>
      )}
      {mayReopen && <ReopenButton hazard={hazard} />}
    </li>
  );
};

const Gaps = ({ gaps, checklists }: Pick<SiteChecks, 'gaps' | 'checklists'>) => {
  const { t } = useTranslation('siteCheck');
  if (gaps.length === 0) return null;
  return (
    <section>
      <h3>{t('gaps')}</h3>
      <ul className="kt-list">
        {gaps.map(({ kind, text, remark, on }) => (
          <li key={kind + text}>
            <Outcome outcome="unmet" text={text} /> {remark} <span className="kt-quiet">{t('gapSince', { on })}</span>{' '}
            <ClauseChips ids={checklists.find((one) => one.kind === kind)?.clause ?? []} />
          </li>
        ))}
      </ul>
    </section>
  );
};

const outcomes = { ok: 'met', gap: 'unmet' } as const;

interface CheckProps {
  readonly check: SiteCheckView;
  readonly organisation: string;
  readonly mayAdd: boolean;
}

const Check = ({ check, organisation, mayAdd }: CheckProps) => {
  const { t } = useTranslation('siteCheck');
  const { id, kind, items, inspectors, departments, mayChange } = check;
  return (
    <>
      <p className="kt-quiet">
        {t('by', {
          inspectors: inspectors.join('、'),
          departments: departments.map((one) => t(`department.${one}`)).join('、'),
        })}
      </p>
      <ul className="kt-list">
        {items.map(({ item, text, result, remark }) => (
          <li key={item}>
            {result === 'notApplicable' ? (
              <Tag>{t('textNotApplicable', { text })}</Tag>
            ) : (
              <Outcome outcome={outcomes[result]} text={text} />
            )}{' '}
            {remark}
          </li>
        ))}
      </ul>
      <Documents documents={check.documents} />
      <Flex gap="small" wrap className="kt-no-print">
        {mayAdd && <AddDocuments check={check} />}
        {mayChange && (
          <>
            <ButtonLink path={`/organisations/${organisation}/check`} search={{ kind, siteCheck: id }} size="small">
              {t('correct')}
            </ButtonLink>
            <ReasonButton
              size="small"
              label={t('void')}
              hint={t('voidHint')}
              reason={t('reason')}
              call={client.siteCheck.void}
              input={{ siteCheck: id }}
            />
          </>
        )}
      </Flex>
    </>
  );
};

/** Whether the institution's written rules are on file, item by item (QS-07). */
const RulesOnFile = ({ checklists, checks }: Pick<SiteChecks, 'checklists' | 'checks'>) => {
  const { t } = useTranslation('siteCheck');
  const rules = checklists.find(({ kind }) => kind === 'rules');
  if (rules === undefined || !checks.some(({ kind }) => kind === 'rules')) return null;
  return (
    <section>
      <h3>{t('document.onFile')}</h3>
      <ul className="kt-list">
        {rules.items.map(({ id, text, documents }) => (
          <li key={id}>
            {text}{' '}
            {documents > 0 ? (
              <Tag color="success">{t('document.onFileCount', { count: documents })}</Tag>
            ) : (
              <Tag>{t('document.notOnFile')}</Tag>
            )}
          </li>
        ))}
      </ul>
      <ClauseChips ids={rules.clause} />
    </section>
  );
};

const History = ({ checks, mayRecord, organisation }: SiteChecks & { organisation: string }) => {
  const { t } = useTranslation('siteCheck');
  const [{ siteCheck }] = useSearchState(Query);
  if (checks.length === 0) return <p className="kt-quiet">{t('never')}</p>;
  return (
    <section>
      <h3>{t('history')}</h3>
      <Collapse
        size="small"
        defaultActiveKey={siteCheck ?? []}
        items={checks.map((check) => ({
          key: check.id,
          label: (
            <>
              {check.on} · {t(`kind.${check.kind}`)} · <ScoreText ok={check.ok} asked={check.asked} />
              {check.documents.length > 0 && ` · ${t('document.count', { count: check.documents.length })}`}
            </>
          ),
          children: <Check check={check} organisation={organisation} mayAdd={mayRecord} />,
        }))}
      />
    </section>
  );
};

const byState = (hazards: readonly HazardView[]) => ({
  open: hazards.filter(({ closedOn }) => closedOn === null),
  closed: hazards.filter(({ closedOn }) => closedOn !== null),
});

const Record = ({ data, organisation }: { data: SiteChecks; organisation: string }) => {
  const { t } = useTranslation('siteCheck');
  if (!data.mayRecord) return null;
  if (data.checklists.length === 0) return <p className="kt-quiet">{t('noLists')}</p>;
  return (
    <Flex gap="small" wrap className="kt-no-print">
      {data.checklists.map(({ kind }) => (
        <ButtonLink key={kind} path={`/organisations/${organisation}/check`} search={{ kind }}>
          {t(`record.${kind}`)}
        </ButtonLink>
      ))}
    </Flex>
  );
};

/** What comes next after a check, where the eye is. */
const Recorded = ({ checks, mayRecord }: SiteChecks) => {
  const { t } = useTranslation('siteCheck');
  const [{ siteCheck }] = useSearchState(Query);
  const check = checks.find(({ id }) => id === siteCheck);
  if (check === undefined || !mayRecord) return null;
  return <Alert type="success" showIcon title={t('document.next')} action={<AddDocuments check={check} />} />;
};

export const SiteChecksCard = ({ organisation }: { organisation: string }) => {
  const { t } = useTranslation('siteCheck');
  const { data } = useSuspenseQuery(api.siteCheck.ofOrganisation.queryOptions({ input: { organisation } }));
  const { open, closed } = byState(data.hazards);
  return (
    <Card size="small" title={<h2>{t('title')}</h2>}>
      <Flex vertical gap="middle">
        <Recorded {...data} />
        <Record data={data} organisation={organisation} />
        {open.length > 0 && (
          <section>
            <h3>{t('openHazards')}</h3>
            <ul className="kt-list">
              {open.map((hazard) => (
                <Hazard key={hazard.id} hazard={hazard} mayClose={data.mayClose} />
              ))}
            </ul>
          </section>
        )}
        <Gaps gaps={data.gaps} checklists={data.checklists} />
        <RulesOnFile {...data} />
        <History {...data} organisation={organisation} />
        {closed.length > 0 && (
          <section>
            <h3>{t('closedHazards')}</h3>
            <ul className="kt-list">
              {closed.map((hazard) => (
                <Hazard key={hazard.id} hazard={hazard} mayClose={false} />
              ))}
            </ul>
          </section>
        )}
      </Flex>
    </Card>
  );
};
