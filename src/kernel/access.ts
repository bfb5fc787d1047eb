// Who acts: roles, the area and organisation they act for, and how far they see. Row-level security reads exactly these.
import { z } from 'zod';

/** Roles by type of organisation, and the three separated administrators (GB/T 22239-2019, 8.1.4.2). */
export const Role = z.enum([
  'civilAffairs',
  'health',
  'federation',
  'finance',
  'publicSecurity',
  'hospital',
  'centre',
  'site',
  'village',
  'guardian',
  'public',
  'systemAdmin',
  'securityAdmin',
  'auditAdmin',
  'machine',
]);
export type Role = z.infer<typeof Role>;

/**
 * How far an actor sees persons. `area`: every person of the area. `organisation`: persons that the organisation serves or has been sent
 * (table `sight`). `figures`: counts of the area, and a person only while an opening of the actor's own lasts (table `opening`). `none`:
 * no person at all.
 */
export type Reach = 'area' | 'organisation' | 'figures' | 'none';

const reachInCounty: Readonly<Record<Role, Reach>> = {
  civilAffairs: 'area',
  health: 'area',
  federation: 'area',
  finance: 'none',
  publicSecurity: 'none',
  hospital: 'area',
  centre: 'organisation',
  site: 'organisation',
  village: 'area',
  guardian: 'none',
  public: 'none',
  systemAdmin: 'none',
  securityAdmin: 'none',
  auditAdmin: 'none',
  machine: 'area',
};

/** Above the counties nobody serves a whole area: an office counts (PIPL 6), a hospital serves whom it was sent. */
export const reachOf = ({ role, scope }: Pick<Actor, 'role' | 'scope'>): Reach => {
  const reach = reachInCounty[role];
  if (reach !== 'area' || scope.length >= 6 || role === 'machine') return reach;
  return role === 'hospital' ? 'organisation' : 'figures';
};

/** Who performs an operation. `scope` is a GB/T 2260 prefix: '' nation, 4 digits a city, 6 a county, 9 a town. */
export interface Actor {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly organisation: string | null;
  readonly scope: string;
  readonly device?: string;
}

/** The product itself: jobs, replay, loading. Never the actor of a request. */
export const machineActor: Actor = { user: 'kangtu', name: '康途', role: 'machine', organisation: null, scope: '' };

/** Whether a division (county or town code) lies in the actor's scope. */
export const inScope = (actor: Actor, division: string): boolean => division.startsWith(actor.scope);

/**
 * Whether the actor sees counts of 1 to 4 persons in figures of the area: only who may see the persons counted, which is the organisation
 * in charge (docs/decisions/0007). An organisation's figures are of its own clients alone.
 */
export const seesSmallCells = ({ role, scope }: Pick<Actor, 'role' | 'scope'>, area: string): boolean => {
  const reach = reachOf({ role, scope });
  if (role === 'machine' || reach === 'organisation') return true;
  return reach === 'area' && scope.length >= 6 && area.startsWith(scope);
};

/** The county (6 digits) of a division code. */
export const countyOf = (division: string): string => division.slice(0, 6);
