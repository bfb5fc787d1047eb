// Persons at risk: the list, and for public security whom to find and whom to call.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Area, listQuery } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { useAreaFilter } from '../person/people.web.tsx';
import { Purpose } from '../person/person.ts';
import { RiskLevel } from '../policy/facts.ts';
import { api, client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Pairs } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListFilter, ListTable } from '../web/table.tsx';
import { highRisk, type RiskRow } from './risk.ts';

const Query = z.object({ ...listQuery, area: Area.optional(), level: z.coerce.number().pipe(RiskLevel).optional() });
const Asked = z.object({ purpose: Purpose });

const ContactButton = ({ person }: { person: string }) => {
  const { t } = useTranslation('safety');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const contact = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) => client.risk.contact({ person, purpose }),
  });
  const close = () => {
    setOpen(false);
    contact.reset();
  };
  const shown = contact.data;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('contact')}
      </Button>
      <Modal open={open} title={t('contact')} footer={null} destroyOnHidden onCancel={close}>
        {shown ? (
          <Pairs
            pairs={[
              [t('name'), shown.name],
              [t('phone'), shown.phone ?? '—'],
              [t('address'), shown.address ?? '—'],
              [
                t('guardian'),
                shown.guardian
                  ? [shown.guardian.name, shown.guardian.relation, shown.guardian.phone].filter(Boolean).join('，')
                  : '—',
              ],
            ]}
          />
        ) : (
          <>
            <p className="kt-quiet">{t('contactHint')}</p>
            <SchemaForm
              schema={Asked}
              form={form}
              onSubmit={(values) => contact.mutateAsync(values).catch(() => undefined)}
              problem={contact.error ?? undefined}
              busy={contact.isPending}
              submitLabel={t('contactGo')}
            >
              <Field name="purpose" label={t('purpose')}>
                <Input maxLength={100} />
              </Field>
            </SchemaForm>
          </>
        )}
      </Modal>
    </>
  );
};

const useFilters = (): ListFilter[] => {
  const { t } = useTranslation('safety');
  const levels = [highRisk, 4, 5].map((level) => ({ value: String(level), label: t('levelOf', { level }) }));
  return [...useAreaFilter(), { key: 'level', label: t('level'), options: levels }];
};

const RisksPage = () => {
  const { t } = useTranslation('safety');
  const { role } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({ ...api.risk.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const isPolice = role === 'publicSecurity';
  return (
    <>
      <PageHead intro={t('intro')} />
      <ListTable
        caption={t('title')}
        query={query}
        state={state}
        rowKey={(row: RiskRow) => row.person}
        {...(isPolice ? {} : { rowPath: (row: RiskRow) => `/persons/${row.person}` })}
        filters={useFilters()}
        empty={{ title: t('none'), hint: t('noneHint') }}
        columns={[
          { key: 'name', title: t('name'), render: (row) => row.name },
          {
            key: 'sexAge',
            title: t('sexAge'),
            render: ({ sex, age }) =>
              [t(`sex.${sex}`), ...(age === null ? [] : [t('ageOf', { count: age })])].join('，'),
          },
          { key: 'level', title: t('level'), render: ({ level }) => t('levelOf', { level }) },
          { key: 'assessedOn', title: t('assessedOn'), render: (row) => row.assessedOn },
          {
            key: 'area',
            title: t('area'),
            render: ({ town, village }) => (town === null ? '—' : `${fullNameOfDivision(town)}${village ?? ''}`),
          },
          { key: 'site', title: t('site'), render: (row) => row.site ?? t('noSite') },
          ...(isPolice
            ? [{ key: 'act', title: t('act'), render: (row: RiskRow) => <ContactButton person={row.person} /> }]
            : []),
        ]}
      />
    </>
  );
};
export default RisksPage;
