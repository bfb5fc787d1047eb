// What is late or due within a month, one line each, the longest first, with who is to do it and where; and noting what no ledger shows.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { DutyNote } from '../governance/milestone.ts';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useToday } from '../web/me.ts';
import { Clock } from '../web/parts.tsx';
import { ListTable } from '../web/table.tsx';
import type { DutyInstanceView } from './duty.ts';
import type { DutyQuery } from './duty.web.tsx';
import { DutyBasis } from './duty-parts.web.tsx';

const Form = DutyNote.pick({ on: true, note: true });

const RecordButton = ({ row }: { row: DutyInstanceView }) => {
  const { t } = useTranslation('milestone');
  const { message } = App.useApp();
  const today = useToday();
  const { duty: rule, dueOn, area, subject } = row;
  const organisation = subject.kind === 'site' ? { organisation: subject.id } : {};
  return (
    <FormButton
      size="small"
      label={t('record')}
      title={row.title}
      hint={t('recordHint', { area: subject.name, dueOn })}
      schema={Form}
      initial={today ? { on: today } : {}}
      call={client.dutyRecord.record}
      inputOf={({ on, note }) => ({ rule, area, dueOn, on, note, ...organisation })}
      onDone={() => void message.success(t('recorded'))}
    >
      <Field name="on" label={t('on')} />
      <Field name="note" label={t('note')} help={t('noteHelp')}>
        <Input.TextArea rows={3} maxLength={500} />
      </Field>
    </FormButton>
  );
};

interface DutyListProps {
  readonly state: readonly [DutyQuery, (change: Partial<DutyQuery>) => void];
  readonly view: 'late' | 'due';
  readonly span: { readonly from: string; readonly to: string };
}

export const DutyList = ({ state, view, span }: DutyListProps) => {
  const { t } = useTranslation('reporting');
  const [{ area, responsible, duty, page, pageSize }, change] = state;
  const input = { ...span, area, responsible, page, pageSize, state: view, ...(duty !== undefined && { duty }) };
  const query = useQuery({ ...api.duty.list.queryOptions({ input }), placeholderData: keepPreviousData });
  const title = query.data?.rows[0]?.title;
  return (
    <>
      {duty !== undefined && (
        <p>
          <Tag closable onClose={() => change({ duty: undefined, from: undefined, page: 1 })}>
            {title ?? duty}
          </Tag>
        </p>
      )}
      <ListTable
        caption={t(`duty.views.${view}`)}
        query={query}
        state={state}
        rowKey={(row) => `${row.duty} ${row.subject.id} ${row.dueOn}`}
        empty={{ title: t(view === 'late' ? 'duty.noneLate' : 'duty.noneDue'), hint: t('duty.noneLateHint') }}
        columns={[
          { key: 'subject', title: t('duty.subject'), render: ({ subject }) => subject.name },
          { key: 'title', title: t('duty.duty'), render: (row) => row.title },
          {
            key: 'due',
            title: t('duty.dueOn'),
            render: ({ dueOn, dueBefore, left }) => (
              <>
                {dueOn} {dueBefore !== null && t('duty.before', { time: dueBefore })}{' '}
                {left !== null && <Clock dueOn={dueOn} left={left} unit="days" />}
              </>
            ),
          },
          {
            key: 'progress',
            title: t('duty.progress'),
            render: ({ done, asked, unit }) => t(`duty.${unit}`, { done, asked }),
          },
          { key: 'responsible', title: t('duty.responsible'), render: (row) => row.responsible.name },
          { key: 'basis', title: t('duty.pack'), render: (row) => <DutyBasis rule={row} brief /> },
          {
            key: 'act',
            title: '',
            render: (row) =>
              row.recordable ? (
                <RecordButton row={row} />
              ) : (
                row.link && (
                  <ButtonLink size="small" path={row.link.path} search={row.link.search}>
                    {t('duty.act')}
                  </ButtonLink>
                )
              ),
          },
        ]}
      />
    </>
  );
};
