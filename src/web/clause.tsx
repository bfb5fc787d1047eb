// Clauses on the screen: a chip with the clause's id that opens to its document and our own summary.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Popover, Tag } from 'antd';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { fetchJson } from './client.ts';
import { PageLink } from './link.tsx';
import { MeContext } from './me.ts';

const Clause = z.object({ id: z.string(), document: z.string(), summary: z.string() });

/** Every clause with its document's name and our own one-line summary; they change with a release only. */
const clausesQuery = queryOptions({
  queryKey: ['policy', 'clauses'],
  queryFn: async ({ signal }) => {
    const { clauses } = await fetchJson('/api/policy/clauses', z.object({ clauses: z.array(Clause) }), { signal });
    return new Map(clauses.map((clause) => [clause.id, clause]));
  },
  staleTime: Number.POSITIVE_INFINITY,
});

const ClauseNote = ({ id }: { id: string }) => {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(clausesQuery);
  const signedIn = useContext(MeContext) !== undefined;
  const clause = data?.get(id);
  if (isPending) return <span>{t('clause.loading')}</span>;
  if (clause === undefined) return <span>{t('clause.unknown', { id })}</span>;
  return (
    <div className="kt-clause-note">
      <p>{clause.summary}</p>
      <p className="kt-quiet">{t('clause.document', { document: clause.document })}</p>
      {signedIn && (
        <PageLink path="/policy" search={{ clause: id }}>
          {t('clause.see')}
        </PageLink>
      )}
    </div>
  );
};

export const ClauseChip = ({ id }: { id: string }) => {
  const { t } = useTranslation();
  return (
    <Popover trigger="click" title={id} content={<ClauseNote id={id} />} destroyOnHidden>
      <button type="button" className="kt-clause" aria-label={t('clause.label', { id })}>
        <Tag variant="outlined">{id}</Tag>
      </button>
    </Popover>
  );
};

export const ClauseChips = ({ ids }: { ids: readonly string[] }) =>
  ids.length === 0 ? null : (
    <span className="kt-clauses">
      {ids.map((id) => (
        <ClauseChip key={id} id={id} />
      ))}
    </span>
  );
