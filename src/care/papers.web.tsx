// The four steps before standardized service of one person: what stands, and the one that comes next.
import './papers.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { movesFrom, nameOfStage } from '../person/file.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, type client } from '../web/client.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Outcome, Timeline, type TimelineEntry } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { PaperStep } from './agreement.ts';
import { consentTextOn, findConsentText } from './consent-text.ts';
import { WithdrawButton } from './consent-withdraw.web.tsx';

type Papers = Awaited<ReturnType<typeof client.papers.get>>;

const Path = z.object({ person: z.uuid() });

const doers: Readonly<Record<PaperStep, readonly Role[]>> = {
  consent: ['civilAffairs', 'centre', 'site'],
  agreement: ['civilAffairs', 'centre', 'site'],
  baseline: ['hospital', 'centre', 'site'],
  plan: ['centre', 'site'],
};
const pathOf = (person: string, step: PaperStep): string =>
  `/persons/${person}/${step === 'baseline' ? 'assessments/new' : step}`;

const usePeriod = () => {
  const { t } = useTranslation('care');
  return ({ fromOn, untilOn }: { fromOn: string; untilOn: string | null }): string =>
    untilOn === null ? t('papers.from', { from: fromOn }) : t('papers.fromTo', { from: fromOn, to: untilOn });
};

/** What was ticked, in the words of the version that was signed, and whether a newer one is in force. */
const SignedConsent = ({ consent, line }: { consent: Papers['consents'][number]; line: string }) => {
  const { t } = useTranslation('care');
  const { clock } = useMe();
  const { person } = usePathParams(Path);
  const text = findConsentText(consent.version);
  const newest = consentTextOn(clock.today);
  const named = text?.recipients.filter(({ id }) => consent.recipients.includes(id)).map((item) => item.text) ?? [];
  return (
    <>
      {line}
      <br />
      {t('consent.recipients')}：{named.length > 0 ? named.join('、') : t('consent.nobody')}
      <br />
      {text === undefined ? (
        t('consent.version', { version: consent.version })
      ) : (
        <PageLink path={`/persons/${person}/papers/print`} search={{ paper: 'consent', version: consent.version }}>
          {t('consent.version', { version: consent.version })}
        </PageLink>
      )}
      {newest.version !== consent.version &&
        ` ${t('consent.newer', { version: newest.version, on: newest.inForceOn })}`}
    </>
  );
};

/** What a step's standing paper says, in a line. */
const useStanding = (data: Papers): Readonly<Record<PaperStep, ReactNode>> => {
  const { t } = useTranslation('care');
  const period = usePeriod();
  const consent = data.consents.find(({ id }) => id === data.papers.consent);
  const agreement = data.agreements.find(({ id }) => id === data.papers.agreement);
  const plan = data.plans.find(({ id }) => id === data.papers.plan);
  const signed = (paper: { signedOn: string; signedBy: 'client' | 'guardian' | 'both' }) =>
    `${t('papers.signedOn', { on: paper.signedOn })}，${t(`papers.signedBy.${paper.signedBy}`)}`;
  return {
    consent: consent && <SignedConsent consent={consent} line={`${signed(consent)}，${period(consent)}`} />,
    agreement:
      agreement &&
      `${signed(agreement)}，${period(agreement)}，${t('papers.frequency', { count: agreement.frequency })}`,
    baseline: null,
    plan:
      plan &&
      [
        t('papers.madeOn', { on: plan.madeOn }),
        t('papers.goals', { count: plan.goals.length }),
        t('papers.reviewOn', { on: plan.reviewOn }),
      ].join('，'),
  };
};

const StepActs = ({ data, step, allowed }: { data: Papers; step: PaperStep; allowed: boolean }) => {
  const { t } = useTranslation('care');
  const { person, ...papers } = data.papers;
  const consent = data.consents.find(({ id }) => id === papers.consent);
  if (step === 'baseline' && papers.baseline !== null)
    return <ButtonLink path={`/persons/${person}/assessments`}>{t('papers.again.baseline')}</ButtonLink>;
  return (
    <>
      {allowed && papers[step] !== null && (
        <ButtonLink path={pathOf(person, step)}>{t(`papers.again.${step}`)}</ButtonLink>
      )}
      {allowed && papers[step] === null && data.next !== step && (
        <ButtonLink path={pathOf(person, step)}>{t(`papers.act.${step}`)}</ButtonLink>
      )}
      {(step === 'consent' || step === 'agreement') && (
        <ButtonLink path={`/persons/${person}/papers/print`} search={{ paper: step }}>
          {t('papers.print')}
        </ButtonLink>
      )}
      {step === 'consent' && allowed && consent && <WithdrawButton consent={consent} />}
    </>
  );
};

const Earlier = ({ data }: { data: Papers }) => {
  const { t } = useTranslation('care');
  const period = usePeriod();
  const standing = new Set(Object.values(data.papers));
  const entries: TimelineEntry[] = [
    ...data.consents.map((row) => ({
      id: row.id,
      on: row.signedOn,
      title: t('papers.steps.consent'),
      detail: [
        row.withdrawnOn === null ? period(row) : t('papers.withdrawnOn', { on: row.withdrawnOn }),
        t('consent.version', { version: row.version }),
      ].join('，'),
    })),
    ...data.agreements.map((row) => ({
      id: row.id,
      on: row.signedOn,
      title: t('papers.steps.agreement'),
      detail: `${row.organisationName ?? ''} ${period(row)}`,
    })),
    ...data.plans.map((row) => ({
      id: row.id,
      on: row.madeOn,
      title: t('papers.steps.plan'),
      detail: row.supersededOn === null ? period(row) : t('papers.supersededOn', { on: row.supersededOn }),
    })),
  ].filter(({ id }) => !standing.has(id));
  if (entries.length === 0) return null;
  return (
    <section className="kt-paper">
      <h3>{t('papers.earlier')}</h3>
      <Timeline entries={entries.sort((a, b) => (a.on < b.on ? 1 : -1))} />
    </section>
  );
};

/** The goals of the plan in force. */
const Goals = ({ data }: { data: Papers }) => {
  const { t } = useTranslation('care');
  const plan = data.plans.find(({ id }) => id === data.papers.plan);
  if (!plan) return null;
  return (
    <section className="kt-paper">
      <h3>{t('papers.steps.plan')}</h3>
      <ul>
        {plan.goals.map(({ domain, goal, frequency, responsible }) => (
          <li key={`${domain}${goal}`}>
            {t(`domain.${domain}`)}：{goal}（{t('papers.frequency', { count: frequency })}，{responsible}）
          </li>
        ))}
      </ul>
    </section>
  );
};

const PapersPage = () => {
  const { t } = useTranslation('care');
  const { person } = usePathParams(Path);
  const { role } = useMe();
  const { data } = useSuspenseQuery(api.papers.get.queryOptions({ input: { person } }));
  const standing = useStanding(data);
  const open = movesFrom(data.stage).includes('consent.sign');
  const may = (step: PaperStep): boolean => open && doers[step].includes(role);
  const { next } = data;
  return (
    <>
      <PageHead
        title={t('papers.of', { name: data.name })}
        intro={
          <>
            <Tag>{nameOfStage(data.stage)}</Tag> {data.site?.name}{' '}
            {next === null ? t('papers.complete') : t('papers.intro')}{' '}
            {data.rule && <ClauseChips ids={data.rule.clause} />} <Lapsed endedOn={data.rule?.endedOn ?? undefined} />{' '}
            <PageLink path={`/persons/${person}`}>{t('papers.file')}</PageLink>
          </>
        }
        action={
          next !== null &&
          may(next) && (
            <ButtonLink type="primary" path={pathOf(person, next)}>
              {t(`papers.act.${next}`)}
            </ButtonLink>
          )
        }
      />
      {!open && <EmptyState title={t('papers.notYet')} hint={t('papers.notYetHint')} />}
      <ol className="kt-steps">
        {PaperStep.options.map((step, i) => (
          <li key={step} {...(open && step === next && { 'aria-current': 'step' as const })}>
            <h2>
              {i + 1}. {t(`papers.steps.${step}`)}
            </h2>
            <p>
              <Outcome
                outcome={data.papers[step] === null ? 'unknown' : 'met'}
                text={t(data.papers[step] === null ? 'papers.missing' : 'papers.valid')}
              />
            </p>
            <div className="kt-quiet">{standing[step]}</div>
            <div className="kt-step-acts kt-no-print">
              <StepActs data={data} step={step} allowed={may(step)} />
            </div>
          </li>
        ))}
      </ol>
      <Goals data={data} />
      <Earlier data={data} />
    </>
  );
};
export default PapersPage;
