// The form of a meeting: agenda, who came, what was decided, and who does what by when.
import '../care/papers.css';
import './governance.css';
import { Button, Form, type FormInstance, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { Boxes } from '../web/boxes.tsx';
import { Field, OnDayField } from '../web/form.tsx';
import { type MeetingView, meetingFields } from './meeting.ts';

/** Guests are lines of text on the screen. */
export const MeetingForm = z.object({ on: Day, ...meetingFields, guests: z.string().max(2000).optional() });
export type MeetingForm = z.infer<typeof MeetingForm>;

export const toInput = ({ guests, ...fields }: MeetingForm) => ({
  ...fields,
  guests: (guests ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
});

export const toForm = (meeting: MeetingView): Partial<MeetingForm> => ({
  on: meeting.heldOn,
  agenda: meeting.agenda,
  present: meeting.present.map(({ id }) => id),
  guests: meeting.guests.join('\n'),
  tasks: meeting.tasks.map(({ id, text, responsible, dueOn }) => ({ id, text, responsible, dueOn })),
  ...(meeting.place !== null && { place: meeting.place }),
  ...(meeting.decisions !== null && { decisions: meeting.decisions }),
});

/** `Field` names its place from the form's root, so the lines are the form's own array; each line keeps its id. */
const Tasks = ({ form }: { form: FormInstance }) => {
  const { t } = useTranslation('governance');
  const tasks: readonly { id: string }[] = Form.useWatch('tasks', { form, preserve: true }) ?? [];
  const set = (next: readonly object[]) => form.setFieldValue('tasks', next);
  const current = (): readonly { id: string }[] => form.getFieldValue('tasks') ?? [];
  return (
    <>
      <h2>{t('meeting.tasks')}</h2>
      <p className="kt-quiet">{t('meeting.tasksHelp')}</p>
      {tasks.map(({ id }, line) => (
        <fieldset key={id} className="kt-goal">
          <legend>
            {t('meeting.taskNth', { count: line + 1 })}{' '}
            <Button type="link" size="small" onClick={() => set(current().filter((task) => task.id !== id))}>
              {t('meeting.taskRemove')}
            </Button>
          </legend>
          {/* Only what is a field is sent. */}
          <Form.Item name={['tasks', line, 'id']} hidden>
            <Input />
          </Form.Item>
          <Field name={['tasks', line, 'text']} label={t('meeting.task')}>
            <Input.TextArea autoSize={{ minRows: 1 }} maxLength={200} />
          </Field>
          <Field name={['tasks', line, 'responsible']} label={t('meeting.taskWho')} />
          <OnDayField name={['tasks', line, 'dueOn']} label={t('meeting.taskDue')} until="any" />
        </fieldset>
      ))}
      <Form.Item>
        <Button onClick={() => set([...current(), { id: uuidv7() }])}>{t('meeting.taskAdd')}</Button>
      </Form.Item>
    </>
  );
};

interface MeetingFieldsProps {
  readonly form: FormInstance;
  readonly names: readonly { readonly value: string; readonly label: string }[];
  readonly notBefore: string;
}

export const MeetingFields = ({ form, names, notBefore }: MeetingFieldsProps) => {
  const { t } = useTranslation('governance');
  return (
    <>
      <OnDayField name="on" label={t('meeting.on')} notBefore={notBefore} />
      <Field name="place" label={t('meeting.place')} />
      <div className="kt-ticked">
        <Field name="present" label={t('meeting.present')} help={t('meeting.presentHelp')}>
          <Boxes options={names} />
        </Field>
      </div>
      <Field name="guests" label={t('meeting.guests')} help={t('meeting.guestsHelp')}>
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 8 }} />
      </Field>
      <Field name="agenda" label={t('meeting.agenda')} help={t('meeting.agendaHelp')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 12 }} maxLength={2000} />
      </Field>
      <Field name="decisions" label={t('meeting.decisions')}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 16 }} maxLength={2000} />
      </Field>
      <Tasks form={form} />
    </>
  );
};
