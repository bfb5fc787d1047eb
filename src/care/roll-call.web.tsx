// The roll-call: one large button a person; a tap goes between present and absent. Who cannot come yet says why.
import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from '../web/clause.tsx';
import { PageLink } from '../web/link.tsx';
import type { Roster, RosterPerson } from './session.api.ts';
import { findHindrance, leaveOut, type Mark, type RollCallDraft, tap } from './session-form.ts';

interface RollCallProps {
  readonly roster: Roster;
  readonly draft: RollCallDraft;
  readonly onChange: (draft: RollCallDraft) => void;
}

const looks = { present: <CheckOutlined aria-hidden />, absent: <CloseOutlined aria-hidden /> } as const;

const PersonButton = ({ person, mark, onTap }: { person: RosterPerson; mark: Mark | undefined; onTap: () => void }) => {
  const { t } = useTranslation('session');
  const note =
    person.sessionsOnDay > 0
      ? t('record.again', { count: person.sessionsOnDay })
      : t('record.month', { count: person.sessionsThisMonth });
  return (
    <button
      type="button"
      className="kt-person"
      data-mark={mark ?? 'none'}
      aria-pressed={mark === 'present'}
      onClick={onTap}
    >
      <span>
        <strong>{person.name}</strong>
        <small>{note}</small>
      </span>
      {mark !== undefined && (
        <span className="kt-person-mark">
          {looks[mark]} {t(`record.${mark}`)}
        </span>
      )}
    </button>
  );
};

/** Somebody who cannot be marked: why, and where to put it right. */
const HinderedPerson = ({ person, roster }: { person: RosterPerson; roster: Roster }) => {
  const { t } = useTranslation('session');
  const why = findHindrance(person, roster.on);
  if (why === undefined) return null;
  const text = t(`record.${why}`, { papers: person.papersMissing.join('、'), on: person.acceptedOn });
  return (
    <div className="kt-person" data-mark="hindered">
      <span>
        <strong>{person.name}</strong>
        <small>
          {why === 'papersMissing' ? (
            <>
              <PageLink path={`/persons/${person.id}/papers`}>{text}</PageLink>{' '}
              <ClauseChips ids={roster.papersClauses} />
            </>
          ) : (
            text
          )}
        </small>
      </span>
    </div>
  );
};

/** Below the names, so that a tap never moves the next name: whoever no longer belongs to the group leaves the list. */
const NotMembers = ({ roster, draft, onChange }: RollCallProps) => {
  const { t } = useTranslation('session');
  const absent = roster.persons.filter(({ id }) => draft.marks[id] === 'absent');
  if (absent.length === 0) return null;
  return (
    <p className="kt-quiet">
      {t('record.remove')}
      {absent.map(({ id, name }) => (
        <Button key={id} type="link" size="small" onClick={() => onChange(leaveOut(draft, id))}>
          {name}
        </Button>
      ))}
    </p>
  );
};

export const RollCall = ({ roster, draft, onChange }: RollCallProps) => {
  const { t } = useTranslation('session');
  const can = roster.persons.filter((person) => findHindrance(person, roster.on) === undefined);
  const cannot = roster.persons.filter((person) => !can.includes(person));
  const alone = draft.kind !== 'group';
  const everyone = alone || draft.members.length === 0;
  const listed = everyone ? can : can.filter(({ id }) => draft.members.includes(id) || draft.marks[id] !== undefined);
  const others = can.filter((person) => !listed.includes(person));
  const row = (person: RosterPerson) => (
    <li key={person.id}>
      <PersonButton person={person} mark={draft.marks[person.id]} onTap={() => onChange(tap(draft, person.id))} />
    </li>
  );
  return (
    <section>
      <h2 className="kt-roll-title">{t(alone ? 'record.choose' : everyone ? 'record.pick' : 'record.members')}</h2>
      <ul className="kt-roll">{listed.map(row)}</ul>
      <NotMembers roster={roster} draft={draft} onChange={onChange} />
      {others.length + cannot.length > 0 && (
        <details className="kt-others" open={everyone}>
          <summary>{t('record.others', { count: others.length + cannot.length })}</summary>
          <ul className="kt-roll">
            {others.map(row)}
            {cannot.map((person) => (
              <li key={person.id}>
                <HinderedPerson person={person} roster={roster} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};
