// Screening a whole town, and the list of persons whose screening left something unknown.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, Day, listQuery, Town } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { useTownOptions } from './fact-words.web.tsx';
import { useAreaFilter } from './people.web.tsx';

const Query = z.object({ ...listQuery, area: Area.optional() });
const Batch = z.object({ town: Town, on: Day });
type BatchDone = Awaited<ReturnType<typeof client.screening.batch>>;

const BatchForm = () => {
  const { t } = useTranslation('person');
  const { clock } = useMe();
  const [form] = Form.useForm();
  const [done, setDone] = useState<BatchDone>();
  const batch = useOperation(client.screening.batch, { form, onDone: setDone });
  const towns = useTownOptions();
  return (
    <>
      <SchemaForm
        schema={Batch}
        form={form}
        initial={{ on: clock.today }}
        onSubmit={batch.run}
        problem={batch.problem}
        busy={batch.busy}
        submitLabel={t('screenings.run')}
      >
        <Field name="town" label={t('screenings.town')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={towns} />
        </Field>
        <OnDayField name="on" label={t('screenings.on')} />
      </SchemaForm>
      {done && (
        <Alert
          role="status"
          type="success"
          showIcon
          title={t('screenings.done', done)}
          description={t('screenings.counts', done.outcomes)}
        />
      )}
    </>
  );
};

const ScreeningsPage = () => {
  const { t } = useTranslation('person');
  const state = useSearchState(Query);
  const filters = useAreaFilter();
  const query = useQuery({
    ...api.screening.unknown.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead intro={t('screenings.intro')} />
      <BatchForm />
      <h2>{t('screenings.unknown')}</h2>
      <ListTable
        caption={t('screenings.unknown')}
        query={query}
        state={state}
        rowKey={(row) => row.person}
        filters={filters}
        rowPath={(row) => `/persons/${row.person}/screening`}
        empty={{ title: t('screenings.none'), hint: t('screenings.noneHint') }}
        columns={[
          { key: 'name', title: t('screenings.name'), render: (row) => row.name },
          {
            key: 'town',
            title: t('screenings.area'),
            render: (row) => (row.town === null ? '—' : fullNameOfDivision(row.town)),
          },
          {
            key: 'missing',
            title: t('screenings.missing'),
            render: (row) => row.missing.map(({ because }) => because).join('；'),
          },
          { key: 'on', title: t('screenings.screenedOn'), render: (row) => row.on },
        ]}
      />
    </>
  );
};
export default ScreeningsPage;
