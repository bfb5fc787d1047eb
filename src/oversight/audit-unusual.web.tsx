// What is unusual in the days shown, each with a link to its lines.
import './audit.css';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import type { AuditSpan } from './audit.ts';

export const UnusualReading = ({ from, to }: AuditSpan) => {
  const { t } = useTranslation('audit');
  const { data } = useQuery(api.audit.unusual.queryOptions({ input: { from, to } }));
  if (data === undefined) return null;
  return (
    <section className="kt-section">
      <h2>{t('unusual.title')}</h2>
      {data.cut && <Alert type="warning" showIcon title={t('unusual.cut')} />}
      {data.rows.length === 0 ? (
        <p>{t('unusual.none')}</p>
      ) : (
        <ul className="kt-unusual">
          {data.rows.map((row) => (
            <li key={`${row.kind} ${row.actor} ${row.from}`}>
              <span>
                <strong>{t(`unusual.${row.kind}`, { count: row.count })}</strong>{' '}
                {[row.actorName, row.actor].filter(Boolean).join(' ')}{' '}
                <span className="kt-quiet">
                  {formatInstant(row.from)} – {formatInstant(row.to)}
                </span>
              </span>
              <PageLink
                path="/audit"
                search={{
                  from: row.fromOn,
                  to: row.toOn,
                  search: row.actor,
                  outcome: row.kind === 'manyRefused' ? 'refused' : 'ok',
                }}
              >
                {t('unusual.open')}
              </PageLink>
            </li>
          ))}
        </ul>
      )}
      <p className="kt-quiet">{t('unusual.rule', { count: data.filesPerHour })}</p>
    </section>
  );
};
