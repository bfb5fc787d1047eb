// Withdrawing a consent: what it means, the day, the reason.
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { type ConsentView, consentWithdrawn } from './agreement.ts';

const Fields = z.object({ on: Day, reason: consentWithdrawn.body.shape.reason });

export const WithdrawButton = ({ consent }: { consent: ConsentView }) => {
  const { t } = useTranslation('care');
  const { clock } = useMe();
  return (
    <FormButton
      label={t('papers.withdraw')}
      title={t('papers.withdrawTitle')}
      hint={t('papers.withdrawNote')}
      schema={Fields}
      initial={{ on: clock.today }}
      call={client.consent.withdraw}
      inputOf={(fields) => ({ consent: consent.id, ...fields })}
    >
      <OnDayField name="on" label={t('papers.withdrawOn')} notBefore={consent.signedOn} />
      <Field name="reason" label={t('papers.withdrawReason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};
