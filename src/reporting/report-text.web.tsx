// The text of a report: the sections that its office writes; figures cannot be typed.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { type Report, type ReportText, sectionsOf, textOf } from './report.ts';

const section = z.string().trim().max(4000).optional();
/** A draft may be saved with sections still empty; filing asks for those that are required. */
const schemaOf = (keys: readonly (keyof ReportText)[]) =>
  z.object(Object.fromEntries(keys.map((key) => [key, section])) as Record<keyof ReportText, typeof section>);
type Texts = z.infer<ReturnType<typeof schemaOf>>;

export const ReportTextForm = ({ report }: { report: Report }) => {
  const { t } = useTranslation('reporting');
  const [form] = Form.useForm<Texts>();
  const edit = useOperation(client.report.edit, { form });
  const sections = sectionsOf(report.period);
  const save = (texts: Texts) => edit.run({ report: report.id, text: textOf(report.period, texts) });
  return (
    <>
      <h2 className="kt-section">{t('report.text')}</h2>
      <SchemaForm
        schema={schemaOf(sections.map(({ key }) => key))}
        form={form}
        initial={report.text}
        onSubmit={save}
        problem={edit.problem}
        busy={edit.busy}
        submitLabel={t('report.saveText')}
      >
        {sections.map(({ key, name }) => (
          <Field key={key} name={key} label={name} help={t(`report.help.${key}`)}>
            <Input.TextArea autoSize={{ minRows: 4, maxRows: 16 }} maxLength={4000} showCount />
          </Field>
        ))}
      </SchemaForm>
    </>
  );
};
