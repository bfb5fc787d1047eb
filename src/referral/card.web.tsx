// Columns and cells that the lists of applications and referrals share: the person, masked, and the clock.
import { useTranslation } from 'react-i18next';
import { fullNameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { Clock } from '../web/parts.tsx';
import type { ListColumn } from '../web/table.tsx';
import type { DutyClock } from './clock.ts';

interface PersonCells {
  readonly name: string;
  readonly sex: string;
  readonly age: number | null;
  readonly town: string | null;
}

const isSex = (sex: string): sex is 'male' | 'female' => sex === 'male' || sex === 'female';

/** 男, 45 岁. */
export const SexAndAge = ({ sex, age }: Pick<PersonCells, 'sex' | 'age'>) => {
  const { t } = useTranslation('referral');
  const words = [
    t(`sex.${isSex(sex) ? sex : 'unknown'}`),
    ...(age === null ? [] : [t('person.ageOf', { count: age })]),
  ];
  return <>{words.join(', ')}</>;
};

export const TownName = ({ town }: Pick<PersonCells, 'town'>) => <>{town === null ? '—' : fullNameOfDivision(town)}</>;

/** Name, sex with age, town: the first columns of every list here. */
export const usePersonColumns = <R extends PersonCells>(): readonly [ListColumn<R>, ...ListColumn<R>[]] => {
  const { t } = useTranslation('referral');
  return [
    { key: 'name', title: t('person.name'), render: (row) => row.name },
    { key: 'sex', title: t('person.sexAndAge'), render: (row) => <SexAndAge {...row} /> },
    { key: 'town', title: t('person.town'), render: (row) => <TownName {...row} /> },
  ];
};

/** A duty's clock with the clauses that ask for it. */
export const ClockCell = ({ clock }: { clock: DutyClock | null }) =>
  clock === null ? (
    <>—</>
  ) : (
    <>
      <Clock dueOn={clock.dueOn} left={clock.left} unit={clock.unit} lapsedOn={clock.lapsedOn} />{' '}
      <ClauseChips ids={clock.clause} />
    </>
  );
