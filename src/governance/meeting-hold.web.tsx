// Recording a meeting of a body.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { MeetingFields, MeetingForm, toInput } from './meeting-form.web.tsx';

const Path = z.object({ body: Id });

const MeetingHoldPage = () => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  const { body: id } = usePathParams(Path);
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data: body } = useSuspenseQuery(api.body.get.queryOptions({ input: { body: id } }));
  const hold = useOperation(client.meeting.hold, {
    form,
    onDone: ({ meeting }) => void navigate({ to: `/meetings/${meeting}` }),
  });
  const names = body.roster.map(({ id: value, name, unit }) => ({ value, label: unit ? `${name}（${unit}）` : name }));
  return (
    <>
      <PageHead title={`${t('meeting.holdTitle')} · ${body.name}`} />
      <SchemaForm
        schema={MeetingForm}
        form={form}
        initial={{ on: clock.today, present: names.map(({ value }) => value), tasks: [] }}
        onSubmit={(fields) => hold.run({ body: id, ...toInput(fields) })}
        problem={hold.problem}
        busy={hold.busy}
        submitLabel={t('meeting.save')}
      >
        <MeetingFields form={form} names={names} notBefore={body.openedOn} />
      </SchemaForm>
    </>
  );
};
export default MeetingHoldPage;
