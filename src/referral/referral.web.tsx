// The referral form (转介单): to read, to print, to answer. No diagnosis is on it.

import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Card, Descriptions, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { PersonPrintButton } from '../oversight/print-button.web.tsx';
import type { Revealed } from '../person/file-page.ts';
import { RevealButton } from '../person/reveal.web.tsx';
import { api, client } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';

import { usePathParams } from '../web/search-state.ts';
import { ClockCell, SexAndAge, TownName } from './card.web.tsx';
import { AnswerForm, verbsFor } from './referral-answer.web.tsx';

type View = Awaited<ReturnType<typeof client.referral.get>>;
const Params = z.object({ referral: Id });

const usePersonItems = (view: View, shown: Revealed | undefined) => {
  const { t } = useTranslation('referral');
  const guardian = shown?.guardian ?? view.guardian;
  const name = shown?.name ?? view.name;
  return [
    {
      key: 'name',
      label: t('person.name'),
      children: view.full ? <PageLink path={`/persons/${view.person}`}>{name}</PageLink> : name,
    },
    { key: 'sex', label: t('person.sexAndAge'), children: <SexAndAge {...view} /> },
    { key: 'town', label: t('person.town'), children: <TownName town={view.town} /> },
    ...(view.full
      ? [
          { key: 'idNumber', label: t('person.idNumber'), children: shown?.idNumber ?? view.idNumber ?? '—' },
          { key: 'phone', label: t('person.phone'), children: shown?.phone ?? view.phone ?? '—' },
          {
            key: 'address',
            label: t('person.address'),
            children: shown?.address ?? (view.hasAddress ? t('person.addressHidden') : '—'),
          },
          {
            key: 'guardian',
            label: t('person.guardian'),
            children: guardian
              ? [guardian.name, guardian.relation, shown?.guardian?.phone].filter(Boolean).join(' ')
              : '—',
          },
        ]
      : []),
  ];
};

const FormTable = ({ view }: { view: View }) => {
  const { t } = useTranslation('referral');
  const [shown, setShown] = useState<Revealed>();
  const person = usePersonItems(view, shown);
  const result = [
    t(`status.${view.status}`),
    view.answeredOn,
    view.cause && t(`cause.${view.cause}`),
    view.wish && t(`wish.${view.wish}`),
    view.note,
  ];
  const items = [
    { key: 'number', label: t('referral.number'), children: `ZJ-${view.referral.slice(-8).toUpperCase()}` },
    { key: 'sentOn', label: t('referral.sentOn'), children: view.sentOn },
    { key: 'from', label: t('referral.from'), children: view.originName ?? '—' },
    { key: 'receiver', label: t('referral.receiver'), children: view.organisationName },
    ...person,
    { key: 'reason', label: t('referral.reason'), children: t(`reason.${view.reason}`) },
    { key: 'suggestion', label: t('referral.suggestion'), children: view.suggestion ?? '—' },
    ...(view.full ? [{ key: 'situation', label: t('referral.situation'), children: view.situation ?? '—' }] : []),
    { key: 'result', label: t('referral.result'), children: result.filter(Boolean).join(' · ') },
    { key: 'sentBy', label: t('referral.sentBy'), children: t('referral.signedOn') },
    { key: 'receivedBy', label: t('referral.receivedBy'), children: t('referral.signedOn') },
  ];
  return (
    <Card
      size="small"
      title={<h2>{t('referral.title')}</h2>}
      extra={
        view.full && (
          <RevealButton
            ask={(purpose) => client.person.reveal({ person: view.person, purpose })}
            shown={shown}
            onShown={setShown}
          />
        )
      }
    >
      <Descriptions bordered size="small" column={{ xs: 1, md: 2 }} items={items} />
    </Card>
  );
};

const ReferralPage = () => {
  const { t } = useTranslation('referral');
  const me = useMe();
  const params = usePathParams(Params);
  const { data: view } = useSuspenseQuery(api.referral.get.queryOptions({ input: params }));
  const [first, ...rest] = verbsFor(me, view);
  const agree = view.status === 'accepted' && me.organisation?.id === view.organisation;
  return (
    <>
      <PageHead
        title={`${t('referral.title')} · ${view.name}`}
        intro={view.clock === null ? undefined : <ClockCell clock={view.clock} />}
        action={
          <Flex gap="small">
            <PersonPrintButton person={view.person} kind="referralPrint" />
            {agree && (
              <ButtonLink type="primary" path={`/persons/${view.person}/papers`}>
                {t('referral.afterAccept')}
              </ButtonLink>
            )}
          </Flex>
        }
      />
      <Flex vertical gap="middle">
        {!view.full && <Alert type="info" className="kt-no-print" title={t('referral.minimum')} />}
        <FormTable view={view} />
        {first !== undefined && <AnswerForm key={view.status} referral={view} verbs={[first, ...rest]} />}
      </Flex>
    </>
  );
};
export default ReferralPage;
