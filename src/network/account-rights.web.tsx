// The fields that say what an account may do and see: role, organisation, area. Shared by opening an account and changing one.
import { Form, type FormInstance, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { type AccountRights, AccountRole, type AccountView, needsOrganisation } from './account.ts';
import { useDivisionOptions } from './division-select.web.ts';
import { OrganisationKind } from './organisation.ts';
import { useOrganisationOptions } from './organisation-select.web.ts';

/** Stands for the scope '' in the form, where an empty text means "not given". */
const nation = 'nation';
export const scopeOfField = (scope: string): string => (scope === nation ? '' : scope);

/** What an account has now, as the form's first values. */
export const rightsOf = ({ role, organisation, scope }: AccountView): Partial<AccountRights> => {
  const { data } = AccountRole.safeParse(role);
  return {
    ...(data && { role: data }),
    ...(organisation && { organisation: organisation.id }),
    scope: scope === '' ? nation : scope,
  };
};

interface OrganisationSelectProps {
  readonly form: FormInstance;
  readonly role: AccountRole | undefined;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (id: string | undefined) => void;
}

/** Open organisations of the role's kind (administrators belong to any); a choice proposes its area. */
const OrganisationSelect = ({ form, role, ...input }: OrganisationSelectProps) => {
  const kind = OrganisationKind.safeParse(role).data;
  const { rows, options, select } = useOrganisationOptions({ status: 'open', ...(kind && { kind }) }, input.value);
  return (
    <Select
      {...input}
      {...select}
      allowClear
      options={options}
      onChange={(id?: string) => {
        input.onChange?.(id);
        const division = rows.find((row) => row.id === id)?.division;
        if (division) form.setFieldValue('scope', division);
      }}
    />
  );
};

export const RightsFields = ({ form }: { form: FormInstance }) => {
  const { t } = useTranslation(['network', 'frame']);
  const { scope } = useMe();
  const role: AccountRole | undefined = Form.useWatch('role', form);
  const divisions = useDivisionOptions(scope);
  const scopes = scope === '' ? [{ value: nation, label: t('account.nation') }, ...divisions] : divisions;
  const needed = role !== undefined && needsOrganisation(role);
  return (
    <>
      <Field name="role" label={t('account.role')}>
        <Select
          options={AccountRole.options.map((value) => ({ value, label: t(`frame:roles.${value}`) }))}
          onChange={() => form.setFieldValue('organisation', undefined)}
        />
      </Field>
      <Field
        name="organisation"
        label={t('account.organisation')}
        help={t(needed ? 'account.organisationNeeded' : 'account.organisationOptional')}
      >
        <OrganisationSelect form={form} role={role} />
      </Field>
      <Field name="scope" label={t('account.scope')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={scopes} />
      </Field>
    </>
  );
};
