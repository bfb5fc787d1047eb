// The places of the demo beside Bazhong: Qiongshan, the seven counties of Altay, Songyang; when each began, where it serves, and how it goes about it.
import type { Timetable } from './listing.ts';
import type { Temper } from './temper.ts';

export interface Site {
  /** The last three digits of its town. */
  readonly town: string;
  readonly name: string;
  readonly openedOn: string;
  readonly capacity: number;
}

export interface Place {
  readonly county: string;
  /** Persons, where Bazhong has 3,000. */
  readonly people: number;
  /** Up to which share come with the census; the rest later. */
  readonly census: number;
  readonly hospital: string;
  readonly centre: string;
  /** From when on the centre serves. */
  readonly centreOpenedOn: string;
  readonly sites: readonly Site[];
  readonly timetable: Timetable;
  readonly temper: Temper;
}

const steady: Temper = {
  visited: 0.85,
  visitDays: 60,
  advised: 0.9,
  riskSent: 3,
  centreScreens: true,
  queues: 0.05,
  stalls: 0.04,
  renews: 0.9,
  idleInOctober: [],
  held: 0.95,
};

const site = (town: string, name: string, openedOn: string, capacity = 30): Site => ({
  town,
  name,
  openedOn,
  capacity,
});

/** QS-12: files by the middle of March, sites by the end of April, service from May. QS-11: one site keeps a name of before. */
const qiongshan: Place = {
  county: '460107',
  people: 120,
  census: 0.88,
  hospital: '琼山区人民医院',
  centre: '琼山区润心指导中心',
  centreOpenedOn: '2024-03-04',
  sites: [
    site('002', '府城街道润心驿站', '2024-04-15', 36),
    site('001', '国兴街道润心家园', '2024-04-22'),
    site('103', '红旗镇精神康复站', '2023-03-06', 20),
    site('004', '凤翔街道润心驿站', '2024-04-28'),
    site('101', '龙塘镇润心小站', '2024-08-12', 20),
  ],
  timetable: {
    lists: { federation: '2024-02-19', health: '2024-02-22', civil: '2024-02-26' },
    screened: '2024-03-04',
    later: '2024-05-06',
    service: '2024-05-06',
  },
  // QS-09: six a month for most; who comes seldom, or to the site that rested in October, falls short.
  temper: { ...steady, visitDays: 40, held: 0.94, meetings: 2, idleInOctober: [2] },
};

const altayDays = (year: '2023' | '2024'): Timetable =>
  year === '2023'
    ? {
        lists: { federation: '2023-06-05', health: '2023-06-12', civil: '2023-06-19' },
        screened: '2023-07-03',
        later: '2024-01-08',
        service: '2023-08-01',
      }
    : {
        lists: { federation: '2024-04-08', health: '2024-04-15', civil: '2024-04-22' },
        screened: '2024-05-06',
        later: '2024-08-05',
        service: '2024-06-17',
      };

const altayCounty = (
  county: string,
  name: string,
  start: '2023' | '2024',
  rest: Pick<Place, 'people' | 'sites'> & { temper?: Partial<Temper>; census?: number },
): Place => ({
  county,
  census: 0.9,
  hospital: `${name}人民医院`,
  centre: `${name}社区康复中心`,
  centreOpenedOn: start === '2023' ? '2023-07-24' : '2024-06-03',
  timetable: altayDays(start),
  ...rest,
  // AL-01 asks for no opinion of a hospital and sets no level of risk.
  temper: { ...steady, visited: 0.95, advised: 1, riskSent: 5, ...rest.temper },
});

/** AL-02: four began in 2023, all were to in 2024: Fuyun and Fuhai did, Qinghe has only listed its people. */
const altay: readonly Place[] = [
  altayCounty('654301', '阿勒泰市', '2023', {
    people: 44,
    sites: [site('002', '解放路街道阳光驿站', '2023-07-31'), site('100', '北屯镇同心驿站', '2024-03-18', 20)],
  }),
  altayCounty('654321', '布尔津县', '2023', { people: 24, sites: [site('100', '布尔津镇友爱驿站', '2023-08-14', 20)] }),
  altayCounty('654324', '哈巴河县', '2023', {
    people: 18,
    sites: [site('100', '阿克齐镇暖心驿站', '2023-09-11', 16)],
    temper: { stalls: 0.15, renews: 0.5, held: 0.7 },
  }),
  altayCounty('654326', '吉木乃县', '2023', { people: 14, sites: [], temper: { queues: 0.2 } }),
  altayCounty('654322', '富蕴县', '2024', {
    people: 16,
    sites: [site('100', '库额尔齐斯镇互助驿站', '2024-06-17', 16)],
  }),
  altayCounty('654323', '福海县', '2024', { people: 12, sites: [], temper: { stalls: 0.2, visited: 0.6 } }),
  altayCounty('654325', '青河县', '2024', { people: 10, sites: [], census: 1, temper: { visited: 0 } }),
];

const songyang: Place = {
  county: '331124',
  people: 90,
  census: 0.88,
  hospital: '松阳县人民医院',
  centre: '松阳县精康服务中心',
  centreOpenedOn: '2024-01-08',
  sites: [
    site('001', '西屏街道心灵家园', '2024-02-26', 30),
    site('101', '古市镇心灵家园', '2024-03-18', 24),
    site('103', '象溪镇心灵驿站', '2024-07-08', 16),
  ],
  timetable: {
    lists: { federation: '2023-12-04', health: '2023-12-11', civil: '2023-12-18' },
    screened: '2024-01-08',
    later: '2024-03-04',
    service: '2024-02-26',
  },
  temper: { ...steady, visited: 0.95, riskSent: 2, visitDays: 45 },
};

export const places: readonly Place[] = [qiongshan, ...altay, songyang];
