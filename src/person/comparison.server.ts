// Tries a person's facts, or facts that somebody typed in, under every place's criteria; stores nothing.

import type { Handlers } from '../policy/context.ts';
import { comparePlaces } from '../policy/side-by-side.ts';
import { viewComparison } from './comparison.ts';
import { getFactsOn, getPersonAndFile } from './file.server.ts';
import { maskName } from './identity.ts';
import type { screeningApi } from './screening.api.ts';
import { checkScreeningDay, findingFor, nameSources } from './screening.ts';

type Compares = Pick<Handlers<typeof screeningApi>, 'compare' | 'try'>;

const compare: Compares['compare'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  checkScreeningDay(on, ctx.today);
  const { person } = await getPersonAndFile(tx, input.person);
  const { facts, sources } = await getFactsOn(tx, person, on);
  const at = person.town ?? person.county;
  const places = comparePlaces(ctx.packs, { facts, on, sources: nameSources(sources), at });
  return {
    person: person.id,
    name: maskName(person.name),
    ...viewComparison(places, on, { show: findingFor(ctx.actor), at }),
  };
};

/** Whoever typed the facts in knows them: nothing is withheld. */
const tryFacts: Compares['try'] = async (_tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  checkScreeningDay(on, ctx.today);
  const places = comparePlaces(ctx.packs, { facts: input.facts, on, sources: {} });
  return viewComparison(places, on, { show: (finding) => finding });
};

export const comparisonHandlers: Compares = { compare, try: tryFacts };
