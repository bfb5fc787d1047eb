// The minutes of a meeting as a paper to print and sign, what it resolved, and correcting or voiding it.
import '../care/papers.css';
import '../person/person.css';
import './governance.css';
import { DownloadOutlined } from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Flex, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { PersonPrintButton } from '../oversight/print-button.web.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Pairs, PrintButton } from '../web/parts.tsx';
import { ReasonButton } from '../web/reason-button.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { MeetingView, Task } from './meeting.ts';

const Path = z.object({ meeting: Id });
const Closing = z.object({ on: Day, note: z.string().trim().min(1).max(200) });

const TaskClose = ({ task, heldOn }: { task: Task; heldOn: string }) => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  return (
    <FormButton
      size="small"
      label={t('meeting.closeTask')}
      title={`${t('meeting.closeTask')}：${task.text}`}
      schema={Closing}
      initial={{ on: clock.today }}
      call={client.task.close}
      inputOf={(values) => ({ ...values, meeting: task.meeting, task: task.id })}
    >
      <OnDayField name="on" label={t('meeting.closeOn')} notBefore={heldOn} />
      <Field name="note" label={t('meeting.closeNote')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};

const Tasks = ({ meeting: { tasks, heldOn, mayKeep } }: { meeting: MeetingView }) => {
  const { t } = useTranslation('governance');
  const { clock } = useMe();
  if (tasks.length === 0) return <p>{t('meeting.taskNone')}</p>;
  return (
    <ul className="kt-roster">
      {tasks.map((task) => (
        <li key={task.id}>
          <span>{task.text}</span>
          <span className="kt-quiet">{task.responsible}</span>
          <span className="kt-quiet">{t('meeting.due', { on: task.dueOn })}</span>
          {task.closedOn !== null && (
            <>
              <Tag color="success">{t('meeting.done', { on: task.closedOn })}</Tag>
              <span>{task.note}</span>
            </>
          )}
          {task.closedOn === null && task.dueOn < clock.today && <Tag color="error">{t('meeting.late')}</Tag>}
          {task.closedOn === null && mayKeep && (
            <span className="kt-act">
              <TaskClose task={task} heldOn={heldOn} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
};

const Minutes = ({ meeting }: { meeting: MeetingView }) => {
  const { t } = useTranslation('governance');
  const mark = t('listMark');
  const naming = (all: MeetingView['present']) =>
    all.map(({ name, unit }) => (unit ? `${name}（${unit}）` : name)).join(mark) || t('meeting.nobody');
  return (
    <article className="kt-paper">
      <h2>{t('meeting.of', { name: meeting.bodyName })}</h2>
      <Pairs
        pairs={[
          [t('body.for'), meeting.personName],
          [t('meeting.on'), meeting.heldOn],
          [t('meeting.place'), meeting.place],
          [t('meeting.present'), naming(meeting.present)],
          [t('meeting.guests'), meeting.guests.join(mark)],
          [t('meeting.absent'), naming(meeting.absent)],
        ]}
      />
      <h3>{t('meeting.agenda')}</h3>
      <p className="kt-lines">{meeting.agenda}</p>
      {meeting.decisions !== null && (
        <>
          <h3>{t('meeting.decisions')}</h3>
          <p className="kt-lines">{meeting.decisions}</p>
        </>
      )}
      <h3>{t('meeting.tasks')}</h3>
      <Tasks meeting={meeting} />
      <div className="kt-signatures">
        {(['chair', 'recorder', 'signDay'] as const).map((key) => (
          <div key={key}>
            {t(`meeting.${key}`)}：<span className="kt-blank">&nbsp;</span>
          </div>
        ))}
      </div>
    </article>
  );
};

const VoidButton = ({ meeting: { id, body } }: { meeting: MeetingView }) => {
  const { t } = useTranslation('governance');
  const navigate = useNavigate();
  return (
    <ReasonButton
      label={t('meeting.void')}
      hint={t('meeting.voidHint')}
      reason={t('reason')}
      call={client.meeting.void}
      input={{ meeting: id }}
      onDone={() => void navigate({ to: `/bodies/${body}`, replace: true })}
    />
  );
};

const MeetingPage = () => {
  const { t } = useTranslation('governance');
  const { meeting: id } = usePathParams(Path);
  const { data: meeting } = useSuspenseQuery(api.meeting.get.queryOptions({ input: { meeting: id } }));
  const { body, bodyName, person, mayKeep } = meeting;
  return (
    <>
      <div className="kt-no-print">
        <PageHead
          title={`${t('meeting.title')} · ${meeting.heldOn}`}
          intro={<PageLink path={`/bodies/${body}`}>{bodyName}</PageLink>}
          action={
            person === null ? (
              <Flex gap="small" wrap>
                <Button icon={<DownloadOutlined />} href={`/api/meetings/${id}/minutes`} download>
                  {t('meeting.word')}
                </Button>
                <PrintButton />
              </Flex>
            ) : (
              <PersonPrintButton person={person} kind="minutesPrint" />
            )
          }
        />
      </div>
      <Minutes meeting={meeting} />
      {mayKeep && (
        <Flex wrap gap="small" className="kt-no-print">
          <ButtonLink path={`/meetings/${id}/correct`}>{t('meeting.correct')}</ButtonLink>
          <VoidButton meeting={meeting} />
        </Flex>
      )}
    </>
  );
};
export default MeetingPage;
