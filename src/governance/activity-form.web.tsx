// The form of an activity or a training event: what, where, whom it reached, and the staff whose hours it counts for.
import './governance.css';
import { Form, type FormInstance, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, Day } from '../kernel/contract.ts';
import { useDivisionOptions } from '../network/division-select.web.ts';
import { useOrganisationOptions } from '../network/organisation-select.web.ts';
import { ActivityKind } from '../policy/duty.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { type ActivityView, activityFields, trainingKinds } from './activity.ts';
import { useStaffOptions } from './roster.web.tsx';

const { staff, ...plainFields } = activityFields;
/** Who came is one choice of many; what differs for single ones, a line each. */
export const ActivityForm = z.object({
  ...plainFields,
  on: Day,
  division: Area,
  attending: z.array(z.uuid()).max(300).default([]),
  lines: staff.optional(),
});
export type ActivityForm = z.infer<typeof ActivityForm>;

export const toInput = ({ attending, lines = [], ...fields }: ActivityForm) => ({
  ...fields,
  staff: attending.map((id) => lines.find((line) => line.staff === id) ?? { staff: id }),
});

const given = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

export const toForm = (activity: ActivityView): Partial<ActivityForm> => {
  const { kind, division, title, hours, organisation, place, reached, families, leaflets, note } = activity;
  return {
    ...{ on: activity.heldOn, kind, division, title, hours },
    ...given({ organisation, place, reached, families, leaflets, note }),
    attending: activity.attending.map((one) => one.staff),
    lines: activity.attending.map((one) => ({
      staff: one.staff,
      ...(one.hours !== hours && { hours: one.hours }),
      ...(one.credits !== null && { credits: one.credits }),
    })),
  };
};

const Attending = ({ form, known }: { form: FormInstance; known: readonly { value: string; label: string }[] }) => {
  const { t } = useTranslation('governance');
  const { options } = useStaffOptions();
  const all = [...options, ...known.filter(({ value }) => !options.some((one) => one.value === value))];
  const chosen: readonly string[] = Form.useWatch('attending', { form, preserve: true }) ?? [];
  const initial: NonNullable<ActivityForm['lines']> = form.getFieldValue('lines') ?? [];
  const lines: NonNullable<ActivityForm['lines']> = Form.useWatch('lines', { form, preserve: true }) ?? [];
  // Closed for most: a training of thirty would else be thirty times two empty fields.
  const [differs] = useState(() => initial.some(({ hours, credits }) => hours !== undefined || credits !== undefined));
  const nameOf = (id: string) => all.find(({ value }) => value === id)?.label ?? id;
  // A line for each who was chosen, in their order, so that a line's place is its person's.
  const follow = (ids: string[]) =>
    form.setFieldsValue({
      attending: ids,
      lines: ids.map(
        (id) => (form.getFieldValue('lines') ?? []).find((one: { staff: string }) => one.staff === id) ?? { staff: id },
      ),
    });
  return (
    <>
      <Field name="attending" label={t('activity.staff')} help={t('activity.staffMany')}>
        <Select mode="multiple" options={all} showSearch={{ optionFilterProp: 'label' }} onChange={follow} />
      </Field>
      {chosen.length > 0 && (
        <details className="kt-each" open={differs}>
          <summary>{t('activity.each')}</summary>
          {lines.map(({ staff: id }, line) => (
            <fieldset key={id}>
              <legend>{nameOf(id)}</legend>
              {/* Only what is a field is sent. */}
              <Form.Item name={['lines', line, 'staff']} hidden>
                <Input />
              </Form.Item>
              <Field name={['lines', line, 'hours']} label={t('activity.staffHours')}>
                <InputNumber min={0.5} max={100} step={0.5} />
              </Field>
              <Field name={['lines', line, 'credits']} label={t('activity.staffCredits')}>
                <InputNumber min={0} max={100} step={0.5} />
              </Field>
            </fieldset>
          ))}
        </details>
      )}
    </>
  );
};

const Organisation = ({
  division,
  ...props
}: {
  division: string;
  id?: string;
  value?: string;
  onChange?: (id: string | undefined) => void;
}) => {
  const { options, select } = useOrganisationOptions({ area: division, status: 'open' }, props.value);
  return <Select {...props} {...select} allowClear options={options} />;
};

interface ActivityFieldsProps {
  readonly form: FormInstance;
  /** Staff named before, who may have left since. */
  readonly known?: readonly { readonly value: string; readonly label: string }[];
}

export const ActivityFields = ({ form, known = [] }: ActivityFieldsProps) => {
  const { t } = useTranslation('governance');
  const { scope, role } = useMe();
  const kind: ActivityKind | undefined = Form.useWatch('kind', form);
  const serves = ['hospital', 'centre', 'site'].includes(role);
  return (
    <>
      <Field name="kind" label={t('activity.kind')}>
        <Select options={ActivityKind.options.map((value) => ({ value, label: t(`activityKind.${value}`) }))} />
      </Field>
      <Field name="title" label={t('activity.name')} help={t('activity.nameHelp')} />
      <OnDayField name="on" label={t('activity.on')} />
      <Field
        name="hours"
        label={t('activity.hours')}
        {...(kind && trainingKinds.includes(kind) && { help: t('activity.hoursHelp') })}
      >
        <InputNumber min={0.5} max={100} step={0.5} />
      </Field>
      <Field name="division" label={t('activity.area')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={useDivisionOptions(scope)} />
      </Field>
      {!serves && (
        <Field name="organisation" label={t('activity.organisation')} help={t('activity.organisationHelp')}>
          <Organisation division={scope} />
        </Field>
      )}
      <Field name="place" label={t('activity.place')} />
      {(['reached', 'families', 'leaflets'] as const).map((name) => (
        <Field key={name} name={name} label={t(`activity.${name}`)}>
          <InputNumber min={0} precision={0} />
        </Field>
      ))}
      {role !== 'village' && <Attending form={form} known={known} />}
      <Field name="note" label={t('activity.note')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} maxLength={1000} />
      </Field>
    </>
  );
};
