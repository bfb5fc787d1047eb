// The fields that consent and agreement share: who signed, when, how long it is valid; and boxes to tick.
import { Checkbox, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, OnDayField } from '../web/form.tsx';
import { SignedBy } from './agreement.ts';

interface ChecksProps {
  readonly options: readonly { value: string; label: string }[];
  readonly id?: string;
  readonly value?: string[];
  readonly onChange?: (value: string[]) => void;
}

/** Boxes to tick. A group may not be `aria-required`, which a form would make it; its label says so. */
export const Checks = ({ options, id, value, onChange }: ChecksProps) => (
  <Checkbox.Group
    className="kt-checks"
    options={[...options]}
    {...(id !== undefined && { id })}
    {...(value !== undefined && { value })}
    {...(onChange !== undefined && { onChange })}
  />
);

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
