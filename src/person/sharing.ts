// Consent as a switch: what is refused once a consent has ended (PIPL 15), or where it does not name who is to receive (PIPL 23, 29).
import type { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';

/** To an organisation: it has lost sight, so that it is told once why, and who can help. */
export const sightEnded = (endedOn: Day): Refusal =>
  new Refusal(
    'consentMissing',
    `此人的知情同意已于 ${endedOn} 起失效（撤回或到期），本机构不能再查看档案、登记服务（《个人信息保护法》第十五条、第二十九条）。请停止服务；愿意继续的，请县（区）民政部门重新登记签署知情同意书，登记后立即恢复。此前的服务记录仍然有效，可在“服务次数”中查看。`,
    { kind: 'access', cites: ['BZ-14'] },
  );

/** To an office: what it may do instead. */
export const consentEnded = (endedOn: Day, act: string): Refusal =>
  new Refusal(
    'consentMissing',
    `此人的知情同意已于 ${endedOn} 起失效（撤回或到期），不能${act}（《个人信息保护法》第十五条、第二十三条、第二十九条）。本人或监护人愿意继续的，请先在档案中重新签署知情同意书；不愿继续的，请办理转出或结案。此前已办理的事项不受影响。`,
    { cites: ['BZ-14'] },
  );

/** Refuses (`consentMissing`) an act for which a consent would have to stand that has ended. */
export const checkNotEnded = (endedOn: Day | null, act: string): void => {
  if (endedOn !== null) throw consentEnded(endedOn, act);
};
