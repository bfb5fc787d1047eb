// What one does in a joint sweep: record a town's coverage, take a record back, close, open again or void the sweep.
import { useNavigate } from '@tanstack/react-router';
import { Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { compareDays } from '../kernel/calendar.ts';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { coverFields, type SweepView, sweepClosed } from './sweep.ts';

const { town: _, ...fields } = coverFields;
const Covering = z.object({ ...fields, on: Day });
const Closing = sweepClosed.body.extend({ on: Day });
const Reason = z.object({ reason: z.string().trim().min(2).max(200) });

export const CoverButton = ({ sweep, town }: { sweep: SweepView; town: string }) => {
  const { t } = useTranslation('sweep');
  const { clock } = useMe();
  return (
    <FormButton
      size="small"
      label={t('cover')}
      schema={Covering}
      initial={{ on: compareDays(clock.today, sweep.toOn) > 0 ? sweep.toOn : clock.today }}
      call={client.sweepCover.record}
      inputOf={(values) => ({ ...values, town, sweep: sweep.id })}
    >
      <Field name="village" label={t('village')} help={t('villageHelp')} />
      <OnDayField name="on" label={t('day')} notBefore={sweep.fromOn} />
      {(['households', 'residents', 'found'] as const).map((name) => (
        <Field key={name} name={name} label={t(name)}>
          <InputNumber min={0} precision={0} />
        </Field>
      ))}
      <Field name="note" label={t('note')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Field>
    </FormButton>
  );
};

const ReasonField = () => {
  const { t } = useTranslation('sweep');
  return (
    <Field name="reason" label={t('reason')}>
      <Input.TextArea rows={2} maxLength={200} />
    </Field>
  );
};

export const VoidCoverButton = ({ cover }: { cover: string }) => {
  const { t } = useTranslation('sweep');
  return (
    <FormButton
      size="small"
      danger
      label={t('void')}
      schema={Reason}
      call={client.sweepCover.void}
      inputOf={({ reason }) => ({ reason, cover })}
    >
      <ReasonField />
    </FormButton>
  );
};

export const VoidSweepButton = ({ sweep }: { sweep: string }) => {
  const { t } = useTranslation('sweep');
  const navigate = useNavigate();
  return (
    <FormButton
      danger
      label={t('voidSweep')}
      hint={t('voidHint')}
      schema={Reason}
      call={client.sweep.void}
      inputOf={({ reason }) => ({ reason, sweep })}
      onDone={() => void navigate({ to: '/sweeps', replace: true })}
    >
      <ReasonField />
    </FormButton>
  );
};

export const ReopenButton = ({ sweep }: { sweep: string }) => {
  const { t } = useTranslation('sweep');
  return (
    <FormButton
      danger
      label={t('reopen')}
      hint={t('reopenHint')}
      schema={Reason}
      call={client.sweep.reopen}
      inputOf={({ reason }) => ({ reason, sweep })}
    >
      <ReasonField />
    </FormButton>
  );
};

export const CloseButton = ({ sweep }: { sweep: string }) => {
  const { t } = useTranslation('sweep');
  const { clock } = useMe();
  return (
    <FormButton
      label={t('close')}
      hint={t('closeHint')}
      schema={Closing}
      initial={{ on: clock.today }}
      call={client.sweep.close}
      inputOf={(values) => ({ ...values, sweep })}
    >
      <OnDayField name="on" label={t('closeOn')} />
      <Field name="summary" label={t('summary')}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={1000} />
      </Field>
    </FormButton>
  );
};
