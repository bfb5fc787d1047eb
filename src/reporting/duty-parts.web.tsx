// Parts of the pages of duties: the state in words, and the rule with its clause and its pack.
import { Popover, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DutyState } from '../policy/duty-instance.ts';
import { ClauseChips } from '../web/clause.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import type { DutyInstanceView } from './duty.ts';

const colors = { due: 'processing', late: 'error', done: 'success', doneLate: 'warning', planned: 'default' } as const;

export const DutyStateTag = ({ state }: { state: DutyState }) => {
  const { t } = useTranslation('reporting');
  return <Tag color={colors[state]}>{t(`duty.state.${state}`)}</Tag>;
};

type Rule = Pick<DutyInstanceView, 'title' | 'clause' | 'pack' | 'packName' | 'assumed'>;

/** Clauses and pack of a duty; a pack past its period says so wherever it is used, and so does a number that is ours: at length, or in a list behind a click. */
export const DutyBasis = ({ rule, brief = false }: { rule: Rule; brief?: boolean }) => {
  const { clause, pack, packName, assumed } = rule;
  const { t } = useTranslation('reporting');
  return (
    <span>
      <ClauseChips ids={clause} /> <span className="kt-quiet">{packName}</span> <Lapsed endedOn={pack.endedOn} />
      {assumed !== null && brief && (
        <Popover trigger="click" content={<div className="kt-clause-note">{assumed}</div>}>
          <button type="button" className="kt-clause">
            <Tag>{t('formula.assumed')}</Tag>
          </button>
        </Popover>
      )}
      {assumed !== null && !brief && <div className="kt-quiet">{t('duty.assumed', { reason: assumed })}</div>}
    </span>
  );
};
