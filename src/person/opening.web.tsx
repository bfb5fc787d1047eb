// Openings: the form and the own ones of an officer above the counties; those of its persons for a county, which may end them.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachOf } from '../kernel/access.ts';
import { listQuery } from '../kernel/contract.ts';
import { fullNameOfDivision, listCounties } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { formatInstant } from '../web/format.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { OpeningEnd, OpeningRequest, type OpeningRow, openingHours } from './opening.ts';

const Query = z.object({ page: listQuery.page, pageSize: listQuery.pageSize });
const choices = [4, openingHours.usual, 48, openingHours.most];

const RequestForm = () => {
  const { t } = useTranslation('person');
  const { scope } = useMe();
  const { message } = App.useApp();
  const [form] = Form.useForm();
  const operation = useOperation(client.opening.request, {
    form,
    onDone: ({ endsAt }) => {
      form.resetFields();
      void message.success(t('opening.done', { at: formatInstant(endsAt) }));
    },
  });
  const counties = listCounties(scope).map(({ code }) => ({ value: code, label: fullNameOfDivision(code) }));
  return (
    <section className="kt-section">
      <h2>{t('opening.ask')}</h2>
      <p className="kt-quiet">{t('opening.told')}</p>
      <SchemaForm
        schema={OpeningRequest}
        form={form}
        initial={{ hours: openingHours.usual }}
        onSubmit={(values) => operation.run(values)}
        problem={operation.problem}
        busy={operation.busy}
        submitLabel={t('opening.go')}
      >
        <Field name="county" label={t('opening.county')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={counties} />
        </Field>
        <Field name="name" label={t('opening.name')}>
          <Input maxLength={40} autoComplete="off" />
        </Field>
        <Field name="idNumber" label={t('opening.idNumber')} help={t('opening.idHelp')}>
          <Input maxLength={30} autoComplete="off" />
        </Field>
        <Field name="reason" label={t('opening.reason')} help={t('opening.reasonHelp')}>
          <Input.TextArea rows={2} maxLength={300} />
        </Field>
        <Field name="hours" label={t('opening.hours')} help={t('opening.hoursNote')}>
          <Select options={choices.map((value) => ({ value, label: t('opening.hoursOf', { count: value }) }))} />
        </Field>
      </SchemaForm>
    </section>
  );
};

const EndButton = ({ opening }: { opening: string }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  return (
    <FormButton
      size="small"
      label={t('opening.end')}
      hint={t('opening.endHint')}
      schema={OpeningEnd}
      call={client.opening.end}
      inputOf={({ reason }) => ({ opening, reason })}
      onDone={() => void message.success(t('opening.endDone'))}
    >
      <Field name="reason" label={t('opening.endReason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};

const State = ({ row: { state, endedBy, endedAt } }: { row: OpeningRow }) => {
  const { t } = useTranslation('person');
  return (
    <>
      {t(`opening.${state}`)}
      {endedAt !== null && (
        <div className="kt-quiet">{t('opening.endedBy', { by: endedBy, at: formatInstant(endedAt) })}</div>
      )}
    </>
  );
};

const OpeningsPage = () => {
  const { t } = useTranslation('person');
  const me = useMe();
  const above = reachOf(me) === 'figures';
  const mayEnd = above || (me.role === 'civilAffairs' && me.scope.length === 6);
  const state = useSearchState(Query);
  const query = useQuery({ ...api.opening.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  return (
    <>
      <PageHead intro={t(above ? 'opening.introCity' : 'opening.introCounty')} />
      {above && <RequestForm />}
      {above && <h2 className="kt-section">{t('opening.list')}</h2>}
      <ListTable
        caption={t('opening.list')}
        query={query}
        state={state}
        rowKey={(row: OpeningRow) => row.id}
        empty={{ title: t('opening.none'), hint: t('opening.noneHint') }}
        columns={[
          { key: 'name', title: t('opening.person'), render: ({ name }) => name ?? t('opening.unseen') },
          { key: 'county', title: t('opening.county'), render: ({ county }) => fullNameOfDivision(county) },
          {
            key: 'by',
            title: t('opening.by'),
            render: ({ by, organisation }) => [organisation, by].filter(Boolean).join(' '),
          },
          { key: 'reason', title: t('opening.reason'), render: ({ reason }) => reason },
          {
            key: 'until',
            title: t('opening.until'),
            render: ({ openedAt, endsAt }) =>
              t('opening.fromTo', { from: formatInstant(openedAt), to: formatInstant(endsAt) }),
          },
          { key: 'state', title: t('opening.state'), render: (row) => <State row={row} /> },
          {
            key: 'act',
            title: t('opening.act'),
            render: ({ id, person, state: is }) => (
              <>
                {person !== null && is === 'running' && (
                  <ButtonLink size="small" path={`/persons/${person}`}>
                    {t('opening.open')}
                  </ButtonLink>
                )}{' '}
                {is === 'running' && mayEnd && <EndButton opening={id} />}
              </>
            ),
          },
        ]}
      />
    </>
  );
};
export default OpeningsPage;
