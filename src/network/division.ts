// Names of divisions (GB/T 2260 and the towns below): city, county, town, for screens, choices and letters.
import divisions from './divisions.json' with { type: 'json' };

export interface Division {
  readonly code: string;
  readonly name: string;
}

/** A city (4 digits) with its counties (6 digits), each with its towns (9 digits). */
export interface CityDivision extends Division {
  readonly counties: readonly (Division & { readonly towns: readonly Division[] })[];
}

export const cities: readonly CityDivision[] = Object.values(divisions.places).map(({ city, areas }) => ({
  code: city.code.slice(0, 4),
  name: city.name,
  counties: areas.map(({ code, name, towns }) => ({
    code,
    name,
    towns: towns.map((town) => ({ code: town.code, name: town.name })),
  })),
}));

const names = new Map<string, string>(
  cities.flatMap((city) => [
    [city.code, city.name] as const,
    ...city.counties.flatMap((county) => [county, ...county.towns].map(({ code, name }) => [code, name] as const)),
  ]),
);

/** 511902001 → 东城街道; the code itself where the name is not on board. */
export const nameOfDivision = (code: string): string => names.get(code) ?? code;

/** 511902001 → 巴州区东城街道: enough to tell it apart within a city. */
export const fullNameOfDivision = (code: string): string =>
  code.length > 6 ? `${nameOfDivision(code.slice(0, 6))}${nameOfDivision(code)}` : nameOfDivision(code);

/** The counties of an area: those of a city, or the county itself (also of a town). */
export const listCounties = (area: string): CityDivision['counties'] =>
  cities
    .flatMap((city) => city.counties)
    .filter((county) => county.code.startsWith(area) || area.startsWith(county.code));

export const listTowns = (county: string): readonly Division[] =>
  listCounties(county).find(({ code }) => code === county)?.towns ?? [];
