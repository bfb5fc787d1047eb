// Forms for staff who join, leave, or whose professional background is recorded.
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { Qualification } from '../policy/measure.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useToday } from '../web/me.ts';
import { Discipline, type Staff, staffFields } from './organisation.ts';

const { organisation: _, ...joinFields } = staffFields;
const Joining = z.object({ on: Day, ...joinFields });
const Qualifying = z.object({ on: Day, kind: Qualification, qualification: z.string().max(60).optional() });
const Leaving = z.object({ on: Day, reason: z.string().trim().min(1).max(200) });

const useTodayInitial = () => {
  const today = useToday();
  return today === undefined ? {} : { on: today };
};

const useBackgrounds = () => {
  const { t } = useTranslation('network');
  return Qualification.options.map((value) => ({ value, label: t(`background.${value}`) }));
};

export const StaffJoin = ({ organisation }: { organisation: string }) => {
  const { t } = useTranslation('network');
  const backgrounds = useBackgrounds();
  return (
    <FormButton
      label={t('staff.join')}
      schema={Joining}
      initial={useTodayInitial()}
      call={client.staff.join}
      inputOf={(values) => ({ ...values, organisation })}
    >
      <Field name="name" label={t('staff.name')} />
      <Field name="discipline" label={t('staff.discipline')}>
        <Select options={Discipline.options.map((value) => ({ value, label: t(`discipline.${value}`) }))} />
      </Field>
      <Field name="qualificationKind" label={t('staff.background')} help={t('staff.backgroundHelp')}>
        <Select allowClear options={backgrounds} />
      </Field>
      <Field name="qualification" label={t('staff.qualification')} />
      <OnDayField name="assessorTrainedOn" label={t('staff.assessorTrainedOn')} />
      <OnDayField name="on" label={t('staff.joinOn')} />
    </FormButton>
  );
};

/** BZ-21: what was earned, or was not asked when the person joined. */
export const StaffQualify = ({ staff }: { staff: Staff }) => {
  const { t } = useTranslation('network');
  const backgrounds = useBackgrounds();
  return (
    <FormButton
      size="small"
      label={t('staff.qualify')}
      title={t('staff.qualifyTitle', { name: staff.name })}
      schema={Qualifying}
      initial={{ on: staff.sinceOn, ...(staff.qualificationKind !== null && { kind: staff.qualificationKind }) }}
      call={client.staff.qualify}
      inputOf={(values) => ({ ...values, staff: staff.id })}
    >
      <Field name="kind" label={t('staff.background')} help={t('staff.backgroundHelp')}>
        <Select options={backgrounds} />
      </Field>
      <Field name="qualification" label={t('staff.qualification')} />
      <OnDayField name="on" label={t('staff.qualifyOn')} notBefore={staff.sinceOn} />
    </FormButton>
  );
};

export const StaffLeave = ({ staff }: { staff: Staff }) => {
  const { t } = useTranslation('network');
  return (
    <FormButton
      size="small"
      label={t('staff.leave')}
      title={t('staff.leaveTitle', { name: staff.name })}
      schema={Leaving}
      initial={useTodayInitial()}
      call={client.staff.leave}
      inputOf={(values) => ({ ...values, staff: staff.id })}
    >
      <OnDayField name="on" label={t('staff.leaveOn')} notBefore={staff.sinceOn} />
      <Field name="reason" label={t('staff.reason')}>
        <Input.TextArea rows={2} />
      </Field>
    </FormButton>
  );
};
