// Handlers of checks and hazards, and what shows the duties of inspecting a site and putting a hazard right.
import { uuidv7 } from 'uuidv7';
import { type Actor, reachOf } from '../kernel/access.ts';
import { daysBetween } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { correctType, voidType } from '../kernel/entry.ts';
import type { StandingEntry } from '../kernel/projection.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import { checkWithin, getOpenOrganisation, getOrganisation } from './organisation.server.ts';
import type { OrganisationRow } from './organisation.sql.ts';
import { servingKinds } from './organisation.ts';
import type { HazardView, hazardApi, SiteChecks, SiteCheckView, siteCheckApi } from './site-check.api.ts';
import {
  findHazard,
  findSiteCheckKey,
  type HazardClosing,
  type HazardRow,
  listCheckedSites,
  listHazardClosings,
  listHazardRows,
  listSiteChecks,
  type SiteCheckRow,
} from './site-check.sql.ts';
import {
  type CheckedItem,
  decideItems,
  findChecklist,
  getChecklist,
  hazardClosed,
  inspecting,
  isOpenOn,
  listOpenGaps,
  mayChange,
  type SiteCheckBody,
  type SiteCheckInput,
  SiteCheckKind,
  scoreOf,
  siteCheckRecorded,
} from './site-check.ts';
import { deleteContents, listSiteDocuments, type SiteDocumentRow } from './site-document.sql.ts';
import { type SiteDocumentView, voidingOf } from './site-document.ts';

/** Who serves acts for its own place only. */
export const checkOwn = (actor: Actor, organisation: OrganisationRow): void => {
  checkWithin(actor, organisation);
  if (!inspecting.includes(actor.role) && actor.organisation !== organisation.id)
    throw new Refusal('outOfScope', '只能查看、办理本机构的检查和隐患。', { kind: 'access' });
};

interface Decided {
  readonly items: readonly CheckedItem[];
  readonly clause: readonly string[];
}

/** `corrected`: the check that this one takes the place of, whose hazards go on under their ids. */
const decideCheck = async (
  tx: Tx,
  ctx: Ctx,
  organisation: OrganisationRow,
  { input, corrected }: { input: SiteCheckInput; corrected?: { id: string; items: readonly CheckedItem[] } },
): Promise<Decided> => {
  if (!servingKinds.includes(organisation.kind))
    throw new Refusal('notServing', '只检查站点、中心和医疗机构。', { cites: ['BZ-04'] });
  checkNotBefore(input.on, organisation.openedOn, '机构设立');
  const checklist = getChecklist(resolveRules(ctx.packs, organisation.division, input.on), input.kind);
  const { county, id } = organisation;
  const without = corrected && { without: corrected.id };
  const hazards = await listHazardRows(tx, { area: county, organisation: id, ...without });
  const open = hazards.filter((one) => one.kind === input.kind && isOpenOn(one, input.on));
  const hazardOf = (item: string) => {
    const same = corrected?.items.find((one) => one.item === item)?.hazard;
    if (same !== undefined) return { id: same };
    return open.find((one) => one.item === item) ?? { id: uuidv7() };
  };
  return { items: decideItems(input, { checklist, hazardOf }), clause: checklist.clause };
};

const answerOf = (siteCheck: string, items: readonly CheckedItem[]) => ({
  siteCheck,
  ...scoreOf(items),
  hazards: items.filter(({ hazard }) => hazard !== undefined).length,
});

/** What stands of a check in the actor's area, to be replaced by the kind of office that recorded it, or by civil affairs of the county. */
const getReplaceable = async (
  tx: Tx,
  ctx: Ctx,
  id: string,
): Promise<{ standing: StandingEntry & { body: SiteCheckBody }; organisation: OrganisationRow }> => {
  const key = await findSiteCheckKey(tx, id);
  const standing = key && (await ctx.journal.findStanding(tx, key.county, id));
  if (!key || !standing || !siteCheckRecorded.is(standing))
    throw new Refusal('notFound', '没有找到这次检查，可能已作废，或由其他单位登记。', { kind: 'absent' });
  const organisation = await getOrganisation(tx, key.organisation);
  checkWithin(ctx.actor, organisation);
  if (!mayChange(ctx.actor, standing.role))
    throw new Refusal('otherOffice', '这次检查由其他部门登记，请由登记的部门或县（区）民政部门更正。', {
      kind: 'access',
    });
  return { standing: standing as StandingEntry & { body: SiteCheckBody }, organisation };
};

/** The entries may be other officers', which row-level security shows to the county alone. */
const readClosings = (tx: Tx, county: string, organisation: string): Promise<readonly HazardClosing[]> =>
  withCountyReach(tx, () => listHazardClosings(tx, county, organisation), county);

const viewHazard = (row: HazardRow, today: string, mayReopen: boolean): HazardView => {
  const { id, kind, label, remark, foundOn, dueOn, closedOn, done } = row;
  return {
    id,
    kind,
    label,
    remark,
    foundOn,
    dueOn,
    closedOn,
    done,
    left: closedOn === null ? daysBetween(today, dueOn) : null,
    mayReopen,
  };
};

const viewDocument = (row: SiteDocumentRow, { items }: SiteCheckRow, actor: Actor): SiteDocumentView => {
  const { id, item, caption, mediaType, bytes, addedOn, recorder } = row;
  const label = items.find((one) => one.item === item)?.text ?? null;
  const mayVoid = inspecting.includes(actor.role) && mayChange(actor, recorder);
  return { id, item, label, caption, mediaType, bytes, addedOn, mayVoid };
};

const viewCheck = (
  check: SiteCheckRow,
  { actor, documents }: { actor: Actor; documents: readonly SiteDocumentRow[] },
): SiteCheckView => {
  const { recorder, ...row } = check;
  return {
    ...row,
    items: [...row.items],
    inspectors: [...row.inspectors],
    departments: [...row.departments],
    documents: documents
      .filter(({ siteCheck }) => siteCheck === row.id)
      .map((document) => viewDocument(document, check, actor)),
    mayChange: inspecting.includes(actor.role) && mayChange(actor, recorder),
  };
};

/** The place's lists, and how many documents of each item are on file. */
const viewChecklists = (
  rules: ResolvedRules,
  checks: readonly SiteCheckRow[],
  documents: readonly SiteDocumentRow[],
): SiteChecks['checklists'] =>
  SiteCheckKind.options.flatMap((kind) => {
    const list = findChecklist(rules, kind);
    if (!list) return [];
    const own = new Set(checks.filter((check) => check.kind === kind).map(({ id }) => id));
    const onFile = documents.filter(({ siteCheck }) => own.has(siteCheck));
    const items = list.items.map(({ id, text }) => ({
      ...{ id, text },
      documents: onFile.filter(({ item }) => item === id).length,
    }));
    return [{ ...list, clause: [...list.clause], items }];
  });

/** Takes back a check and its documents with it, whoever added them. */
const voidCheck = async (
  tx: Tx,
  ctx: Ctx,
  { standing, id, reason }: { standing: StandingEntry & { body: SiteCheckBody }; id: string; reason: string },
): Promise<void> => {
  const { county, subjects, source } = standing;
  const all = await listSiteDocuments(tx, county, standing.body.organisation);
  const documents = all.filter(({ siteCheck }) => siteCheck === standing.id);
  const own = { id, type: voidType(siteCheckRecorded.type), county, on: ctx.today, subjects };
  const drafts = [
    { ...own, body: { reason }, replaces: source },
    ...documents.map((one) => voidingOf(one, { id: uuidv7(), on: ctx.today, reason })),
  ];
  await withCountyReach(tx, () => ctx.journal.append(tx, ctx, drafts), county);
  await deleteContents(
    tx,
    county,
    documents.map((one) => one.id),
  );
};

export const siteCheckHandlers: Handlers<typeof siteCheckApi> = {
  record: async (tx, ctx, { id, organisation, ...input }) => {
    const found = await getOpenOrganisation(tx, ctx.actor, organisation);
    const { kind, on, inspectors, departments } = input;
    const { items } = await decideCheck(tx, ctx, found, { input });
    const subjects = [{ kind: 'organisation' as const, id: organisation }];
    const body = { organisation, kind, inspectors, departments, items: [...items] };
    await ctx.journal.append(tx, ctx, [siteCheckRecorded.draft({ id, county: found.county, on, subjects, body })]);
    return answerOf(id, items);
  },
  correct: async (tx, ctx, { id, siteCheck, ...input }) => {
    const { standing, organisation } = await getReplaceable(tx, ctx, siteCheck);
    const { kind, on, inspectors, departments } = input;
    const before = standing.body.kind === kind ? standing.body.items : [];
    const corrected = { id: standing.id, items: before };
    const { items } = await decideCheck(tx, ctx, organisation, { input, corrected });
    const { county, subjects, source } = standing;
    const body = { organisation: organisation.id, kind, inspectors, departments, items: [...items] };
    const draft = siteCheckRecorded.draft({ id, county, on, subjects, body, replaces: source });
    await ctx.journal.append(tx, ctx, [{ ...draft, type: correctType(siteCheckRecorded.type) }]);
    return answerOf(standing.id, items);
  },
  void: async (tx, ctx, { id, siteCheck, reason }) => {
    const { standing } = await getReplaceable(tx, ctx, siteCheck);
    await voidCheck(tx, ctx, { standing, id, reason });
    return {};
  },
  list: async (tx, ctx, { area = ctx.actor.scope, show, search, page, pageSize }) => {
    const { actor, today } = ctx;
    // An organisation's scope is the county or town, its sight its own place; a foreign area has no rows (row-level security).
    const own = inspecting.includes(actor.role) ? null : actor.organisation;
    if (!inspecting.includes(actor.role) && own === null) return { rows: [], total: 0 };
    const within = area.startsWith(actor.scope) ? area : actor.scope;
    const query = { area: within, own, today, show, search, limit: pageSize, offset: (page - 1) * pageSize };
    const { rows, total } = await listCheckedSites(tx, query);
    return { rows: rows.map((row) => ({ ...row, checks: [...row.checks] })), total };
  },
  ofOrganisation: async (tx, ctx, { organisation }) => {
    const { actor, today } = ctx;
    const found = await getOrganisation(tx, organisation);
    checkOwn(actor, found);
    const rules = resolveRules(ctx.packs, found.division, today);
    const checks = await listSiteChecks(tx, found.county, organisation);
    const hazards = await listHazardRows(tx, { area: found.county, organisation });
    const closings = await readClosings(tx, found.county, organisation);
    const documents = await listSiteDocuments(tx, found.county, organisation);
    const mayAct = found.closedOn === null && reachOf(actor) !== 'figures';
    return {
      checklists: viewChecklists(rules, checks, documents),
      mayRecord: mayAct && inspecting.includes(actor.role) && servingKinds.includes(found.kind),
      mayClose: mayAct,
      checks: checks.map((row) => viewCheck(row, { actor, documents })),
      gaps: listOpenGaps(checks, hazards, today),
      hazards: hazards.map((row) => {
        const closing = closings.find(({ hazard }) => hazard === row.id);
        return viewHazard(row, today, mayAct && closing !== undefined && mayChange(actor, closing.role));
      }),
    };
  },
};

const getOwnHazard = async (tx: Tx, { actor }: Ctx, id: string): Promise<HazardRow> => {
  const found = await findHazard(tx, id);
  if (!found) throw new Refusal('notFound', '没有找到这项隐患，或不在您的管辖范围内。', { kind: 'absent' });
  checkOwn(actor, await getOrganisation(tx, found.organisation));
  return found;
};

/** Refuses where a check has found the same again since, which is followed under its own id. */
const checkNotFoundAgain = async (tx: Tx, { id, county, organisation, kind, item, foundOn }: HazardRow) => {
  const later = (await listHazardRows(tx, { area: county, organisation })).find(
    (one) => one.id !== id && one.kind === kind && one.item === item && one.foundOn > foundOn,
  );
  if (later)
    throw new Refusal('foundAgain', `${later.foundOn} 的检查又发现了同一问题，已另列待整改，请在那一项中办理。`, {
      kind: 'conflict',
    });
};

export const hazardHandlers: Handlers<typeof hazardApi> = {
  close: async (tx, ctx, { id, hazard, on, done }) => {
    const found = await getOwnHazard(tx, ctx, hazard);
    if (found.closedOn !== null)
      throw new Refusal('hazardClosed', `这项隐患已于 ${found.closedOn} 整改完成。`, { kind: 'conflict' });
    checkNotBefore(on, found.foundOn, '发现隐患');
    const subjects = [{ kind: 'organisation' as const, id: found.organisation }];
    await ctx.journal.append(tx, ctx, [
      hazardClosed.draft({ id, county: found.county, on, subjects, body: { hazard, done } }),
    ]);
    return {};
  },
  reopen: async (tx, ctx, { id, hazard, reason }) => {
    const found = await getOwnHazard(tx, ctx, hazard);
    const { county, organisation } = found;
    const closing = (await readClosings(tx, county, organisation)).find((one) => one.hazard === hazard);
    if (!closing)
      throw new Refusal('notClosed', '这项隐患没有登记整改完成，或已由检查确认，不能撤销。', { kind: 'conflict' });
    if (!mayChange(ctx.actor, closing.role))
      throw new Refusal('otherOffice', '这项整改由其他单位登记，请由登记的单位或县（区）民政部门撤销。', {
        kind: 'access',
      });
    await checkNotFoundAgain(tx, found);
    const subjects = [{ kind: 'organisation' as const, id: organisation }];
    const draft = { id, county, on: ctx.today, subjects, body: { reason }, type: voidType(hazardClosed.type) };
    await withCountyReach(tx, () => ctx.journal.append(tx, ctx, [{ ...draft, replaces: closing.id }]), county);
    return {};
  },
};
