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
import { ReasonButton } from '../web/reason-button.tsx';
import { coverFields, type SweepView, sweepClosed } from './sweep.ts';

const { town: _, ...fields } = coverFields;
const Covering = z.object({ ...fields, on: Day });
const Closing = sweepClosed.body.extend({ on: Day });

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

export const VoidCoverButton = ({ cover }: { cover: string }) => {
  const { t } = useTranslation('sweep');
  return (
    <ReasonButton size="small" label={t('void')} reason={t('reason')} call={client.sweepCover.void} input={{ cover }} />
  );
};

export const VoidSweepButton = ({ sweep }: { sweep: string }) => {
  const { t } = useTranslation('sweep');
  const navigate = useNavigate();
  return (
    <ReasonButton
      label={t('voidSweep')}
      hint={t('voidHint')}
      reason={t('reason')}
      call={client.sweep.void}
      input={{ sweep }}
      onDone={() => void navigate({ to: '/sweeps', replace: true })}
    />
  );
};

export const ReopenButton = ({ sweep }: { sweep: string }) => {
  const { t } = useTranslation('sweep');
  return (
    <ReasonButton
      label={t('reopen')}
      hint={t('reopenHint')}
      reason={t('reason')}
      call={client.sweep.reopen}
      input={{ sweep }}
    />
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
