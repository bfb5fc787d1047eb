// Recording the opinion of a team of several disciplines (BZ-11).
import './assessment.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, type FormInstance, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Domain } from '../care/session.ts';
import { Day } from '../kernel/contract.ts';
import { Discipline } from '../network/organisation.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { TeamMember } from './assessment.ts';
import { StaffSelect, useOwnStaff } from './assessment-form.web.tsx';

const Path = z.object({ person: z.uuid() });
const Fields = z.object({
  on: Day,
  members: z.array(TeamMember).min(1),
  opinion: z.string().trim().min(1).max(1000),
  suitable: z.boolean(),
  domains: z.array(Domain).optional(),
});
/** The form opens with one line for each discipline that a team usually needs; the place's standard decides. */
const usual: readonly Discipline[] = ['psychiatrist', 'nurse', 'therapist', 'socialWorker'];

/** `Field` names its place from the form's root, which `Form.List` would repeat; so the lines are the form's own array. */
const Members = ({ form }: { form: FormInstance }) => {
  const { t } = useTranslation('assessment');
  const staff = useOwnStaff();
  const members: readonly Partial<TeamMember>[] = Form.useWatch('members', { form, preserve: true }) ?? [];
  const set = (next: readonly Partial<TeamMember>[]) => form.setFieldValue('members', next);
  const fill = (line: number, id: string | undefined) => {
    const known = staff.find((one) => one.id === id);
    const filled = known && { staff: known.id, name: known.name, discipline: known.discipline };
    if (filled) set(members.map((member, other) => (other === line ? filled : member)));
  };
  return (
    <fieldset className="kt-item">
      <legend>{t('team.members')}</legend>
      <div className="kt-members">
        {members.map((_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; what it holds is the form's
          <div key={line} className="kt-member">
            <Field name={['members', line, 'discipline']} label={t('team.discipline')}>
              <Select options={Discipline.options.map((value) => ({ value, label: t(`discipline.${value}`) }))} />
            </Field>
            <Field name={['members', line, 'name']} label={t('team.name')} />
            {staff.length > 0 && (
              <Field name={['members', line, 'staff']} label={t('team.staff')}>
                <StaffSelect staff={staff} onPick={(id) => fill(line, id)} />
              </Field>
            )}
            {members.length > 1 && (
              <Form.Item label=" " colon={false}>
                <Button onClick={() => set(members.filter((__, other) => other !== line))}>{t('team.remove')}</Button>
              </Form.Item>
            )}
          </div>
        ))}
        <Form.Item>
          <Button onClick={() => set([...members, {}])}>{t('team.add')}</Button>
        </Form.Item>
      </div>
    </fieldset>
  );
};

const TeamPage = () => {
  const { t } = useTranslation(['assessment', 'care']);
  const { person } = usePathParams(Path);
  const { clock } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data } = useSuspenseQuery(api.assessment.list.queryOptions({ input: { person } }));
  const assess = useOperation(client.team.assess, {
    form,
    onDone: () => void navigate({ to: `/persons/${person}/assessments` }),
  });
  return (
    <>
      <PageHead
        title={`${t('team.title')} · ${data.name}`}
        intro={
          <>
            {t('team.intro')}{' '}
            {data.teamRule && (
              <>
                {t('team.asked', { disciplines: data.teamRule.disciplines.join('、') })}{' '}
                <ClauseChips ids={data.teamRule.clause} /> <Lapsed endedOn={data.teamRule.endedOn ?? undefined} />
              </>
            )}
          </>
        }
      />
      <SchemaForm
        schema={Fields}
        form={form}
        initial={{ on: clock.today, members: usual.map((discipline) => ({ discipline, name: '' })) }}
        onSubmit={({ domains = [], ...fields }) => assess.run({ person, domains, ...fields })}
        problem={assess.problem}
        busy={assess.busy}
        submitLabel={t('team.save')}
      >
        <OnDayField name="on" label={t('team.on')} />
        <Members form={form} />
        <Field name="suitable" label={t('team.suitable')}>
          <Radio.Group
            options={[
              { value: true, label: t('history.suitable') },
              { value: false, label: t('history.unsuitable') },
            ]}
          />
        </Field>
        <Field name="domains" label={t('team.domains')}>
          <Select
            mode="multiple"
            options={Domain.options.map((value) => ({ value, label: t(`care:domain.${value}`) }))}
          />
        </Field>
        <Field name="opinion" label={t('team.opinion')}>
          <Input.TextArea rows={4} maxLength={1000} />
        </Field>
      </SchemaForm>
    </>
  );
};
export default TeamPage;
