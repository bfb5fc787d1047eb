// Handlers for organisations, the network of a place, and staff; and what other slices ask about an organisation.
import { uuidv7 } from 'uuidv7';
import { type Actor, countyOf, inScope, reachOf, seesSmallCells } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures, type CountingContext } from '../kernel/figures.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { resolveRules } from '../policy/resolve.ts';
import { isSmall } from '../reporting/small-cells.ts';
import { cities, nameOfDivision } from './division.ts';
import { listNetworkGaps, type NetworkGap } from './network.ts';
import type { organisationApi, staffApi } from './organisation.api.ts';
import {
  countDependants,
  countServing,
  findOrganisation,
  findStaff,
  isNameTaken,
  listOrganisations,
  listStaff,
  listStaffById,
  type OrganisationRow,
  type StaffRow,
} from './organisation.sql.ts';
import {
  checkOrganisation,
  type Organisation,
  organisationChanged,
  organisationClosed,
  organisationOpened,
  servingKinds,
  staffJoined,
  staffLeft,
  staffQualified,
} from './organisation.ts';
import { checkSiteName, listNameGaps } from './site-name.ts';

/** An organisation by id; organisations are known to everyone who is signed in. Refuses `notFound`. */
export const getOrganisation = async (tx: Tx, id: string): Promise<OrganisationRow> => {
  const found = await findOrganisation(tx, id);
  if (!found) throw new Refusal('notFound', '没有找到这家机构。', { kind: 'absent' });
  return found;
};

/** As `getOrganisation`, and refuses `outOfScope` outside the actor's area and `alreadyClosed`. */
export const getOpenOrganisation = async (tx: Tx, actor: Actor, id: string): Promise<OrganisationRow> => {
  const found = await getOrganisation(tx, id);
  checkWithin(actor, found);
  if (found.closedOn)
    throw new Refusal('alreadyClosed', `${found.name}已于 ${found.closedOn} 撤销。`, { kind: 'conflict' });
  return found;
};

const outOfScope = (): Refusal => new Refusal('outOfScope', '这家机构不在您的管辖范围内。', { kind: 'access' });

/** Refuses (`outOfScope`) an organisation outside the actor's area, unless it is the actor's own. */
export const checkWithin = (actor: Actor, organisation: OrganisationRow): void => {
  if (!inScope(actor, organisation.division) && organisation.id !== actor.organisation) throw outOfScope();
};

/** Adds how many clients each serves now: known to who sees all of them, and to the organisation itself. */
export const withServing = async (
  tx: Tx,
  ctx: CountingContext,
  rows: readonly OrganisationRow[],
): Promise<Organisation[]> => {
  const { actor } = ctx;
  const all = ['area', 'figures'].includes(reachOf(actor)) && actor.scope.length <= 6;
  // Who may not see the clients is not told how many there are while they are few (docs/decisions/0007).
  const shown = (row: OrganisationRow, count: number): number | null =>
    isSmall(count) && row.id !== actor.organisation && !seesSmallCells(actor, row.division) ? null : count;
  const known = (row: OrganisationRow): boolean =>
    servingKinds.includes(row.kind) && ((all && inScope(actor, row.county)) || row.id === actor.organisation);
  const ids = rows.filter(known).map(({ id }) => id);
  const serving = ids.length
    ? await asFigures(tx, ctx, () => countServing(tx, actor.scope, ids))
    : new Map<string, number>();
  return rows.map(({ county, ...row }) => ({
    ...row,
    serving: known({ county, ...row }) ? shown({ county, ...row }, serving.get(row.id) ?? 0) : null,
  }));
};

/** Open organisations of a county and of its city that take clients. */
export const listReceivers = async (tx: Tx, ctx: CountingContext, county: string): Promise<Organisation[]> => {
  const { rows } = await listOrganisations(tx, {
    area: county.slice(0, 4),
    kinds: servingKinds,
    status: 'open',
    limit: 1000,
    offset: 0,
  });
  return withServing(
    tx,
    ctx,
    rows.filter((row) => county.startsWith(row.county)),
  );
};

const networkOf = async (tx: Tx, ctx: Ctx, area: string) => {
  const own = area.slice(0, 6);
  const wanted = cities.filter((city) => city.code.startsWith(own) || own.startsWith(city.code));
  const nodes = [];
  for (const city of wanted) {
    const rules = (division: string) => resolveRules(ctx.packs, division, ctx.today);
    const { rows } = await listOrganisations(tx, { area: city.code, status: 'open', limit: 5000, offset: 0 });
    const all = await withServing(tx, ctx, rows);
    const atCity = all.filter((one) => one.division.length === 4);
    const counties = city.counties
      .filter(({ code }) => code.startsWith(own))
      .map(({ code, towns }) => {
        const organisations = all.filter((one) => one.division.startsWith(code));
        const sited = new Set(organisations.filter(({ tier }) => tier === 'site').map(({ division }) => division));
        return {
          division: code,
          name: nameOfDivision(code),
          organisations,
          gaps: [
            ...listNetworkGaps(rules(code), 'county', organisations),
            ...organisations.flatMap((one) => listNameGaps(rules(code), one)),
          ],
          towns: towns.length,
          townsWithSite: towns.filter((town) => sited.has(town.code)).length,
        };
      });
    const gaps = listNetworkGaps(rules(city.code), 'city', atCity);
    nodes.push({ division: city.code, name: city.name, organisations: atCity, gaps, counties });
  }
  return { cities: nodes };
};

/** What the network and the names of sites of an area lack, and how many organisations and sites were looked at; a town's are its county's. */
export const listPlaceGaps = async (
  tx: Tx,
  ctx: Ctx,
  area: string,
): Promise<{ organisations: number; sites: number; gaps: NetworkGap[] }> => {
  const { cities: nodes } = await networkOf(tx, ctx, area);
  const shown = nodes.flatMap(({ counties, ...city }) => [...(area.length < 6 ? [city] : []), ...counties]);
  const all = shown.flatMap(({ organisations }) => organisations);
  return {
    organisations: all.length,
    sites: all.filter(({ kind }) => kind === 'site').length,
    gaps: shown.flatMap(({ gaps }) => gaps),
  };
};

const checkName = async (
  tx: Tx,
  ctx: Ctx,
  on: string,
  named: Pick<OrganisationRow, 'id' | 'division' | 'kind' | 'name'>,
): Promise<void> => {
  checkSiteName(resolveRules(ctx.packs, named.division, on), named);
  if (await isNameTaken(tx, named))
    throw new Refusal('nameTaken', '本地已有同名机构。', { kind: 'conflict', fields: { name: '请核对名称' } });
};

export const organisationHandlers: Handlers<typeof organisationApi> = {
  open: async (tx, ctx, { id, on, ...body }) => {
    if (!inScope(ctx.actor, body.division)) throw outOfScope();
    checkOrganisation(body, body.parent === undefined ? undefined : await getOrganisation(tx, body.parent));
    await checkName(tx, ctx, on, { id, ...body });
    const draft = { id, county: countyOf(body.division), on, subjects: [{ kind: 'organisation' as const, id }], body };
    await ctx.journal.append(tx, ctx, [organisationOpened.draft(draft)]);
    return { organisation: id };
  },
  change: async (tx, ctx, { id, organisation, on, ...body }) => {
    const found = await getOpenOrganisation(tx, ctx.actor, organisation);
    checkNotBefore(on, found.changedOn ?? found.openedOn, found.changedOn ? '上次变更' : '设立');
    // A name that stands is a gap on the pages; whoever changes a telephone number is not held up by it.
    if (body.name !== found.name) await checkName(tx, ctx, on, { ...found, name: body.name });
    const subjects = [{ kind: 'organisation' as const, id: organisation }];
    await ctx.journal.append(tx, ctx, [organisationChanged.draft({ id, county: found.county, on, subjects, body })]);
    return {};
  },
  close: async (tx, ctx, { id, organisation, on, reason }) => {
    const found = await getOpenOrganisation(tx, ctx.actor, organisation);
    checkNotBefore(on, found.openedOn, '设立');
    const [serving, { referrals, children }] = await asFigures(tx, ctx, async () => [
      (await countServing(tx, found.county, [organisation])).get(organisation) ?? 0,
      await countDependants(tx, found.county, organisation),
    ]);
    if (serving + referrals > 0)
      throw new Refusal(
        'stillServing',
        `还有 ${serving} 名康复对象和 ${referrals} 件未办结的转介，请先转介到其他机构。`,
        {
          cites: ['BZ-13'],
        },
      );
    if (children > 0)
      throw new Refusal('stillParent', `还有 ${children} 家下级或结对机构，请先调整。`, { cites: ['BZ-03'] });
    const subjects = [{ kind: 'organisation' as const, id: organisation }];
    await ctx.journal.append(tx, ctx, [
      organisationClosed.draft({ id, county: found.county, on, subjects, body: { reason } }),
    ]);
    return {};
  },
  list: async (tx, ctx, { area = ctx.actor.scope, kind, serving = false, page, pageSize, ...filter }) => {
    const kinds = kind ? [kind] : serving ? servingKinds : undefined;
    const found = await listOrganisations(tx, {
      ...filter,
      area,
      above: serving,
      kinds,
      limit: pageSize,
      offset: (page - 1) * pageSize,
    });
    return { rows: await withServing(tx, ctx, found.rows), total: found.total };
  },
  get: async (tx, ctx, { organisation }) => {
    const [found] = await withServing(tx, ctx, [await getOrganisation(tx, organisation)]);
    if (!found) throw new Error('an organisation got lost');
    return { ...found, nameGaps: listNameGaps(resolveRules(ctx.packs, found.division, ctx.today), found) };
  },
  network: async (tx, ctx, { area = ctx.actor.scope }) => networkOf(tx, ctx, area),
};

/** Staff by their ids, as far as the actor sees them. */
export const findStaffByIds = (tx: Tx, ids: readonly string[]): Promise<StaffRow[]> =>
  ids.length ? listStaffById(tx, ids) : Promise.resolve([]);

/** Departments manage the staff of their area; organisations that serve, their own only. */
const checkEmployer = (actor: Actor, organisation: string): void => {
  const own = ['hospital', 'centre', 'site'].includes(actor.role);
  if (own && actor.organisation !== organisation)
    throw new Refusal('notOwnOrganisation', '只能登记本机构的人员。', { kind: 'access' });
};

const getEmployed = async (tx: Tx, id: string): Promise<StaffRow> => {
  const found = await findStaff(tx, id);
  if (!found) throw new Refusal('notFound', '没有找到此人，或不在您的管辖范围内。', { kind: 'absent' });
  if (found.untilOn) throw new Refusal('alreadyLeft', `已于 ${found.untilOn} 离职。`, { kind: 'conflict' });
  return found;
};

/** Somebody employed by an organisation that the actor manages, and whom an entry of that day is about. */
const getManaged = async (tx: Tx, ctx: Ctx, { staff, on }: { staff: string; on: string }) => {
  const found = await getEmployed(tx, staff);
  checkEmployer(ctx.actor, found.organisation);
  // Row-level security shows a town's clerk the staff of the whole county.
  checkWithin(ctx.actor, await getOrganisation(tx, found.organisation));
  checkNotBefore(on, found.sinceOn, '入职');
  const subjects = [
    { kind: 'staff' as const, id: staff },
    { kind: 'organisation' as const, id: found.organisation },
  ];
  return { county: found.county, subjects };
};

export const staffHandlers: Handlers<typeof staffApi> = {
  join: async (tx, ctx, { id, on, ...body }) => {
    checkEmployer(ctx.actor, body.organisation);
    const organisation = await getOpenOrganisation(tx, ctx.actor, body.organisation);
    checkNotBefore(on, organisation.openedOn, '机构设立');
    const staff = uuidv7();
    const subjects = [
      { kind: 'staff' as const, id: staff },
      { kind: 'organisation' as const, id: organisation.id },
    ];
    await ctx.journal.append(tx, ctx, [staffJoined.draft({ id, county: organisation.county, on, subjects, body })]);
    return { staff };
  },
  leave: async (tx, ctx, { id, staff, on, reason }) => {
    const about = await getManaged(tx, ctx, { staff, on });
    await ctx.journal.append(tx, ctx, [staffLeft.draft({ id, on, ...about, body: { reason } })]);
    return {};
  },
  qualify: async (tx, ctx, { id, staff, on, ...body }) => {
    const about = await getManaged(tx, ctx, { staff, on });
    await ctx.journal.append(tx, ctx, [staffQualified.draft({ id, on, ...about, body })]);
    return {};
  },
  list: async (tx, ctx, { organisation, search, status, page, pageSize }) => {
    const own = ['centre', 'site'].includes(ctx.actor.role) ? ctx.actor.organisation : (organisation ?? null);
    return listStaff(tx, {
      area: ctx.actor.scope,
      organisation: own,
      search,
      employed: status === 'employed',
      limit: pageSize,
      offset: (page - 1) * pageSize,
    });
  },
};
