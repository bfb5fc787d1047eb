// Linking two records of one human, and taking the link away: what is allowed. Nothing is merged; each record keeps its own entries.
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { endStages, type File, nameOfStage } from './file.ts';

/** What a link looks at in a record. */
export interface Linkable {
  readonly id: string;
  readonly county: string;
  readonly listedOn: string;
  readonly linkedTo: string | null;
  /** Records that stand under this one. */
  readonly linked: readonly string[];
  readonly file: Pick<File, 'stage' | 'episode'>;
}

/** More than known from a list: something was begun that a link must not hide. */
const isRunning = ({ file: { stage, episode } }: Linkable): boolean =>
  !endStages.has(stage) && (episode > 1 || (stage !== 'listed' && stage !== 'ineligible'));

/**
 * Refuses what must not be linked: a record with itself (`samePerson`), over county borders (`otherCounty`), a record that is linked
 * already or that others are linked to (`linkedAway`), and two running episodes (`bothActive`). The record with a running episode is
 * the one that stands.
 */
export const decideLink = (person: Linkable, other: Linkable, on: string): void => {
  if (person.id === other.id)
    throw new Refusal('samePerson', '不能把一条记录与它自己关联。', {
      kind: 'input',
      fields: { other: '请选择另一条记录' },
    });
  if (person.county !== other.county)
    throw new Refusal('otherCounty', '两条记录不在同一个县（区），请先办理迁移。', { cites: ['AL-03'] });
  if (person.linkedTo !== null || other.linkedTo !== null || other.linked.length > 0)
    throw new Refusal('linkedAway', '其中一条记录已与别的记录关联，请先解除原有关联。', { kind: 'conflict' });
  if (isRunning(other))
    throw isRunning(person)
      ? new Refusal(
          'bothActive',
          `两条记录都在办理中（${nameOfStage(person.file.stage)}、${nameOfStage(other.file.stage)}），不能关联；请先办结其中一条。`,
          { cites: ['QS-08'] },
        )
      : new Refusal('otherActive', '被关联的记录正在办理中，请以它为主，反过来关联。', {
          fields: { other: `目前为“${nameOfStage(other.file.stage)}”` },
          cites: ['QS-08'],
        });
  for (const { listedOn } of [person, other]) checkNotBefore(on, listedOn, '建档');
};

/** Refuses (`notLinked`) to take away a link that is not there. */
export const decideUnlink = (person: Linkable, other: Pick<Linkable, 'linkedTo' | 'listedOn'>, on: string): void => {
  if (other.linkedTo !== person.id)
    throw new Refusal('notLinked', '这两条记录没有关联，可能已被他人解除，请刷新。', { kind: 'conflict' });
  for (const { listedOn } of [person, other]) checkNotBefore(on, listedOn, '建档');
};
