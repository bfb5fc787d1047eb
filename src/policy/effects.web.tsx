// What a try tells, on the screen: rules that change, persons whom it concerns, duties and figures before and after.
import { Alert, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { fullNameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { formatCount, formatRate } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { DutyState } from './duty-instance.ts';
import type { DutyChange, Effects, FigureChange } from './effects.ts';

const changeColors = { added: 'success', removed: 'error', changed: 'processing' } as const;

const Changes = ({ changes }: Pick<Effects, 'changes'>) => {
  const { t } = useTranslation('policy');
  if (changes.length === 0) return <p>{t('packs.noChanges')}</p>;
  return (
    <>
      <h3>{t('packs.changes', { count: changes.length })}</h3>
      <ul className="kt-list">
        {changes.map(({ rule, title, clause, change, fields }) => (
          <li key={rule}>
            <Tag color={changeColors[change]}>{t(`packs.change.${change}`)}</Tag> {title} <ClauseChips ids={clause} />
            {fields.map(({ field, before, after }) => (
              <div key={field} className="kt-quiet">
                {field}：{before ?? t('packs.empty')} → {after ?? t('packs.empty')}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
};

const People = ({ people, rounded }: Pick<Effects, 'people' | 'rounded'>) => {
  const { t } = useTranslation('policy');
  const becomes = ({ before, after }: { before: keyof typeof names; after: keyof typeof names }) =>
    t('packs.becomes', { before: names[before], after: names[after] });
  const names = {
    eligible: t('packs.outcomes.eligible'),
    ineligible: t('packs.outcomes.ineligible'),
    unknown: t('packs.outcomes.unknown'),
    none: t('packs.outcomes.none'),
  };
  return (
    <>
      <h3>{t('packs.people')}</h3>
      <p>{t('packs.screened', people)}</p>
      {people.served > 0 && <Alert type="info" showIcon title={t('packs.served', { served: people.served })} />}
      {rounded && <p className="kt-quiet">{t('packs.rounded')}</p>}
      <ul className="kt-list">
        {people.counts.map((one) => (
          <li key={`${one.before} ${one.after}`}>
            {becomes(one)}：{t('packs.count', { count: one.people })}
          </li>
        ))}
      </ul>
      <ul className="kt-list">
        {people.persons.map((one) => (
          <li key={one.person}>
            <PageLink path={`/persons/${one.person}`}>{one.name}</PageLink> {fullNameOfDivision(one.place)}：
            {becomes(one)}（{one.because.join('、')}）
            <div className="kt-quiet">{t(one.served ? 'packs.stay' : 'packs.waiting')}</div>
          </li>
        ))}
      </ul>
      {people.persons.length > 0 && people.persons.length < people.changed && (
        <p className="kt-quiet">{t('packs.more', { count: people.persons.length })}</p>
      )}
    </>
  );
};

const Duties = ({ duties, on, rounded }: Pick<Effects, 'duties' | 'on' | 'rounded'>) => {
  const { t } = useTranslation('policy');
  const year = on.slice(0, 4);
  const same = rounded ? 'packs.dutiesSameTens' : 'packs.dutiesSame';
  const textOf = (counts: DutyChange['before']): string => {
    if (counts === null) return t('packs.notAsked');
    const owed = DutyState.options.filter((state) => counts[state] > 0);
    return owed.length === 0
      ? t(rounded ? 'packs.dutiesFew' : 'packs.dutiesNone')
      : owed.map((state) => t(`evidence.counts.${state}`, { count: formatCount(counts[state]) as never })).join('、');
  };
  return (
    <>
      <h3>{t('packs.duties')}</h3>
      <p className="kt-quiet">{t(duties.length === 0 ? same : 'packs.dutiesYear', { year })}</p>
      <ul className="kt-list">
        {duties.map(({ rule, title, clause, before, after }) => (
          <li key={rule}>
            {title} <ClauseChips ids={clause} />
            <div className="kt-quiet">
              {t('packs.dutiesBefore')}：{textOf(before)}
            </div>
            <div className="kt-quiet">
              {t('packs.dutiesAfter')}：{textOf(after)}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
};

const Figures = ({ figures }: Pick<Effects, 'figures'>) => {
  const { t } = useTranslation('policy');
  const textOf = (figure: FigureChange['before']): string =>
    figure === null
      ? t('packs.notAsked')
      : t('packs.figureValue', { value: formatRate(figure.value), target: formatRate(figure.target) });
  return (
    <>
      <h3>{t('packs.figures')}</h3>
      {figures.length === 0 && <p className="kt-quiet">{t('packs.later')}</p>}
      <ul className="kt-list">
        {figures.map(({ title, before, after }) => (
          <li key={title}>{t('packs.figure', { title, before: textOf(before), after: textOf(after) })}</li>
        ))}
      </ul>
    </>
  );
};

export const EffectsView = ({ effects }: { effects: Effects }) => {
  const { t } = useTranslation('policy');
  return (
    <>
      <p className="kt-quiet">{t('packs.on', { day: effects.on })}</p>
      <Changes changes={effects.changes} />
      <People people={effects.people} rounded={effects.rounded} />
      <Duties duties={effects.duties} on={effects.on} rounded={effects.rounded} />
      <Figures figures={effects.figures} />
    </>
  );
};
