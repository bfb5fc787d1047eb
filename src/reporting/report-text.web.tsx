// The text of a report: three sections that the county writes; figures cannot be typed.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { type Report, reportSections, sectionNames } from './report.ts';

const section = z.string().trim().max(4000).optional();
/** A draft may be saved with sections still empty; filing asks for all of them. */
const Texts = z.object({ goals: section, tasks: section, safeguards: section });
type Texts = z.infer<typeof Texts>;

export const ReportTextForm = ({ report }: { report: Report }) => {
  const { t } = useTranslation('reporting');
  const [form] = Form.useForm<Texts>();
  const edit = useOperation(client.report.edit, { form });
  const save = ({ goals = '', tasks = '', safeguards = '' }: Texts) =>
    edit.run({ report: report.id, text: { goals, tasks, safeguards } });
  return (
    <>
      <h2 className="kt-section">{t('report.text')}</h2>
      <SchemaForm
        schema={Texts}
        form={form}
        initial={report.text}
        onSubmit={save}
        problem={edit.problem}
        busy={edit.busy}
        submitLabel={t('report.saveText')}
      >
        {reportSections.map((name) => (
          <Field key={name} name={name} label={sectionNames[name]} help={t(`report.help.${name}`)}>
            <Input.TextArea autoSize={{ minRows: 4, maxRows: 16 }} maxLength={4000} showCount />
          </Field>
        ))}
      </SchemaForm>
    </>
  );
};
