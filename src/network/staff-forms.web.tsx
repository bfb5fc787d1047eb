// Forms for staff who join and leave.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { Discipline, type Staff, staffFields } from './organisation.ts';

const { organisation: _, ...joinFields } = staffFields;
const Joining = z.object({ on: Day, ...joinFields });
const Leaving = z.object({ on: Day, reason: z.string().trim().min(1).max(200) });

export const StaffJoin = ({ organisation }: { organisation: string }) => {
  const { t } = useTranslation('network');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const today = useToday();
  const join = useOperation(client.staff.join, { form, onDone: () => setOpen(false) });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('staff.join')}</Button>
      <Modal title={t('staff.join')} open={open} footer={null} destroyOnHidden onCancel={() => setOpen(false)}>
        <SchemaForm
          schema={Joining}
          form={form}
          initial={today === undefined ? {} : { on: today }}
          onSubmit={(values) => join.run({ ...values, organisation })}
          problem={join.problem}
          busy={join.busy}
        >
          <Field name="name" label={t('staff.name')} />
          <Field name="discipline" label={t('staff.discipline')}>
            <Select options={Discipline.options.map((value) => ({ value, label: t(`discipline.${value}`) }))} />
          </Field>
          <Field name="qualification" label={t('staff.qualification')} />
          <OnDayField name="assessorTrainedOn" label={t('staff.assessorTrainedOn')} />
          <OnDayField name="on" label={t('staff.joinOn')} />
        </SchemaForm>
      </Modal>
    </>
  );
};

export const StaffLeave = ({ staff }: { staff: Staff }) => {
  const { t } = useTranslation('network');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const today = useToday();
  const leave = useOperation(client.staff.leave, { form, onDone: () => setOpen(false) });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('staff.leave')}
      </Button>
      <Modal
        title={t('staff.leaveTitle', { name: staff.name })}
        open={open}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <SchemaForm
          schema={Leaving}
          form={form}
          initial={today === undefined ? {} : { on: today }}
          onSubmit={(values) => leave.run({ ...values, staff: staff.id })}
          problem={leave.problem}
          busy={leave.busy}
        >
          <OnDayField name="on" label={t('staff.leaveOn')} notBefore={staff.sinceOn} />
          <Field name="reason" label={t('staff.reason')}>
            <Input.TextArea rows={2} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};
