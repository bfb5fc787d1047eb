// A new record by hand: the ID number fills in the rest, and somebody alike is asked about before a second record is made.
import './person.css';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { client } from '../web/client.ts';
import { DayInput, Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { withoutBlanks } from '../web/form-schema.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { RefusedRequest } from '../web/problem.ts';
import { useTownOptions } from './fact-words.web.tsx';
import { NewPersonInput } from './people.ts';
import { Guardian } from './person.ts';

const Identity = () => {
  const { t } = useTranslation('person');
  const towns = useTownOptions();
  const { clock } = useMe();
  return (
    <>
      <Field name={['identity', 'name']} label={t('new.name')} />
      <Field name={['identity', 'idNumber']} label={t('new.idNumber')} help={t('new.idHelp')} />
      <Field name={['identity', 'sex']} label={t('new.sex')}>
        <Radio.Group
          optionType="button"
          options={(['male', 'female', 'unknown'] as const).map((value) => ({ value, label: t(`sex.${value}`) }))}
        />
      </Field>
      <Field name={['identity', 'birthDate']} label={t('new.birthDate')}>
        <DayInput notAfter={clock.today} />
      </Field>
      <Field name={['identity', 'certificateNumber']} label={t('new.certificateNumber')} />
      <Field name={['identity', 'town']} label={t('new.town')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={towns} />
      </Field>
      <Field name={['identity', 'village']} label={t('new.village')} />
      <Field name={['identity', 'address']} label={t('new.address')} />
      <Field name={['identity', 'phone']} label={t('new.phone')}>
        <Input inputMode="tel" />
      </Field>
      <Field name={['identity', 'guardian', 'name']} label={t('new.guardian')} />
      <Field name={['identity', 'guardian', 'relation']} label={t('new.relation')} />
      <Field name={['identity', 'guardian', 'phone']} label={t('new.guardianPhone')}>
        <Input inputMode="tel" />
      </Field>
    </>
  );
};

/** As the operation's input, but that the guardian's fields may all stay empty. */
const NewPersonForm = NewPersonInput.omit({ alikeConfirmed: true }).extend({
  identity: NewPersonInput.shape.identity.extend({ guardian: Guardian.partial().optional() }),
});
type NewPersonForm = z.infer<typeof NewPersonForm>;

const toInput = ({ identity: { guardian, ...identity }, ...rest }: NewPersonForm): NewPersonInput => ({
  ...rest,
  identity: { ...identity, ...(guardian?.name !== undefined && { guardian: { ...guardian, name: guardian.name } }) },
});

const NewPersonPage = () => {
  const { t } = useTranslation('person');
  const navigate = useNavigate();
  const { clock } = useMe();
  const [form] = Form.useForm();
  const list = useOperation(client.person.list, {
    form,
    onDone: ({ person }) => void navigate({ to: `/persons/${person}/screening` }),
  });
  const known = list.problem instanceof RefusedRequest ? list.problem : undefined;
  const other = known?.fields.person;
  const confirm = async () => {
    const values = NewPersonForm.safeParse(withoutBlanks(form.getFieldsValue(true)));
    if (values.success) await list.run({ ...toInput(values.data), alikeConfirmed: true });
  };
  return (
    <>
      <PageHead intro={t('new.intro')} />
      <SchemaForm
        schema={NewPersonForm}
        form={form}
        initial={{ on: clock.today, identity: { sex: 'unknown' } as NewPersonForm['identity'] }}
        onSubmit={(values) => list.run(toInput(values))}
        problem={other === undefined ? list.problem : undefined}
        busy={list.busy}
        submitLabel={t('new.submit')}
      >
        <OnDayField name="on" label={t('new.on')} />
        <Identity />
        {known && other !== undefined && (
          <Alert
            role="alert"
            type="warning"
            showIcon
            className="kt-problem"
            title={known.message}
            description={<PageLink path={`/persons/${other}`}>{t('new.see')}</PageLink>}
            action={
              known.code === 'alike' && (
                <Button loading={list.busy} onClick={() => void confirm()}>
                  {t('new.alike')}
                </Button>
              )
            }
          />
        )}
      </SchemaForm>
    </>
  );
};
export default NewPersonPage;
