// Transfer-out: what it rests on, the outcome, the effect.
import { useNavigate } from '@tanstack/react-router';
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe, useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { EmptyState } from '../web/parts.tsx';
import type { DischargeBasis } from './discharge.api.ts';
import { DischargeEffect, DischargeOutcome } from './discharge.ts';
import { LeaveHead, NotNow, StayFigures, useBasis } from './leave.web.tsx';

const Fields = z.object({
  on: z.iso.date(),
  outcome: DischargeOutcome,
  effect: DischargeEffect,
  note: z.string().trim().max(500).optional(),
  followUpOn: z.iso.date().optional(),
});

const DischargeForm = ({ basis }: { basis: DischargeBasis }) => {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  const today = useToday();
  const { role } = useMe();
  const [form] = Form.useForm();
  const { person } = basis;
  // A site no longer sees whom it has transferred out.
  const next = ['site', 'centre'].includes(role) ? '/sessions' : `/persons/${person}`;
  const discharge = useOperation(client.discharge.record, { form, onDone: () => void navigate({ to: next }) });
  return (
    <SchemaForm
      schema={Fields}
      form={form}
      initial={today === undefined ? {} : { on: today }}
      onSubmit={(values) => discharge.run({ person, ...values })}
      problem={discharge.problem}
      busy={discharge.busy}
      submitLabel={t('leave.save')}
      actions={<ButtonLink path={`/persons/${person}`}>{t('leave.back')}</ButtonLink>}
    >
      <OnDayField name="on" label={t('leave.on')} notBefore={basis.stageOn} help={t('leave.saveNote')} />
      <Field name="outcome" label={t('leave.outcome')}>
        <Select options={DischargeOutcome.options.map((value) => ({ value, label: t(`leave.outcomes.${value}`) }))} />
      </Field>
      <Field name="effect" label={t('leave.effect')}>
        <Select options={DischargeEffect.options.map((value) => ({ value, label: t(`leave.effects.${value}`) }))} />
      </Field>
      <OnDayField name="followUpOn" label={t('leave.followUpOn')} until="any" />
      <Field name="note" label={t('leave.note')}>
        <Input.TextArea maxLength={500} rows={3} />
      </Field>
    </SchemaForm>
  );
};

const AssessFirst = ({ person }: { person: string }) => {
  const { t } = useTranslation('session');
  return (
    <EmptyState
      title={t('leave.assess')}
      hint={t('leave.assessHint')}
      action={
        <ButtonLink type="primary" path={`/persons/${person}/assessments/new`} search={{ kind: 'transferOut' }}>
          {t('leave.assess')}
        </ButtonLink>
      }
    />
  );
};

const DischargePage = () => {
  const basis = useBasis();
  return (
    <>
      <LeaveHead basis={basis} />
      {!basis.mayDischarge && <NotNow basis={basis} />}
      {basis.mayDischarge && <StayFigures basis={basis} />}
      {basis.mayDischarge &&
        (basis.assessment === null ? <AssessFirst person={basis.person} /> : <DischargeForm basis={basis} />)}
    </>
  );
};
export default DischargePage;
