// Closing a file to all use, opening it again, deleting it for good: buttons of the county's office, and what stands there instead of the file.
import { Alert, App, Checkbox, Radio, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { Asker, type Closure, ClosureBasis, personReleased } from './closure.ts';

const Basis = z.object({ basis: ClosureBasis, asker: Asker });
const Erasing = Basis.extend({ understood: z.literal(true, '请确认已知悉删除后不能恢复') });
const Release = personReleased.body;

const useMayClose = (): boolean => {
  const { role, scope } = useMe();
  return role === 'civilAffairs' && scope.length === 6;
};

const BasisFields = () => {
  const { t } = useTranslation('person');
  return (
    <>
      <Field name="basis" label={t('closure.basis')}>
        <Radio.Group
          vertical
          options={ClosureBasis.options.map((value) => ({ value, label: t(`closure.bases.${value}`) }))}
        />
      </Field>
      <Field name="asker" label={t('closure.asker')}>
        <Radio.Group options={Asker.options.map((value) => ({ value, label: t(`closure.askers.${value}`) }))} />
      </Field>
    </>
  );
};

/** For a file that nobody works on any more. */
export const WithholdButton = ({ person }: { person: string }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const mayClose = useMayClose();
  if (!mayClose) return null;
  return (
    <FormButton
      label={t('closure.withhold')}
      hint={t('closure.withholdHint')}
      schema={Basis}
      call={client.closure.withhold}
      inputOf={(values) => ({ person, ...values })}
      onDone={() => void message.success(t('closure.withheld'))}
    >
      <BasisFields />
    </FormButton>
  );
};

/** In place of a file that is closed. */
export const Closed = ({ person, closure }: { person: string; closure: Closure }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const mayClose = useMayClose();
  return (
    <>
      <Alert type="warning" showIcon title={t(`closure.is.${closure}`)} />
      {closure === 'withheld' && mayClose && (
        <Space wrap className="kt-section kt-no-print">
          <FormButton
            label={t('closure.release')}
            hint={t('closure.releaseHint')}
            schema={Release}
            call={client.closure.release}
            inputOf={(values) => ({ person, ...values })}
            onDone={() => void message.success(t('closure.released'))}
          >
            <Field name="basis" label={t('closure.basis')}>
              <Radio.Group
                vertical
                options={Release.shape.basis.options.map((value) => ({
                  value,
                  label: t(`closure.releaseBases.${value}`),
                }))}
              />
            </Field>
          </FormButton>
          <FormButton
            danger
            label={t('closure.erase')}
            hint={t('closure.eraseHint')}
            schema={Erasing}
            call={client.closure.erase}
            inputOf={(values) => ({ person, ...values })}
            onDone={() => void message.success(t('closure.erased'))}
          >
            <BasisFields />
            <Field name="understood" label={t('closure.confirm')} valueName="checked">
              <Checkbox>{t('closure.understood')}</Checkbox>
            </Field>
          </FormButton>
        </Space>
      )}
    </>
  );
};
