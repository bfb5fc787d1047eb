// One application: what is asked for, what screening says, who it may already be, and the decision.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card, Descriptions, Flex, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { nameOfStage } from '../person/file.ts';
import { RevealButton } from '../person/reveal.web.tsx';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Outcome } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { ApplicantContact } from './application.api.ts';
import { ReassignButton, ReviewForm } from './application-review.web.tsx';
import { ClockCell, SexAndAge, TownName } from './card.web.tsx';

type View = Awaited<ReturnType<typeof client.application.get>>;
const Params = z.object({ application: Id });

const Content = ({ view }: { view: View }) => {
  const { t } = useTranslation('referral');
  const [shown, setShown] = useState<ApplicantContact>();
  const willing = (value: boolean | null) => (value === null ? '—' : t(value ? 'yes' : 'no'));
  const items = [
    { key: 'receipt', label: t('applications.receipt'), children: view.receiptNumber },
    { key: 'receivedOn', label: t('applications.receivedOn'), children: view.receivedOn },
    { key: 'name', label: t('person.name'), children: shown?.name ?? view.name },
    { key: 'sex', label: t('person.sexAndAge'), children: <SexAndAge {...view} /> },
    { key: 'town', label: t('person.town'), children: <TownName town={view.town} /> },
    { key: 'idNumber', label: t('person.idNumber'), children: view.idNumber ?? '—' },
    { key: 'stage', label: t('person.stage'), children: nameOfStage(view.stage) },
    { key: 'route', label: t('applications.route'), children: t(`route.${view.route}`) },
    {
      key: 'applicant',
      label: t('application.applicant'),
      children: `${shown?.applicant ?? view.applicant}${view.relation === null ? '' : `（${view.relation}）`}`,
    },
    { key: 'phone', label: t('person.phone'), children: shown?.phone ?? view.phone ?? '—' },
    { key: 'clientWilling', label: t('application.clientWilling'), children: willing(view.clientWilling) },
    { key: 'guardianWilling', label: t('application.guardianWilling'), children: willing(view.guardianWilling) },
    { key: 'needs', label: t('application.needs'), children: view.needs ?? '—' },
  ];
  return (
    <Card
      size="small"
      title={<h2>{t('application.content')}</h2>}
      extra={
        <RevealButton
          ask={(purpose) => client.application.contact({ application: view.application, purpose })}
          shown={shown}
          onShown={setShown}
        />
      }
    >
      <Descriptions bordered size="small" column={{ xs: 1, md: 2 }} items={items} />
    </Card>
  );
};

const outcomes = { eligible: 'met', ineligible: 'unmet', unknown: 'unknown' } as const;

const ScreeningCard = ({ view }: { view: View }) => {
  const { t } = useTranslation('referral');
  const { newestScreening: screening, person } = view;
  return (
    <Card
      size="small"
      title={<h2>{t('application.screening')}</h2>}
      extra={<PageLink path={`/persons/${person}`}>{t('application.openFile')}</PageLink>}
    >
      {screening === null ? (
        <p>{t('application.notScreened')}</p>
      ) : (
        <>
          <p>
            <Outcome outcome={outcomes[screening.outcome]} text={t(`screening.${screening.outcome}`)} />{' '}
            {t('application.screenedOn', { on: screening.on })} <ClauseChips ids={screening.clause} />
          </p>
          <ul className="kt-list">
            {screening.open.map((because) => (
              <li key={because}>{because}</li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
};

const CandidatesCard = ({ view }: { view: View }) => {
  const { t } = useTranslation('referral');
  if (view.candidates.length === 0) return null;
  return (
    <Card size="small" title={<h2>{t('application.candidates')}</h2>}>
      <p className="kt-quiet">{t('application.candidatesHint')}</p>
      <ul className="kt-list">
        {view.candidates.map((one) => (
          <li key={one.person}>
            <Flex wrap gap="small" align="center">
              <PageLink path={`/persons/${one.person}`}>{one.name}</PageLink>
              <SexAndAge {...one} />
              <TownName town={one.town} />
              {one.idNumber !== null && <span>{one.idNumber}</span>}
              <Tag>{nameOfStage(one.stage)}</Tag>
              {one.because.map((because) => (
                <Tag key={because} color="warning">
                  {t(`because.${because}`)}
                </Tag>
              ))}
              <ReassignButton application={view.application} person={one.person} name={one.name} />
            </Flex>
          </li>
        ))}
      </ul>
    </Card>
  );
};

/** What a reviewer does next: screen, or refer whom the review registered. */
const NextAction = ({ view }: { view: View }) => {
  const { t } = useTranslation('referral');
  const { role } = useMe();
  if (role !== 'civilAffairs') return null;
  if (view.decision === null && view.screening !== 'eligible')
    return (
      <ButtonLink type="primary" path={`/persons/${view.person}/screening`}>
        {t('application.toScreening')}
      </ButtonLink>
    );
  if (view.decision !== 'registered' || view.stage !== 'registered') return null;
  return (
    <ButtonLink type="primary" path="/referrals/new" search={{ person: view.person }}>
      {t('application.refer')}
    </ButtonLink>
  );
};

const ApplicationPage = () => {
  const { t } = useTranslation('referral');
  const { role } = useMe();
  const params = usePathParams(Params);
  const { data: view } = useSuspenseQuery(api.application.get.queryOptions({ input: params }));
  return (
    <>
      <PageHead
        title={t('application.of', { name: view.name })}
        intro={
          view.decision === null ? (
            <ClockCell clock={view.clock} />
          ) : (
            <>
              {t('application.decided', { on: view.decidedOn, decision: t(`decision.${view.decision}`) })}
              {view.reason !== null && ` · ${view.reason}`}{' '}
              {view.linkedTo !== null && (
                <PageLink path={`/persons/${view.linkedTo}`}>{t('application.openLinked')}</PageLink>
              )}
            </>
          )
        }
        action={<NextAction view={view} />}
      />
      <Flex vertical gap="middle">
        <Content view={view} />
        <CandidatesCard view={view} />
        <ScreeningCard view={view} />
        {view.decision === null && role === 'civilAffairs' && <ReviewForm view={view} />}
      </Flex>
    </>
  );
};
export default ApplicationPage;
