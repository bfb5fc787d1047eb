// One organisation: what it is, whom it serves, its staff; and closing it.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card, Descriptions, Flex, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { PageLink } from '../web/link.tsx';
import { type Me, useMe, useToday } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Figure, Figures } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { fullNameOfDivision } from './division.ts';
import { GapLine } from './gap-line.web.tsx';
import type { NetworkGap } from './network.ts';
import { type Organisation, servingKinds } from './organisation.ts';
import { OrganisationChange } from './organisation-change.web.tsx';
import { SiteChecksCard, seesSiteChecks } from './site-check.web.tsx';
import { StaffTable } from './staff.web.tsx';
import { StaffJoin } from './staff-forms.web.tsx';

const Params = z.object({ organisation: Id });
const Closing = z.object({ on: Day, reason: z.string().trim().min(1).max(200) });

const CloseButton = ({ organisation }: { organisation: Organisation }) => {
  const { t } = useTranslation('network');
  const today = useToday();
  return (
    <FormButton
      danger
      label={t('organisation.close')}
      title={t('organisation.closeTitle')}
      hint={t('organisation.closeHint')}
      schema={Closing}
      initial={today === undefined ? {} : { on: today }}
      call={client.organisation.close}
      inputOf={(values) => ({ ...values, organisation: organisation.id })}
    >
      <OnDayField name="on" label={t('organisation.closeOn')} notBefore={organisation.openedOn} />
      <Field name="reason" label={t('organisation.reason')}>
        <Input.TextArea rows={2} />
      </Field>
    </FormButton>
  );
};

const About = ({ organisation }: { organisation: Organisation }) => {
  const { t } = useTranslation('network');
  const { kind, tier, division, parent, parentName, functions, phone, address, openedOn, changedOn, closedOn } =
    organisation;
  const above = parent && parentName && <PageLink path={`/organisations/${parent}`}>{parentName}</PageLink>;
  const items = [
    { key: 'kind', label: t('organisations.kind'), children: t(`kind.${kind}`) },
    { key: 'tier', label: t('organisations.tier'), children: t(`tier.${tier}`) },
    { key: 'division', label: t('organisations.division'), children: fullNameOfDivision(division) },
    { key: 'parent', label: t('organisations.parent'), children: above || '—' },
    {
      key: 'functions',
      label: t('organisation.functions'),
      children: functions.map((one) => t(`function.${one}`)).join('、') || '—',
    },
    { key: 'phone', label: t('organisation.phone'), children: phone ?? '—' },
    { key: 'address', label: t('organisation.address'), children: address ?? '—' },
    { key: 'opened', label: t('organisation.openedOn'), children: openedOn },
    ...(changedOn ? [{ key: 'changed', label: t('organisation.changedOn'), children: changedOn }] : []),
    ...(closedOn ? [{ key: 'closed', label: t('organisation.closedOn'), children: closedOn }] : []),
  ];
  return (
    <Card size="small">
      <Descriptions size="small" bordered column={{ xs: 1, md: 2 }} items={items} />
    </Card>
  );
};

const NameGaps = ({ gaps }: { gaps: readonly NetworkGap[] }) => {
  const { t } = useTranslation('network');
  if (gaps.length === 0) return null;
  return (
    <ul className="kt-list" aria-label={t('organisation.nameGaps')}>
      {gaps.map((gap) => (
        <GapLine key={gap.text} gap={gap} />
      ))}
    </ul>
  );
};

const employers = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'];

/** Departments of the area and the organisation itself see and keep its staff. */
const keepsStaff = (me: Me, organisation: Organisation): boolean =>
  employers.includes(me.role) &&
  (['hospital', 'centre', 'site'].includes(me.role)
    ? me.organisation?.id === organisation.id
    : organisation.division.startsWith(me.scope));

const OrganisationPage = () => {
  const { t } = useTranslation('network');
  const me = useMe();
  const { organisation: id } = usePathParams(Params);
  const { data } = useSuspenseQuery(api.organisation.get.queryOptions({ input: { organisation: id } }));
  const staffed = keepsStaff(me, data);
  return (
    <>
      <PageHead
        title={data.name}
        action={staffed && data.closedOn === null ? <StaffJoin organisation={data.id} /> : undefined}
      />
      <Flex vertical gap="middle">
        {data.serving !== null && servingKinds.includes(data.kind) && (
          <Figures>
            <Figure
              label={t('organisations.serving')}
              value={`${data.serving} / ${data.capacity ?? '—'}`}
              path="/persons"
              search={{ site: data.id }}
            />
          </Figures>
        )}
        <NameGaps gaps={data.nameGaps} />
        <About organisation={data} />
        {seesSiteChecks(me, data) && <SiteChecksCard organisation={data.id} />}
        {staffed && (
          <Card size="small" title={<h2>{t('staff.title')}</h2>}>
            <StaffTable organisation={data.id} />
          </Card>
        )}
        {me.role === 'civilAffairs' && data.closedOn === null && data.division.startsWith(me.scope) && (
          <Flex gap="small" wrap className="kt-no-print">
            <OrganisationChange organisation={data} />
            <CloseButton organisation={data} />
          </Flex>
        )}
      </Flex>
    </>
  );
};
export default OrganisationPage;
