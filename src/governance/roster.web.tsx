// The roster of a body, with forms for who joins and leaves.
import './governance.css';
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, type FormInstance, Input, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { api, type client as Client, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { type Member, MemberDuty, memberFields } from './body.ts';

export type BodyData = Awaited<ReturnType<typeof Client.body.get>>;

const Joining = z.object({ on: Day, ...memberFields });
const Leaving = z.object({ on: Day, reason: z.string().trim().max(200).optional() });

/** Staff of the area to choose from; nothing for who keeps no staff. */
export const useStaffOptions = () => {
  const { role } = useMe();
  const { data } = useQuery({
    ...api.staff.list.queryOptions({ input: { status: 'employed', pageSize: 200 } }),
    enabled: role !== 'village',
  });
  const rows = data?.rows ?? [];
  return {
    rows,
    options: rows.map(({ id, name, organisationName }) => ({ value: id, label: `${name}（${organisationName}）` })),
  };
};

const JoinFields = ({ form, body }: { form: FormInstance; body: BodyData }) => {
  const { t } = useTranslation('governance');
  const { rows, options } = useStaffOptions();
  const staff = Form.useWatch('staff', form);
  const family = Form.useWatch('family', form);
  const choose = (id: string | undefined) => {
    const found = rows.find((row) => row.id === id);
    form.setFieldsValue({ staff: id, ...(found && { name: found.name, unit: found.organisationName }) });
  };
  return (
    <>
      {options.length > 0 && !family && (
        <Field name="staff" label={t('member.staff')} help={t('member.staffHelp')}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options} onChange={choose} />
        </Field>
      )}
      <Field name="name" label={t('member.name')}>
        <Input disabled={Boolean(staff)} maxLength={40} />
      </Field>
      {body.person !== null && !staff && (
        <Form.Item name="family" valuePropName="checked" extra={t('member.familyHelp')}>
          <Checkbox>{t('member.family')}</Checkbox>
        </Form.Item>
      )}
      {!family && <Field name="unit" label={t('member.unit')} />}
      <Field name="duty" label={t('member.duty')}>
        <Select options={MemberDuty.options.map((value) => ({ value, label: t(`duty.${value}`) }))} />
      </Field>
      {body.required.length > 0 && (
        <Field name="item" label={t('member.item')}>
          <Select
            allowClear
            placeholder={t('member.itemNone')}
            options={body.required.map(({ id, text, clause }) => ({
              value: id,
              label: `${text}（${clause.join('、')}）`,
            }))}
          />
        </Field>
      )}
      {!family && (
        <Field name="phone" label={t('member.phone')}>
          <Input maxLength={20} inputMode="tel" />
        </Field>
      )}
      <OnDayField name="on" label={t('member.on')} notBefore={body.openedOn} />
    </>
  );
};

export const MemberJoin = ({ body }: { body: BodyData }) => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  return (
    <FormButton
      label={t('member.join')}
      schema={Joining}
      initial={{ on: clock.today, duty: 'member', family: false }}
      call={client.member.join}
      inputOf={(values) => ({ ...values, body: body.id })}
    >
      {(form) => <JoinFields form={form} body={body} />}
    </FormButton>
  );
};

const MemberLeave = ({ body, member }: { body: string; member: Member }) => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  return (
    <FormButton
      size="small"
      label={t('member.leave')}
      title={t('member.leaveTitle', { name: member.name })}
      schema={Leaving}
      initial={{ on: clock.today }}
      call={client.member.leave}
      inputOf={(values) => ({ ...values, body, member: member.id })}
    >
      <OnDayField name="on" label={t('member.leaveOn')} notBefore={member.fromOn} />
      <Field name="reason" label={t('reason')} />
    </FormButton>
  );
};

export const Roster = ({ body }: { body: BodyData }) => {
  const { t } = useTranslation('governance');
  if (body.roster.length === 0) return <p className="kt-quiet">{t('body.rosterNone')}</p>;
  return (
    <ul className="kt-roster">
      {body.roster.map((member) => (
        <li key={member.id}>
          <strong>{member.name}</strong>
          <Tag>{t(`duty.${member.duty}`)}</Tag>
          {member.family && <Tag>{t('member.family')}</Tag>}
          <span>{member.unit}</span>
          {member.itemText !== null && member.itemText !== member.unit && (
            <span className="kt-quiet">{member.itemText}</span>
          )}
          {member.phone !== null && <a href={`tel:${member.phone}`}>{member.phone}</a>}
          <span className="kt-quiet">{t('member.from', { on: member.fromOn })}</span>
          {body.mayKeep && (
            <span className="kt-act">
              <MemberLeave body={body.id} member={member} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
};
