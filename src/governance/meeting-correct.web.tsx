// Correcting the record of a meeting: the same form, with the roster of the day.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { MeetingFields, MeetingForm, toForm, toInput } from './meeting-form.web.tsx';

const Path = z.object({ meeting: Id });

const MeetingCorrectPage = () => {
  const { t } = useTranslation('governance');
  const { meeting: id } = usePathParams(Path);
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data: meeting } = useSuspenseQuery(api.meeting.get.queryOptions({ input: { meeting: id } }));
  const { data: body } = useSuspenseQuery(
    api.body.get.queryOptions({ input: { body: meeting.body, on: meeting.heldOn } }),
  );
  const correct = useOperation(client.meeting.correct, {
    form,
    onDone: () => void navigate({ to: `/meetings/${id}` }),
  });
  const named = new Map(
    [...body.roster, ...meeting.present].map((one) => [one.id, one.unit ? `${one.name}（${one.unit}）` : one.name]),
  );
  return (
    <>
      <PageHead title={`${t('meeting.correctTitle')} · ${meeting.bodyName}`} />
      <SchemaForm
        schema={MeetingForm}
        form={form}
        initial={toForm(meeting)}
        onSubmit={(fields) => correct.run({ meeting: id, ...toInput(fields) })}
        problem={correct.problem}
        busy={correct.busy}
        submitLabel={t('meeting.save')}
      >
        <MeetingFields
          form={form}
          names={[...named].map(([value, label]) => ({ value, label }))}
          notBefore={body.openedOn}
        />
      </SchemaForm>
    </>
  );
};
export default MeetingCorrectPage;
