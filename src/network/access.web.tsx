// Who may do what, read from the code itself: for one role, or for all of them.
import { useSuspenseQuery } from '@tanstack/react-query';
import { Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { AccessPart } from './sign-in-rules.api.ts';

const Query = z.object({ role: Role.optional().catch(undefined) });

const Part = ({ part, role }: { part: AccessPart; role: Role | undefined }) => {
  const { t } = useTranslation(['network', 'frame']);
  const rows = part.rows.filter(({ roles }) => role === undefined || roles.includes(role));
  if (rows.length === 0) return null;
  return (
    <section className="kt-section">
      <h2>{part.name}</h2>
      <ul className="kt-list">
        {rows.map(({ operation, summary, roles, anyone }) => (
          <li key={operation}>
            {summary}
            {role === undefined && (
              <span className="kt-access-roles">
                {anyone ? (
                  <Tag>{t('access.anyone')}</Tag>
                ) : (
                  roles.map((one) => <Tag key={one}>{t(`frame:roles.${one}`)}</Tag>)
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const AccessPage = () => {
  const { t } = useTranslation(['network', 'frame']);
  const [{ role }, change] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.access.table.queryOptions({ input: {} }));
  const reach = data.reach.find((one) => one.role === role);
  return (
    <>
      <PageHead
        intro={
          <>
            {t('access.intro')} <ClauseChips ids={['GB-02']} />
          </>
        }
        action={<PrintButton />}
      />
      <search className="kt-filters">
        <Select
          allowClear
          className="kt-filter"
          aria-label={t('account.role')}
          placeholder={t('access.all')}
          value={role ?? null}
          options={data.reach.map((one) => ({ value: one.role, label: t(`frame:roles.${one.role}`) }))}
          onChange={(chosen: Role | null | undefined) => change({ role: chosen ?? undefined })}
        />
      </search>
      {role !== undefined && reach !== undefined && (
        <p>
          {t('access.sees', {
            role: t(`frame:roles.${role}`),
            what: t(`access.reach.${reach.reach}`) + (reach.above === 'figures' ? t('access.above') : ''),
          })}
        </p>
      )}
      {data.parts.map((part) => (
        <Part key={part.name} part={part} role={role} />
      ))}
    </>
  );
};
export default AccessPage;
