// What one does in a month's exchange: send a batch, take in a list that came back, say that it is reconciled, take it out again.
import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Purpose } from '../person/person.ts';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { ReasonButton } from '../web/reason-button.tsx';
import { BatchKind, Department } from './exchange.ts';

const Sending = z.object({ to: Department, kind: BatchKind, purpose: Purpose });
const Taking = z.object({ list: z.uuid() });
const Nothing = z.object({});

export const SendButton = ({ month }: { month: string }) => {
  const { t } = useTranslation('exchange');
  const { role } = useMe();
  // The federation reads nothing of risk, and so has nothing to tell public security.
  const others = Department.options.filter(
    (one) => one !== role && !(role === 'federation' && one === 'publicSecurity'),
  );
  return (
    <FormButton
      label={t('send')}
      hint={t('sendHint')}
      schema={Sending}
      title={t('forMonth', { act: t('send'), month })}
      initial={{ kind: 'clients' }}
      call={client.exchange.send}
      inputOf={(values) => ({ ...values, month })}
    >
      <Field name="to" label={t('to')}>
        <Select options={others.map((value) => ({ value, label: t(`department.${value}`) }))} />
      </Field>
      <Field name="kind" label={t('what')}>
        <Select options={BatchKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Field>
      <Field name="purpose" label={t('purpose')}>
        <Input maxLength={100} />
      </Field>
    </FormButton>
  );
};

const departments = { federation: 'federation', health: 'health', civil: 'civilAffairs' } as const;

const ListSelect = (props: { id?: string; value?: string; onChange?: (list: string) => void }) => {
  const { t } = useTranslation('exchange');
  const { data, isFetching } = useQuery(api.census.list.queryOptions({ input: { page: 1, pageSize: 50 } }));
  const options = (data?.rows ?? [])
    .filter(({ sender }) => sender !== 'civil')
    .map(({ id, sender, listedOn, fileName }) => ({
      value: id,
      label: t('listOf', { department: t(`department.${departments[sender]}`), day: listedOn, name: fileName }),
    }));
  return <Select {...props} loading={isFetching} options={options} />;
};

export const TakeButton = ({ month }: { month: string }) => {
  const { t } = useTranslation('exchange');
  return (
    <FormButton
      label={t('take')}
      hint={t('takeHint')}
      schema={Taking}
      title={t('forMonth', { act: t('take'), month })}
      call={client.exchangeList.take}
      inputOf={(values) => ({ ...values, month })}
    >
      <Field name="list" label={t('list')}>
        <ListSelect />
      </Field>
    </FormButton>
  );
};

export const ReconcileButton = ({ list }: { list: string }) => {
  const { t } = useTranslation('exchange');
  return (
    <FormButton
      size="small"
      label={t('reconcile')}
      hint={t('reconcileHint')}
      schema={Nothing}
      call={client.exchangeList.reconcile}
      inputOf={() => ({ list })}
    />
  );
};

export const UntakeButton = ({ list }: { list: string }) => {
  const { t } = useTranslation('exchange');
  return (
    <ReasonButton
      size="small"
      label={t('untake')}
      reason={t('reason')}
      call={client.exchangeList.void}
      input={{ list }}
    />
  );
};
