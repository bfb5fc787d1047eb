// Correcting a session: the same fields as when it was recorded, and the roll-call by name.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { RefusedRequest } from '../web/problem.ts';
import { usePathParams } from '../web/search-state.ts';
import { rehabilitation, ServiceSelect, servicesOf } from './service-select.web.tsx';
import type { Roster, SessionView } from './session.api.ts';
import { Domain, OtherService, SessionInput, SessionKind } from './session.ts';

const Path = z.object({ session: z.uuid() });
const Fields = SessionInput.omit({ organisation: true }).extend({
  // The server says what is standardized where the place's document does.
  standardized: z.boolean().optional(),
  service: z.union([OtherService, z.literal(rehabilitation)]).optional(),
});

const initialOf = (view: SessionView) => ({
  on: view.on,
  kind: view.kind,
  domain: view.domain,
  standardized: view.standardized,
  ...(view.service !== undefined && { service: view.service }),
  startAt: view.startAt,
  minutes: view.minutes,
  leader: view.leader,
  ...(view.title !== undefined && { title: view.title }),
  ...(view.note !== undefined && { note: view.note }),
  persons: view.persons.map(({ id }) => id),
  absent: view.absent.map(({ id }) => id),
});

/** Who may be named: whoever the site serves now, and whoever was named before. */
const namesOf = (view: SessionView, roster: Roster) => {
  const names = new Map([...roster.persons, ...view.persons, ...view.absent].map(({ id, name }) => [id, name]));
  return [...names].map(([value, label]) => ({ value, label }));
};

interface SessionFieldsProps {
  readonly names: { value: string; label: string }[];
  readonly services: readonly OtherService[];
}

const SessionFields = ({ names, services }: SessionFieldsProps) => {
  const { t } = useTranslation(['session', 'care']);
  const persons = <Select mode="multiple" options={names} showSearch={{ optionFilterProp: 'label' }} />;
  return (
    <>
      <OnDayField name="on" label={t('field.on')} />
      <Field name="startAt" label={t('field.startAt')}>
        <Input type="time" />
      </Field>
      <Field name="minutes" label={t('field.minutes')}>
        <InputNumber min={5} max={480} step={15} />
      </Field>
      <Field name="kind" label={t('field.kind')}>
        <Select options={SessionKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Field>
      <Field name="domain" label={t('field.domain')}>
        <Select options={Domain.options.map((value) => ({ value, label: t(`care:domain.${value}`) }))} />
      </Field>
      {services.length > 0 ? (
        <Field name="service" label={t('field.standardized')}>
          <ServiceSelect services={services} />
        </Field>
      ) : (
        <Field name="standardized" label={t('field.standardized')} help={t('field.standardizedHelp')}>
          <Select
            options={[
              { value: true, label: t('standardized.true') },
              { value: false, label: t('standardized.false') },
            ]}
          />
        </Field>
      )}
      <Field name="leader" label={t('field.leader')} />
      <Field name="title" label={t('field.title')} />
      <Field name="persons" label={t('field.persons')}>
        {persons}
      </Field>
      <Field name="absent" label={t('field.absent')}>
        {persons}
      </Field>
      <Field name="note" label={t('field.note')}>
        <Input.TextArea maxLength={500} />
      </Field>
    </>
  );
};

const SessionCorrectPage = () => {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  const { session } = usePathParams(Path);
  const [form] = Form.useForm();
  const { data: view } = useSuspenseQuery(api.session.get.queryOptions({ input: { session } }));
  const organisation = view.organisation.id;
  const { data: roster } = useSuspenseQuery(api.session.roster.queryOptions({ input: { organisation, on: view.on } }));
  const correct = useOperation(client.session.correct, {
    form,
    onDone: () => void navigate({ to: `/sessions/${session}` }),
  });
  const clash = correct.problem instanceof RefusedRequest && correct.problem.code === 'overlap';
  return (
    <>
      <PageHead intro={view.organisation.name} />
      <SchemaForm
        schema={Fields}
        form={form}
        initial={initialOf(view)}
        onSubmit={({ service, standardized = true, ...values }) =>
          correct.run({
            ...values,
            standardized,
            ...(service !== rehabilitation && { service }),
            session,
            organisation,
          })
        }
        problem={correct.problem}
        busy={correct.busy}
        submitLabel={t('correct.save')}
        actions={<ButtonLink path={`/sessions/${session}`}>{t('record.see')}</ButtonLink>}
      >
        <SessionFields names={namesOf(view, roster)} services={servicesOf(roster)} />
        {clash && (
          <Form.Item name="overlapConfirmed" valuePropName="checked">
            <Checkbox>{t('field.overlap')}</Checkbox>
          </Form.Item>
        )}
      </SchemaForm>
    </>
  );
};
export default SessionCorrectPage;
