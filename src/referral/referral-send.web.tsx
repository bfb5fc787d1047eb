// Referring a person (`?person=`) to an organisation: the nearest first, with their room.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Flex, Form, Input, Radio, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { AgreedBy, ReferralReason, referralFields } from './referral.ts';

type Receiver = Awaited<ReturnType<typeof client.referral.receivers>>['rows'][number];
const Sending = z.object({ on: Day, ...referralFields });
const Query = z.object({ person: Id });

const ReceiverLabel = ({ receiver }: { receiver: Receiver }) => {
  const { t } = useTranslation('referral');
  const { name, division, serving, capacity, waiting, sameTown } = receiver;
  return (
    <Flex wrap gap="small" component="span">
      <strong>{name}</strong>
      <span className="kt-quiet">{fullNameOfDivision(division)}</span>
      {sameTown && <Tag color="success">{t('referral.sameTown')}</Tag>}
      {serving !== null && (
        <span>
          {capacity === null ? t('referral.roomUnknown', { serving }) : t('referral.room', { serving, capacity })}
        </span>
      )}
      {serving !== null && capacity !== null && serving >= capacity && <Tag color="warning">{t('referral.full')}</Tag>}
      {waiting > 0 && <span className="kt-quiet">{t('referral.waiting', { count: waiting })}</span>}
    </Flex>
  );
};

const ReferralSendPage = () => {
  const { t } = useTranslation('referral');
  const navigate = useNavigate();
  const today = useToday();
  const [{ person }] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.referral.receivers.queryOptions({ input: { person } }));
  const [form] = Form.useForm();
  const send = useOperation(client.referral.send, {
    form,
    onDone: ({ referral }) => void navigate({ to: `/referrals/${referral}` }),
  });
  if (data.rows.length === 0)
    return (
      <>
        <PageHead title={t('referral.of', { name: data.name })} />
        <EmptyState
          title={t('referral.noReceivers')}
          hint={t('referral.noReceiversHint')}
          action={<ButtonLink path="/network">{t('referral.receiver')}</ButtonLink>}
        />
      </>
    );
  return (
    <>
      <PageHead title={t('referral.of', { name: data.name })} intro={data.town && fullNameOfDivision(data.town)} />
      <SchemaForm
        schema={Sending}
        form={form}
        initial={{ reason: 'firstReferral', ...(today !== undefined && { on: today }) }}
        onSubmit={(values) => send.run({ ...values, person })}
        problem={send.problem}
        busy={send.busy}
        submitLabel={t('referral.send')}
      >
        <Field name="organisation" label={t('referral.receiver')}>
          <Radio.Group
            vertical
            options={data.rows.map((receiver) => ({
              value: receiver.id,
              label: <ReceiverLabel receiver={receiver} />,
            }))}
          />
        </Field>
        <Field name="agreedBy" label={t('referral.agreedBy')} help={t('referral.agreedByHelp')}>
          <Select
            allowClear
            options={AgreedBy.options.map((value) => ({ value, label: t(`referral.agreedByWho.${value}`) }))}
          />
        </Field>
        <Field name="reason" label={t('referral.reason')}>
          <Select options={ReferralReason.options.map((value) => ({ value, label: t(`reason.${value}`) }))} />
        </Field>
        <Field name="suggestion" label={t('referral.suggestion')} help={t('referral.suggestionHelp')}>
          <Input.TextArea rows={2} maxLength={500} />
        </Field>
        <Field name="situation" label={t('referral.situation')} help={t('referral.situationHelp')}>
          <Input.TextArea rows={3} maxLength={500} />
        </Field>
        <OnDayField name="on" label={t('referral.sentOn')} />
      </SchemaForm>
    </>
  );
};
export default ReferralSendPage;
