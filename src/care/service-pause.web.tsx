// Suspending service, and resuming it.
import { useNavigate } from '@tanstack/react-router';
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import type { DischargeBasis } from './discharge.api.ts';
import { SuspendReason } from './discharge.ts';
import { LeaveHead, NotNow, useBasis } from './leave.web.tsx';

const ResumeFields = z.object({ on: z.iso.date(), note: z.string().trim().max(200).optional() });
const SuspendFields = ResumeFields.extend({ reason: SuspendReason });

const useAfter = (person: string) => {
  const navigate = useNavigate();
  return () => void navigate({ to: `/persons/${person}` });
};

const NoteField = () => {
  const { t } = useTranslation('session');
  return (
    <Field name="note" label={t('leave.note')}>
      <Input.TextArea maxLength={200} rows={2} />
    </Field>
  );
};

const SuspendForm = ({ basis: { person, stageOn } }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const today = useToday();
  const [form] = Form.useForm();
  const suspend = useOperation(client.service.suspend, { form, onDone: useAfter(person) });
  return (
    <SchemaForm
      schema={SuspendFields}
      form={form}
      initial={today === undefined ? {} : { on: today }}
      onSubmit={(values) => suspend.run({ person, ...values })}
      problem={suspend.problem}
      busy={suspend.busy}
      submitLabel={t('leave.suspendSave')}
    >
      <OnDayField name="on" label={t('leave.on')} notBefore={stageOn} />
      <Field name="reason" label={t('leave.reason')}>
        <Select
          options={SuspendReason.options.map((value) => ({ value, label: t(`leave.suspendReasons.${value}`) }))}
        />
      </Field>
      <NoteField />
    </SchemaForm>
  );
};

const ResumeForm = ({ basis: { person, stageOn } }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const today = useToday();
  const [form] = Form.useForm();
  const resume = useOperation(client.service.resume, { form, onDone: useAfter(person) });
  return (
    <SchemaForm
      schema={ResumeFields}
      form={form}
      initial={today === undefined ? {} : { on: today }}
      onSubmit={(values) => resume.run({ person, ...values })}
      problem={resume.problem}
      busy={resume.busy}
      submitLabel={t('leave.resumeSave')}
    >
      <OnDayField name="on" label={t('leave.on')} notBefore={stageOn} />
      <NoteField />
    </SchemaForm>
  );
};

const ServicePausePage = () => {
  const basis = useBasis();
  return (
    <>
      <LeaveHead basis={basis} />
      {basis.maySuspend && <SuspendForm basis={basis} />}
      {basis.mayResume && <ResumeForm basis={basis} />}
      {!basis.maySuspend && !basis.mayResume && <NotNow basis={basis} />}
    </>
  );
};
export default ServicePausePage;
