// Closing a file for a reason other than transfer-out.
import { useNavigate } from '@tanstack/react-router';
import { App, Cascader, Checkbox, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { cities } from '../network/division.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe, useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import type { DischargeBasis } from './discharge.api.ts';
import { CloseReason } from './discharge.ts';
import { LeaveHead, NotNow, useBasis } from './leave.web.tsx';

const Fields = z.object({
  on: z.iso.date(),
  reason: CloseReason,
  /** City, county, town. */
  division: z.array(z.string()).optional(),
  agreed: z.boolean().optional(),
  note: z.string().trim().max(200).optional(),
});

const choices = cities.map((city) => ({
  value: city.code,
  label: city.name,
  children: city.counties.map((county) => ({
    value: county.code,
    label: county.name,
    children: county.towns.map((town) => ({ value: town.code, label: town.name })),
  })),
}));

const CloseForm = ({ basis: { person, stageOn } }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  const today = useToday();
  const { role } = useMe();
  const { message } = App.useApp();
  const [form] = Form.useForm();
  const reason = Form.useWatch<CloseReason | undefined>('reason', form);
  const town = Form.useWatch<string[] | undefined>('division', form)?.[2];
  // A site no longer sees whose file is closed.
  const next = ['site', 'centre'].includes(role) ? '/sessions' : `/persons/${person}`;
  const close = useOperation(client.file.close, {
    form,
    onDone: ({ pushed }) => {
      if (pushed) void message.success(t('leave.pushed', { number: pushed.receiptNumber }), 8);
      void navigate({ to: next });
    },
  });
  return (
    <SchemaForm
      schema={Fields}
      form={form}
      initial={today === undefined ? {} : { on: today }}
      onSubmit={({ division, agreed, ...values }) =>
        close.run({ person, ...values, division: division?.at(-1), ...(agreed && { push: { agreed } }) })
      }
      problem={close.problem}
      busy={close.busy}
      submitLabel={t('leave.closeSave')}
      actions={<ButtonLink path={`/persons/${person}`}>{t('leave.back')}</ButtonLink>}
    >
      <OnDayField name="on" label={t('leave.on')} notBefore={stageOn} help={t('leave.closeNote')} />
      <Field name="reason" label={t('leave.reason')}>
        <Select options={CloseReason.options.map((value) => ({ value, label: t(`leave.closeReasons.${value}`) }))} />
      </Field>
      {reason === 'moved' && (
        <Field name="division" label={t('leave.division')} help={t('leave.divisionHelp')}>
          <Cascader options={choices} changeOnSelect showSearch />
        </Field>
      )}
      {reason === 'moved' && town !== undefined && (
        <Field name="agreed" label={t('leave.pushLabel')} valueName="checked" help={t('leave.pushHelp')}>
          <Checkbox>{t('leave.push')}</Checkbox>
        </Field>
      )}
      <Field name="note" label={t('leave.note')}>
        <Input.TextArea maxLength={200} rows={2} />
      </Field>
    </SchemaForm>
  );
};

const FileClosePage = () => {
  const basis = useBasis();
  return (
    <>
      <LeaveHead basis={basis} />
      {basis.mayClose ? <CloseForm basis={basis} /> : <NotNow basis={basis} />}
    </>
  );
};
export default FileClosePage;
