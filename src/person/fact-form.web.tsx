// Filling in one fact where it is missed: its value and the day since when it holds.
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import type { FactKey } from '../policy/facts.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { factValueOf } from './fact.ts';
import { FactValueInput } from './fact-words.web.tsx';

/** After saving, whatever asked for the fact reads anew. */
export const FactForm = ({ person, kind }: { person: string; kind: FactKey }) => {
  const { t } = useTranslation('person');
  const { clock } = useMe();
  const [form] = Form.useForm();
  const record = useOperation(client.fact.record, { form });
  const schema = z.object({ value: factValueOf(kind), since: Day });
  const name = t(`fact.kind.${kind}`);
  return (
    <SchemaForm
      schema={schema}
      form={form}
      initial={{ since: clock.today }}
      onSubmit={({ value, since }) =>
        record.run({ person, on: clock.today, facts: [{ kind, on: since, value: value as never }] })
      }
      problem={record.problem}
      busy={record.busy}
      submitLabel={t('screening.save')}
    >
      <Field name="value" label={name}>
        <FactValueInput kind={kind} />
      </Field>
      <OnDayField name="since" label={t('screening.factOn')} />
    </SchemaForm>
  );
};
