// Dated steps and tasks of an area: what is open and until when, its steps, what shows it as done, and noting what is done.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Collapse, Input, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, Day, listQuery } from '../kernel/contract.ts';
import { fullNameOfDivision, listCounties } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { useMe, useToday } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Clock } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { DutyNote, type DutyRecord, DutyState, type MilestoneRow } from './milestone.ts';

const Query = z.object({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  area: Area.optional(),
  state: DutyState.optional(),
});

const colors = { done: 'success', doneLate: 'warning', due: 'processing', late: 'error' } as const;

const Form = DutyNote.pick({ step: true, on: true, note: true }).extend({ on: Day });
const VoidForm = z.object({ reason: z.string().trim().min(2).max(200) });

const RecordButton = ({ row }: { row: MilestoneRow }) => {
  const { t } = useTranslation('milestone');
  const { message } = App.useApp();
  const today = useToday();
  const open = row.steps.filter(({ doneOn }) => doneOn === null);
  const whole = row.evidence === 'recorded' && row.doneOn === null;
  if (!row.writable || (open.length === 0 && !whole)) return null;
  const options = [
    ...open.map(({ id, text }) => ({ value: id, label: text })),
    ...(whole ? [{ value: '', label: t('whole') }] : []),
  ];
  return (
    <FormButton
      size="small"
      label={t('record')}
      title={row.title}
      hint={t('recordHint', { area: row.areaName, dueOn: row.dueOn })}
      schema={Form}
      initial={{ step: options[0]?.value ?? '', ...(today && { on: today }) }}
      call={client.dutyRecord.record}
      inputOf={({ step, on, note }) => ({
        ...{ rule: row.rule, area: row.area, dueOn: row.dueOn, on, note },
        ...(step && { step }),
      })}
      onDone={() => void message.success(t('recorded'))}
    >
      {options.length > 1 && (
        <Field name="step" label={t('step')}>
          <Select options={options} />
        </Field>
      )}
      <Field name="on" label={t('on')} />
      <Field name="note" label={t('note')} help={t('noteHelp')}>
        <Input.TextArea rows={3} maxLength={500} />
      </Field>
    </FormButton>
  );
};

const VoidButton = ({ record }: { record: string }) => {
  const { t } = useTranslation('milestone');
  const { message } = App.useApp();
  return (
    <FormButton
      size="small"
      label={t('void')}
      hint={t('voidHint')}
      schema={VoidForm}
      call={client.dutyRecord.void}
      inputOf={({ reason }) => ({ record, reason })}
      onDone={() => void message.success(t('voided'))}
    >
      <Field name="reason" label={t('reason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};

const Note = ({ record, steps }: { record: DutyRecord; steps: MilestoneRow['steps'] }) => (
  <li>
    {record.on} {steps.find(({ id }) => id === record.step)?.text} {record.note}{' '}
    <span className="kt-quiet">{record.by}</span> {record.mine && <VoidButton record={record.id} />}
  </li>
);

const Details = ({ row }: { row: MilestoneRow }) => {
  const { t } = useTranslation('milestone');
  const { steps, records } = row;
  return (
    <>
      <p>{row.summary}</p>
      <p className="kt-quiet">
        {t(`evidence.${row.evidence}`)}
        {row.judgedBy !== null && t('judgedBy', { text: row.judgedBy })}
        {row.assumed !== null && t('assumed', { reason: row.assumed })}
      </p>
      {steps.length > 0 && (
        <ol className="kt-list">
          {steps.map(({ id, text, doneOn }) => (
            <li key={id}>
              {text}{' '}
              {doneOn === null ? <Tag>{t('open')}</Tag> : <Tag color="success">{t('doneOn', { day: doneOn })}</Tag>}
            </li>
          ))}
        </ol>
      )}
      {records.length > 0 && (
        <ul className="kt-list">
          {records.map((record) => (
            <Note key={record.id} record={record} steps={steps} />
          ))}
        </ul>
      )}
    </>
  );
};

const State = ({ row: { state, doneOn, dueOn, left } }: { row: MilestoneRow }) => {
  const { t } = useTranslation('milestone');
  return (
    <>
      {/* The clock says itself that it is late. */}
      {(state !== 'late' || left === null) && <Tag color={colors[state]}>{t(`state.${state}`)}</Tag>}
      {left === null ? <div className="kt-quiet">{doneOn}</div> : <Clock dueOn={dueOn} left={left} unit="days" />}
    </>
  );
};

const MilestonesPage = () => {
  const { t } = useTranslation('milestone');
  const { t: roleName } = useTranslation();
  const { scope } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.milestone.list.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const counties = scope.length < 6 ? listCounties(scope) : [];
  return (
    <>
      <PageHead intro={t('intro')} />
      <ListTable
        caption={t('title')}
        query={query}
        state={state}
        rowKey={({ rule, area }: MilestoneRow) => `${rule} ${area}`}
        filters={[
          {
            key: 'state',
            label: t('stateLabel'),
            options: DutyState.options.map((value) => ({ value, label: t(`state.${value}`) })),
          },
          ...(counties.length > 1
            ? [
                {
                  key: 'area',
                  label: t('area'),
                  options: counties.map(({ code, name }) => ({ value: code, label: name })),
                },
              ]
            : []),
        ]}
        empty={{ title: t('none'), hint: t('noneHint') }}
        columns={[
          {
            key: 'title',
            title: t('what'),
            render: (row) => (
              <Collapse
                ghost
                size="small"
                items={[{ key: row.rule, label: row.title, children: <Details row={row} /> }]}
              />
            ),
          },
          { key: 'area', title: t('area'), render: ({ area }) => fullNameOfDivision(area) },
          {
            key: 'who',
            title: t('who'),
            render: ({ responsible: { role, level } }) => t(`level.${level}`, { role: roleName(`roles.${role}`) }),
          },
          { key: 'state', title: t('stateLabel'), render: (row) => <State row={row} /> },
          {
            key: 'clause',
            title: t('clause'),
            render: ({ clause, packName, pack }) => (
              <>
                <ClauseChips ids={clause} />
                <div className="kt-quiet">
                  {packName} <Lapsed endedOn={pack.endedOn} />
                </div>
              </>
            ),
          },
          { key: 'act', title: '', render: (row) => <RecordButton row={row} /> },
        ]}
      />
    </>
  );
};
export default MilestonesPage;
