// One thing that a place or an organisation lacks, with its clause; advice looks different from what is asked.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from '../web/clause.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { Outcome } from '../web/parts.tsx';
import type { NetworkGap } from './network.ts';

export const GapLine = ({ gap: { text, clause, endedOn, hint } }: { gap: NetworkGap }) => {
  const { t } = useTranslation('network');
  return (
    <li>
      {hint ? (
        <>
          <Tag color="processing">{t('organisation.hint')}</Tag>
          {text}
        </>
      ) : (
        <Outcome outcome="unmet" text={text} />
      )}{' '}
      <ClauseChips ids={clause} /> <Lapsed endedOn={endedOn} />
    </li>
  );
};
