// One indicator counted in a place on a day, as whoever asks may see it.
import { reachOf } from '../kernel/access.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import type { Ctx } from '../policy/context.ts';
import { countiesOfWhole, wholeOf } from './city-cells.ts';
import { figureOf } from './indicator.ts';
import {
  countCounties,
  countInstitutions,
  countNewSites,
  countStaff,
  countTowns,
} from './indicator-coverage.server.ts';
import { hideRate } from './indicator-hidden.ts';
import { type Counted, childrenOfGroups, measuredArea, seesCells, sum, sumsOf } from './indicator-parts.server.ts';
import type { IndicatorOn } from './indicator-rule.server.ts';
import { countServiceRate } from './measure.sql.ts';
import type { MeasuredArea, RateGroup } from './measure-area.sql.ts';
import { countAtHome } from './measure-home.sql.ts';
import { countOutcome } from './measure-outcome.sql.ts';
import { countServed } from './measure-served.sql.ts';

/** Persons by county, town and site, of a measure of persons; undefined for the others. */
const groupsOf = (tx: Tx, { rule, on }: IndicatorOn, area: MeasuredArea): Promise<RateGroup[]> | undefined => {
  switch (rule.measure) {
    case 'standardizedServiceRate':
      return countServiceRate(tx, rule.params, area, on);
    case 'homeLivingRate':
      return countAtHome(tx, rule.params, area, on);
    case 'clientsServed':
      return countServed(tx, rule.params.minimumSessions, area, on);
    case 'relapseRate':
    case 'selfCareRate':
    case 'employmentRate':
      return countOutcome(tx, area, { measure: rule.measure, ...rule.params, on });
    default:
      return undefined;
  }
};

const countPersons = async (tx: Tx, ctx: Ctx, asked: IndicatorOn): Promise<Counted> => {
  const { place } = asked;
  if (seesCells(ctx, place)) {
    const groups = (await groupsOf(tx, asked, measuredArea(place))) ?? [];
    return {
      figure: figureOf(sumsOf(groups), asked),
      children: await childrenOfGroups(tx, asked, groups),
      ...(asked.rule.measure === 'selfCareRate' && { atEntry: sum(groups, 'atEntry') }),
    };
  }
  const groups = (await groupsOf(tx, asked, { counties: countiesOfWhole(place.area) })) ?? [];
  const own = groups.filter(({ county, town }) => (town ?? county).startsWith(place.area));
  // Nearly every site is small, so that its row would hide the town's: the tables end at the towns.
  const children = place.area.length === 9 ? [] : await childrenOfGroups(tx, asked, own);
  return hideRate({ area: place.area, groups, children, judged: asked });
};

const count = (tx: Tx, ctx: Ctx, asked: IndicatorOn): Promise<Counted> => {
  const { rule } = asked;
  switch (rule.measure) {
    case 'countyCoverage':
      return countCounties(tx, ctx, asked, rule.params);
    case 'townCoverage':
      return countTowns(tx, ctx, asked, rule.params);
    case 'institutionCoverage':
      return countInstitutions(tx, asked, rule.params);
    case 'qualifiedStaffShare':
      return countStaff(tx, asked, rule.params);
    case 'newSites':
      return countNewSites(tx, ctx, asked);
    default:
      return countPersons(tx, ctx, asked);
  }
};

/**
 * Who may not see the persons gets numbers of the whole city's table, counted past row-level security and made safe. An organisation's
 * own clients are counted also where it does not see them any more: whoever was served in May was served that year.
 */
export const countIndicator = (tx: Tx, ctx: Ctx, asked: IndicatorOn): Promise<Counted> => {
  const { area, site } = asked.place;
  if (!seesCells(ctx, asked.place)) return asFigures(tx, ctx, () => count(tx, ctx, asked), wholeOf(area));
  const ownOnly = reachOf(ctx.actor) === 'organisation' && site !== undefined && site === ctx.actor.organisation;
  return ownOnly && area.length === 6 ? withCountyReach(tx, () => count(tx, ctx, asked)) : count(tx, ctx, asked);
};
