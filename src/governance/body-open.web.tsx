// Setting up a body; with `?person=`, a care team for one client.
import { useNavigate } from '@tanstack/react-router';
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, Day } from '../kernel/contract.ts';
import { useDivisionOptions } from '../network/division-select.web.ts';
import { BodyKind } from '../policy/duty.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { bodyApi } from './body.api.ts';

const Query = z.object({ person: z.uuid().optional(), division: Area.optional() });
const { id: _, person: __, ...shape } = (bodyApi.open['~orpc'].inputSchema as z.ZodObject).shape;
const Fields = z.object({ ...shape, on: Day, kind: BodyKind, division: Area });

/** Kinds that a person may have, and kinds of a place. */
const kindsFor = (person: string | undefined): BodyKind[] =>
  BodyKind.options.filter((kind) =>
    person === undefined ? kind !== 'careTeam' : kind === 'careTeam' || kind === 'villageCare',
  );

const BodyOpenPage = () => {
  const { t } = useTranslation('governance');
  const { scope, clock } = useMe();
  const [{ person, division }] = useSearchState<z.output<typeof Query>>(Query);
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const kind = Form.useWatch('kind', form);
  const open = useOperation(client.body.open, {
    form,
    onDone: ({ body }) => void navigate({ to: `/bodies/${body}` }),
  });
  const kinds = kindsFor(person);
  const initial = {
    on: clock.today,
    kind: person === undefined ? ('leadingGroup' as const) : ('careTeam' as const),
    division: division ?? scope,
  };
  return (
    <>
      <PageHead intro={t(person === undefined ? 'body.openIntro' : 'body.openFor')} />
      <SchemaForm
        schema={Fields}
        form={form}
        initial={initial}
        onSubmit={(fields) => open.run({ ...fields, ...(person !== undefined && { person }) })}
        problem={open.problem}
        busy={open.busy}
        submitLabel={t('body.open')}
      >
        <Field name="kind" label={t('body.kind')}>
          <Select options={kinds.map((value) => ({ value, label: t(`bodyKind.${value}`) }))} />
        </Field>
        <Field name="division" label={t('body.area')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={useDivisionOptions(scope)} />
        </Field>
        {kind === 'villageCare' && <Field name="village" label={t('body.village')} />}
        {kind !== 'careTeam' && <Field name="name" label={t('body.name')} />}
        {person === undefined && <Field name="office" label={t('body.office')} />}
        <OnDayField name="on" label={t('body.on')} />
      </SchemaForm>
    </>
  );
};
export default BodyOpenPage;
