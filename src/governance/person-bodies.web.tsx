// The care teams of one person, as a section of the file.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { reachOf } from '../kernel/access.ts';
import { api } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { bodyKeepers } from './body.ts';
import './governance.css';

/** `town`: where the person lives, which a new team takes for its place. Nothing for an office above the counties. */
export const PersonBodies = ({ person, town }: { person: string; town: string | null }) => {
  const { t } = useTranslation('governance');
  const me = useMe();
  const above = reachOf(me) === 'figures';
  const { data } = useQuery({ ...api.body.list.queryOptions({ input: { person } }), enabled: !above });
  if (above || data === undefined) return null;
  return (
    <section className="kt-section">
      <h2>{t('ofPerson.title')}</h2>
      {data.rows.length === 0 && <p className="kt-quiet">{t('ofPerson.none')}</p>}
      <ul className="kt-roster">
        {data.rows.map(({ id, name, members, lastMetOn }) => (
          <li key={id}>
            <PageLink path={`/bodies/${id}`}>{name}</PageLink>
            <span>{t('bodies.membersOf', { count: members })}</span>
            <span className="kt-quiet">
              {t('bodies.lastMet')} {lastMetOn ?? t('bodies.never')}
            </span>
          </li>
        ))}
      </ul>
      {data.rows.length === 0 && bodyKeepers.includes(me.role) && (
        <ButtonLink path="/bodies/new" search={{ person, ...(town !== null && { division: town }) }}>
          {t('ofPerson.open')}
        </ButtonLink>
      )}
    </section>
  );
};
