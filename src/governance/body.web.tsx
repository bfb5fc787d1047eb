// One body: who is in it, who is missing, its meetings; and changing or closing it.
import '../person/person.css';
import './governance.css';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Flex, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Pairs } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { type BodyData, MemberJoin, Roster } from './roster.web.tsx';

const Path = z.object({ body: Id });
const Closing = z.object({ on: Day, reason: z.string().trim().min(1).max(200) });
const Changing = z.object({
  name: z.string().trim().min(2).max(60),
  office: z.string().trim().max(60).optional(),
  village: z.string().trim().max(40).optional(),
});

const Gaps = ({ body: { gaps, required, closedOn } }: { body: BodyData }) => {
  const { t } = useTranslation('governance');
  if (closedOn !== null) return null;
  if (gaps.length === 0)
    return <p className="kt-quiet">{t(required.length === 0 ? 'body.gapUnset' : 'body.gapNone')}</p>;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('body.gapTitle')}
      description={
        <ul className="kt-list">
          {gaps.map(({ text, clause, endedOn }) => (
            <li key={text}>
              {text} <ClauseChips ids={clause} /> <Lapsed endedOn={endedOn} />
            </li>
          ))}
        </ul>
      }
    />
  );
};

const Meetings = ({ body }: { body: string }) => {
  const { t } = useTranslation('governance');
  const { data } = useQuery(api.meeting.list.queryOptions({ input: { body, pageSize: 100 } }));
  if (data === undefined) return null;
  if (data.rows.length === 0) return <p className="kt-quiet">{t('body.meetingsNone')}</p>;
  return (
    <ul className="kt-roster">
      {data.rows.map(({ id, heldOn, place, present, absent, openTasks }) => (
        <li key={id}>
          <PageLink path={`/meetings/${id}`}>
            <time dateTime={heldOn}>{heldOn}</time>
          </PageLink>
          <span>{t('meeting.count', { present, absent })}</span>
          {place !== null && <span className="kt-quiet">{place}</span>}
          {openTasks > 0 && <Tag color="warning">{t('meeting.openTasks', { count: openTasks })}</Tag>}
        </li>
      ))}
    </ul>
  );
};

const Acts = ({ body }: { body: BodyData }) => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  const { id, name, office, village } = body;
  return (
    <Flex wrap gap="small" className="kt-no-print">
      <FormButton
        label={t('body.change')}
        schema={Changing}
        initial={{ name, ...(office !== null && { office }), ...(village !== null && { village }) }}
        call={client.body.change}
        inputOf={(values) => ({ ...values, body: id })}
      >
        <Field name="name" label={t('body.name')} />
        {body.person === null && <Field name="office" label={t('body.office')} />}
        {body.kind === 'villageCare' && <Field name="village" label={t('body.village')} />}
      </FormButton>
      <FormButton
        danger
        label={t('body.close')}
        hint={t('body.closeHint')}
        schema={Closing}
        initial={{ on: clock.today }}
        call={client.body.close}
        inputOf={(values) => ({ ...values, body: id })}
      >
        <OnDayField name="on" label={t('body.closedOn')} notBefore={body.openedOn} />
        <Field name="reason" label={t('reason')}>
          <Input.TextArea rows={2} maxLength={200} />
        </Field>
      </FormButton>
    </Flex>
  );
};

const BodyPage = () => {
  const { t } = useTranslation('governance');
  const { body: id } = usePathParams(Path);
  const { data: body } = useSuspenseQuery(api.body.get.queryOptions({ input: { body: id } }));
  const { kind, division, village, person, personName, office, openedOn, closedOn, mayKeep } = body;
  const hold = (
    <ButtonLink type="primary" path={`/bodies/${id}/meetings/new`}>
      {t('body.hold')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead title={body.name} action={mayKeep ? hold : undefined} />
      <Flex vertical gap="middle">
        {closedOn !== null && <Alert type="info" showIcon title={t('body.wasClosed', { on: closedOn })} />}
        <Gaps body={body} />
        <section className="kt-section">
          <Pairs
            pairs={[
              [t('body.kind'), t(`bodyKind.${kind}`)],
              [t('body.area'), `${fullNameOfDivision(division)}${village ?? ''}`],
              [t('body.for'), person && <PageLink path={`/persons/${person}`}>{personName}</PageLink>],
              [t('body.office'), office],
              [t('body.on'), openedOn],
            ]}
          />
        </section>
        <section className="kt-section">
          <header>
            <h2>{t('body.roster')}</h2>
            {mayKeep && <MemberJoin body={body} />}
          </header>
          <Roster body={body} />
        </section>
        <section className="kt-section">
          <h2>{t('body.meetings')}</h2>
          <Meetings body={id} />
        </section>
        {mayKeep && <Acts body={body} />}
      </Flex>
    </>
  );
};
export default BodyPage;
