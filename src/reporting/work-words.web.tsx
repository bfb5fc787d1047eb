// How a row of the work list is named, and what it lacks.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageLink } from '../web/link.tsx';
import { nameOfReport } from './report.ts';
import type { WorkKind, WorkRow } from './worklist.ts';

export const WorkName = ({ kind, row }: { kind: WorkKind; row: WorkRow }) => (
  <PageLink path={row.link.path} search={row.link.search}>
    {kind === 'report' ? nameOfReport(row.name) : row.name}
  </PageLink>
);

export const WorkMissing = ({ row }: { row: WorkRow }) => {
  const { t } = useTranslation('reporting');
  return row.missing.map((what) => {
    const [key, count] = what.split(':');
    return <Tag key={what}>{t(`missing.${key}`, { defaultValue: what, count: Number(count) })}</Tag>;
  });
};
