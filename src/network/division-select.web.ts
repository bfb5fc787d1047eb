// Divisions to choose from.
import { useTranslation } from 'react-i18next';
import { cities } from './division.ts';

/** Every division that the scope holds: cities first, each county with its towns. */
export const useDivisionOptions = (scope: string) => {
  const { t } = useTranslation('network');
  return cities
    .flatMap((city) => [
      { value: city.code, label: t('organisation.wholeCity', { name: city.name }) },
      ...city.counties.flatMap((county) => [
        { value: county.code, label: t('organisation.wholeCounty', { name: county.name }) },
        ...county.towns.map((town) => ({ value: town.code, label: `${county.name} ${town.name}` })),
      ]),
    ])
    .filter(({ value }) => value.startsWith(scope));
};
