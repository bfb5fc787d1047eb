// Withdrawing a consent: what it means, the day, the reason.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { type ConsentView, consentWithdrawn } from './agreement.ts';

const Fields = z.object({ on: Day, reason: consentWithdrawn.body.shape.reason });

export const WithdrawButton = ({ consent }: { consent: ConsentView }) => {
  const { t } = useTranslation('care');
  const { clock } = useMe();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const withdraw = useOperation(client.consent.withdraw, { form, onDone: () => setOpen(false) });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('papers.withdraw')}</Button>
      <Modal
        open={open}
        title={t('papers.withdrawTitle')}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('papers.withdrawNote')}</p>
        <SchemaForm
          schema={Fields}
          form={form}
          initial={{ on: clock.today }}
          onSubmit={(fields) => withdraw.run({ consent: consent.id, ...fields })}
          problem={withdraw.problem}
          busy={withdraw.busy}
          submitLabel={t('papers.withdraw')}
        >
          <OnDayField name="on" label={t('papers.withdrawOn')} notBefore={consent.signedOn} />
          <Field name="reason" label={t('papers.withdrawReason')}>
            <Input.TextArea rows={2} maxLength={200} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};
