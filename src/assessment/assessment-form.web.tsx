// The form of an assessment, for recording and correcting: who and when, the instruments, risk and note.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { Staff } from '../network/organisation.ts';
import { api } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { AssessmentContent } from './assessment.api.ts';
import type { AssessmentKind, AssessmentView } from './assessment.ts';
import type { Answers, Instrument } from './instrument.ts';
import { InstrumentSection } from './instrument.web.tsx';

const riskLevels = [0, 1, 2, 3, 4, 5] as const;

export const RiskSelect = ({ ...input }: { id?: string; value?: number; onChange?: (value: number) => void }) => {
  const { t } = useTranslation('assessment');
  return (
    <Select
      {...input}
      allowClear
      options={riskLevels.map((level) => ({ value: level, label: t(`risk.levels.${level}`) }))}
    />
  );
};

/** The staff of the actor's organisation; nobody where the actor has none. */
export const useOwnStaff = () => {
  const { organisation } = useMe();
  const { data } = useSuspenseQuery(
    api.staff.list.queryOptions({ input: { ...(organisation && { organisation: organisation.id }), pageSize: 200 } }),
  );
  return organisation ? data.rows : [];
};

interface StaffSelectProps {
  readonly staff: readonly Staff[];
  /** Says who has no training on record. */
  readonly training?: boolean;
  readonly onPick?: (id: string | undefined) => void;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (id: string | undefined) => void;
}

export const StaffSelect = ({ staff, training = false, onPick, onChange, ...input }: StaffSelectProps) => {
  const { t } = useTranslation('assessment');
  const labelOf = ({ name, discipline, assessorTrainedOn }: Staff): string =>
    `${name}（${t(`discipline.${discipline}`)}）${training && assessorTrainedOn === null ? t('form.untrained') : ''}`;
  return (
    <Select
      {...input}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      onChange={(id: string | undefined) => {
        onChange?.(id);
        onPick?.(id);
      }}
      options={staff.map((one) => ({ value: one.id, label: labelOf(one) }))}
    />
  );
};

const ByStaff = AssessmentContent.omit({ results: true, assessor: true }).extend({ staff: z.uuid() });
const ByName = AssessmentContent.omit({ results: true, staff: true });

interface AssessmentFormProps {
  readonly kind: AssessmentKind;
  readonly instruments: readonly Instrument[];
  readonly age: number | undefined;
  /** What is corrected. */
  readonly initial?: AssessmentView;
  readonly submitLabel: string;
  readonly problem: Error | undefined;
  readonly busy: boolean;
  readonly onSubmit: (content: AssessmentContent) => Promise<unknown>;
}

const answersOf = (initial: AssessmentView | undefined): Readonly<Record<string, Answers>> =>
  Object.fromEntries((initial?.results ?? []).map(({ instrument, answers }) => [instrument, answers]));

export const AssessmentForm = ({ kind, instruments, age, initial, onSubmit, ...rest }: AssessmentFormProps) => {
  const { t } = useTranslation('assessment');
  const { clock } = useMe();
  const staff = useOwnStaff();
  const [form] = Form.useForm();
  const [answers, setAnswers] = useState(() => answersOf(initial));
  const [empty, setEmpty] = useState(false);
  const shown = instruments.filter(({ id }) => kind === 'transferOut' || id !== 'transfer');
  const submit = async (fields: Omit<AssessmentContent, 'results' | 'assessor'> & { assessor?: string }) => {
    const results = shown.flatMap(({ id, version }) => {
      const given = answers[id];
      return given && Object.keys(given).length > 0 ? [{ instrument: id, version, answers: given }] : [];
    });
    setEmpty(results.length === 0);
    if (results.length === 0) return;
    const assessor = fields.assessor ?? staff.find(({ id }) => id === fields.staff)?.name ?? '';
    await onSubmit({ ...fields, assessor, results });
  };
  return (
    <SchemaForm
      schema={staff.length > 0 ? ByStaff : ByName}
      form={form}
      initial={{ on: initial?.on ?? clock.today, risk: initial?.risk ?? undefined, note: initial?.note ?? undefined }}
      onSubmit={submit}
      {...rest}
    >
      <OnDayField name="on" label={t('form.on')} />
      {staff.length > 0 ? (
        <Field name="staff" label={t('form.staff')} help={t('form.staffHelp')}>
          <StaffSelect staff={staff} training />
        </Field>
      ) : (
        <Field name="assessor" label={t('form.assessor')} />
      )}
      {shown.map((instrument, i) => (
        <InstrumentSection
          key={instrument.id}
          instrument={instrument}
          answers={answers[instrument.id] ?? {}}
          age={age}
          open={i === 0}
          onChange={(given) => setAnswers((all) => ({ ...all, [instrument.id]: given }))}
        />
      ))}
      <Field name="risk" label={t('form.risk')}>
        <RiskSelect />
      </Field>
      <Field name="note" label={t('form.note')}>
        <Input.TextArea rows={3} maxLength={1000} />
      </Field>
      {empty && <Alert role="alert" type="error" title={t('form.none')} className="kt-problem" />}
    </SchemaForm>
  );
};
