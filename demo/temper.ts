// How each county goes about it: what makes one reach the target of 2024 and another miss it.

export interface Temper {
  /** Share of listed persons visited at home in 2024, within how many days of the first screening. */
  readonly visited: number;
  readonly visitDays: number;
  /** Share of willing persons for whom a hospital gives its opinion. */
  readonly advised: number;
  /** Highest risk with which a hospital still sends somebody on; the place's criteria decide (BZ-07: 1). */
  readonly riskSent: number;
  readonly centreScreens: boolean;
  /** Share of referrals that are put on a list although there is room. */
  readonly queues: number;
  /** Share of clients for whom one paper is not done. */
  readonly stalls: number;
  /** Share of plans and agreements renewed when they are due. */
  readonly renews: number;
  /** Sites (by position) that held no standardized session in October 2024. */
  readonly idleInOctober: readonly number[];
  /** Share of sessions of a client's group that take place. */
  readonly held: number;
  /** How often a week a group meets, where it is more than once. */
  readonly meetings?: 2;
}

export const tempers: Readonly<Record<string, Temper>> = {
  // Bazhou: the seat of the city, ahead.
  '511902': {
    visited: 0.78,
    visitDays: 210,
    advised: 0.86,
    riskSent: 1,
    centreScreens: true,
    queues: 0.05,
    stalls: 0.05,
    renews: 0.9,
    idleInOctober: [],
    held: 0.95,
  },
  // Enyang: few sites, long queues.
  '511903': {
    visited: 0.7,
    visitDays: 240,
    advised: 0.8,
    riskSent: 1,
    centreScreens: false,
    queues: 0.3,
    stalls: 0.085,
    renews: 0.85,
    idleInOctober: [5],
    held: 0.9,
  },
  // Tongjiang: far behind: wide, mountainous, papers left undone, two sites without staff in autumn.
  '511921': {
    visited: 0.62,
    visitDays: 260,
    advised: 0.72,
    riskSent: 1,
    centreScreens: false,
    queues: 0.12,
    stalls: 0.14,
    renews: 0.6,
    idleInOctober: [1, 3, 4],
    held: 0.7,
  },
  // Nanjiang: a little short.
  '511922': {
    visited: 0.68,
    visitDays: 240,
    advised: 0.8,
    riskSent: 1,
    centreScreens: true,
    queues: 0.16,
    stalls: 0.105,
    renews: 0.84,
    idleInOctober: [6],
    held: 0.9,
  },
  // Pingchang: above the target.
  '511923': {
    visited: 0.72,
    visitDays: 220,
    advised: 0.84,
    riskSent: 1,
    centreScreens: false,
    queues: 0.06,
    stalls: 0.045,
    renews: 0.88,
    idleInOctober: [],
    held: 0.93,
  },
};
