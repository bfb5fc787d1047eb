// The fields of an application that the counter and the public page share.
import { Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../web/form.tsx';
import { ApplicationRoute } from './application.ts';

const useWillingness = () => {
  const { t } = useTranslation('referral');
  return [
    { value: true, label: t('yes') },
    { value: false, label: t('no') },
  ];
};

/** Who applies, by which route, what is needed, and who is willing. */
export const ApplicationFields = ({ phoneHelp }: { phoneHelp?: string }) => {
  const { t } = useTranslation('referral');
  const willingness = useWillingness();
  return (
    <>
      <Field name="route" label={t('applications.route')}>
        <Select options={ApplicationRoute.options.map((value) => ({ value, label: t(`route.${value}`) }))} />
      </Field>
      <Field name="applicant" label={t('application.applicant')} />
      <Field name="relation" label={t('application.relation')} />
      <Field name="phone" label={t('person.phone')} help={phoneHelp}>
        <Input inputMode="tel" autoComplete="tel" />
      </Field>
      <Field name="needs" label={t('application.needs')}>
        <Input.TextArea rows={3} maxLength={500} />
      </Field>
      <Field name="clientWilling" label={t('application.clientWilling')}>
        <Radio.Group options={willingness} />
      </Field>
      <Field name="guardianWilling" label={t('application.guardianWilling')}>
        <Radio.Group options={willingness} />
      </Field>
    </>
  );
};
