// Taking a link between two records away again, with the reason.
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';

const Reason = z.object({ reason: z.string().trim().min(2).max(200) });

export const UnlinkButton = ({ person, other }: { person: string; other: string }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const { clock } = useMe();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const unlink = useOperation(client.link.remove, {
    form,
    onDone: () => {
      setOpen(false);
      void message.success(t('file.unlinked'));
    },
  });
  return (
    <>
      <Button size="small" className="kt-no-print" onClick={() => setOpen(true)}>
        {t('file.unlink')}
      </Button>
      <Modal open={open} title={t('file.unlink')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <SchemaForm
          schema={Reason}
          form={form}
          onSubmit={({ reason }) => unlink.run({ person, other, on: clock.today, reason })}
          problem={unlink.problem}
          busy={unlink.busy}
          submitLabel={t('file.unlink')}
        >
          <Field name="reason" label={t('file.unlinkReason')}>
            <Input.TextArea rows={2} maxLength={200} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};
