// The person's file on one page (一人一档): who, where in the process, what comes next, and everything known with its source.
import { PersonBodies } from '../governance/person-bodies.web.tsx';
import { PersonPrintButton } from '../oversight/print-button.web.tsx';
import './person.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachOf } from '../kernel/access.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, type client } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Clock } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { Closed, WithholdButton } from './closure.web.tsx';
import { classesOf } from './field-class.ts';
import { isOver, nameOfStage } from './file.ts';
import { Assessments, Sessions } from './file-charts.web.tsx';
import { Facts, Findings, Placements, Progress } from './file-facts.web.tsx';
import { IdentitySection, Linked } from './file-identity.web.tsx';
import { FileTimeline } from './file-timeline.web.tsx';
import type { Step } from './next-step.ts';

const Path = z.object({ person: z.uuid() });
export type FilePageData = Awaited<ReturnType<typeof client.person.file>>;

const pathOfStep = ({
  id: person,
  waiting,
}: FilePageData): Readonly<Record<Step, { path: string; search?: Record<string, string> }>> => ({
  screen: { path: `/persons/${person}/screening` },
  apply: { path: '/applications/new', search: { person } },
  review: { path: waiting === null ? '/applications' : `/applications/${waiting}` },
  refer: { path: '/referrals/new', search: { person } },
  answer: { path: waiting === null ? '/referrals/inbox' : `/referrals/${waiting}` },
  reviewQueue: { path: waiting === null ? '/referrals/queue' : `/referrals/${waiting}` },
  consent: { path: `/persons/${person}/consent` },
  agreement: { path: `/persons/${person}/agreement` },
  baseline: { path: `/persons/${person}/assessments/new` },
  plan: { path: `/persons/${person}/plan` },
  session: { path: '/sessions/new' },
  resume: { path: `/persons/${person}/pause` },
});

const NextStep = ({ data }: { data: FilePageData }) => {
  const { t } = useTranslation('person');
  if (data.next === null || !data.next.mine) return null;
  const { path, search } = pathOfStep(data)[data.next.step];
  return (
    <ButtonLink type="primary" path={path} {...(search !== undefined && { search })}>
      {t(`file.steps.${data.next.step}`)}
    </ButtonLink>
  );
};

const Standing = ({ data }: { data: FilePageData }) => {
  const { t } = useTranslation('person');
  const { t: frame } = useTranslation();
  const { file, next, clock } = data;
  return (
    <>
      <Tag color="blue">{nameOfStage(file.stage)}</Tag> {t('file.since', { on: file.stageOn })}
      {file.site && ` · ${file.site.name}`}
      {file.episode > 1 && ` · ${t('file.episode', { count: file.episode })}`}{' '}
      {next !== null && !next.mine && (
        <span>
          {' · '}
          {t('file.nextBy', { step: t(`file.steps.${next.step}`), role: frame(`roles.${next.by}`) })}
        </span>
      )}{' '}
      {clock && (
        <>
          <Clock dueOn={clock.dueOn} left={clock.left} unit={clock.unit} /> <ClauseChips ids={clock.clause} />
        </>
      )}
    </>
  );
};

const Links = ({ person }: { person: string }) => {
  const { t } = useTranslation('person');
  const me = useMe();
  const { role } = me;
  const reads = reachOf(me) === 'figures';
  return (
    <nav className="kt-file-links kt-no-print" aria-label={t('file.title')}>
      {role !== 'hospital' && !reads && (
        <ButtonLink path={`/persons/${person}/visit`}>{t('file.links.visit')}</ButtonLink>
      )}
      {role !== 'site' && role !== 'centre' && !reads && (
        <ButtonLink path={`/persons/${person}/screening`}>{t('file.links.screening')}</ButtonLink>
      )}
      {(role === 'hospital' || role === 'health') && !reads && (
        <ButtonLink path="/recommendations/new" search={{ person }}>
          {t('file.links.recommendation')}
        </ButtonLink>
      )}
      {role !== 'village' && <ButtonLink path={`/persons/${person}/papers`}>{t('file.links.papers')}</ButtonLink>}
      {classesOf(me).has('assessment') && (
        <ButtonLink path={`/persons/${person}/assessments`}>{t('file.links.assessments')}</ButtonLink>
      )}
      <ButtonLink path={`/persons/${person}/readers`}>{t('file.links.readers')}</ButtonLink>
      <PersonPrintButton person={person} kind="filePrint" />
    </nav>
  );
};

const Withheld = ({ classes }: { classes: FilePageData['withheld'] }) => {
  const { t } = useTranslation('person');
  return (
    <section className="kt-section">
      <h2>{t('file.withheld')}</h2>
      <p className="kt-quiet">{classes.map((one) => t(`file.fieldClass.${one}`)).join(t('file.listMark'))}</p>
    </section>
  );
};

/** What ends with a consent, what goes on, and what there is to do. */
const Ended = ({ data: { id, file }, endedOn }: { data: FilePageData; endedOn: string }) => {
  const { t } = useTranslation('person');
  const { role } = useMe();
  const site = file.site?.name ?? t('file.consentEnded.site');
  return (
    <Alert
      type="warning"
      showIcon
      title={t('file.consentEnded.title', { on: endedOn })}
      description={
        <>
          <ul>
            {(['stopped', 'sees', 'next', 'health'] as const).map((line) => (
              <li key={line}>{t(`file.consentEnded.${line}`, { site })}</li>
            ))}
          </ul>
          {role === 'civilAffairs' && (
            <Flex wrap gap="small" className="kt-no-print">
              <ButtonLink path={`/persons/${id}/consent`}>{t('file.consentEnded.sign')}</ButtonLink>
              <ButtonLink path={`/persons/${id}/discharge`}>{t('file.consentEnded.discharge')}</ButtonLink>
              <ButtonLink path={`/persons/${id}/close`}>{t('file.consentEnded.close')}</ButtonLink>
            </Flex>
          )}
        </>
      }
    />
  );
};

const FilePage = () => {
  const { t } = useTranslation('person');
  const { person } = usePathParams(Path);
  const { data } = useSuspenseQuery(api.person.file.queryOptions({ input: { person } }));
  const full = data.level === 'full';
  return (
    <>
      <PageHead
        title={t('file.of', { name: data.identity.name })}
        intro={<Standing data={data} />}
        action={<NextStep data={data} />}
      />
      {data.linkedTo !== null && (
        <Alert
          type="warning"
          showIcon
          title={t('file.linkedTo')}
          action={<ButtonLink path={`/persons/${data.linkedTo}`}>{t('file.openLinked')}</ButtonLink>}
        />
      )}
      {data.closure !== null && <Closed person={person} closure={data.closure} />}
      {data.closure === null && data.endedOn !== null && <Ended data={data} endedOn={data.endedOn} />}
      {!full && data.closure === null && <Alert type="info" showIcon title={t('file.minimum')} />}
      {full && data.linkedTo === null && <Links person={person} />}
      <div className="kt-sections">
        <IdentitySection data={data} />
        {full && (
          <>
            <Progress data={data} />
            <Facts facts={data.facts} />
            <Findings person={person} screening={data.screening} />
            <Linked data={data} />
            {data.withheld.length > 0 && <Withheld classes={data.withheld} />}
            {!data.withheld.includes('assessment') && <Assessments person={person} />}
            <Sessions person={person} />
            <PersonBodies person={person} town={data.identity.town ?? null} />
            <Placements placements={data.placements} />
            <FileTimeline person={person} />
          </>
        )}
      </div>
      {full && isOver(data.file.stage) && data.linkedTo === null && <WithholdButton person={person} />}
    </>
  );
};
export default FilePage;
