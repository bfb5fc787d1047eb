// Who signed, when, and how long it is valid: the fields that consent and agreement share.
import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, OnDayField } from '../web/form.tsx';
import { SignedBy } from './agreement.ts';

export const SignerFields = ({ notBefore }: { notBefore: string | null }) => {
  const { t } = useTranslation('care');
  const start = notBefore === null ? {} : { notBefore };
  return (
    <>
      <OnDayField name="on" label={t('signer.on')} {...start} />
      <Field name="signedBy" label={t('signer.signedBy')}>
        <Radio.Group options={SignedBy.options.map((value) => ({ value, label: t(`papers.signedBy.${value}`) }))} />
      </Field>
      <Field name="signer" label={t('signer.signer')} help={t('signer.signerHelp')} />
      <OnDayField name="fromOn" label={t('signer.fromOn')} until="any" {...start} />
      <OnDayField name="untilOn" label={t('signer.untilOn')} help={t('signer.untilHelp')} until="any" {...start} />
    </>
  );
};
