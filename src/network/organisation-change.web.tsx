// Changing what an organisation is called, where it is reached, and what it does.
import { Checkbox, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { ProviderFunction } from '../policy/standard.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useToday } from '../web/me.ts';
import { changeableFields, type Organisation } from './organisation.ts';

const Changing = z.object({ ...changeableFields, functions: changeableFields.functions.default([]), on: Day });

export const OrganisationChange = ({ organisation }: { organisation: Organisation }) => {
  const { t } = useTranslation('network');
  const today = useToday();
  const { name, phone, address, functions, capacity, openedOn, changedOn } = organisation;
  const initial = {
    ...{ name, functions },
    ...(phone !== null && { phone }),
    ...(address !== null && { address }),
    ...(capacity !== null && { capacity }),
    ...(today !== undefined && { on: today }),
  };
  return (
    <FormButton
      label={t('organisation.change')}
      hint={t('organisation.changeHint')}
      submitLabel={t('organisation.changeSave')}
      schema={Changing}
      initial={initial}
      call={client.organisation.change}
      inputOf={(values) => ({ ...values, organisation: organisation.id })}
    >
      <Field name="name" label={t('organisations.name')} />
      <Field name="phone" label={t('organisation.phone')} />
      <Field name="address" label={t('organisation.address')} />
      <Field name="capacity" label={t('organisation.capacity')}>
        <InputNumber min={0} precision={0} />
      </Field>
      <Field name="functions" label={t('organisation.functions')}>
        <Checkbox.Group options={ProviderFunction.options.map((value) => ({ value, label: t(`function.${value}`) }))} />
      </Field>
      <OnDayField name="on" label={t('organisation.changeOn')} notBefore={changedOn ?? openedOn} />
    </FormButton>
  );
};
