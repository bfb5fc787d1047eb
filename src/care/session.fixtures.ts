// A roll-call as a site sends it: on a Monday, a training group of an hour.
import { newId } from '../server/app.fixtures.ts';

export const aSessionInput = (change: object) => ({
  id: newId(),
  on: '2024-03-04',
  kind: 'group',
  domain: 'socialSkills',
  standardized: true,
  startAt: '09:00',
  minutes: 60,
  leader: '李敏',
  ...change,
});
