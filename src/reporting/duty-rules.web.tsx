// Each duty of the place in the month, by county: clause, pack, and how many are late, due and done.
import { useQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { DutyState } from '../policy/duty-instance.ts';
import { api } from '../web/client.ts';
import { formatCount } from '../web/format.ts';
import { ProblemAlert } from '../web/message.tsx';
import { EmptyState } from '../web/parts.tsx';
import type { DutyCountView } from './duty.ts';
import type { DutyInput } from './duty.web.tsx';
import { DutyBasis, DutyStateTag } from './duty-parts.web.tsx';

const Counts = ({ row }: { row: DutyCountView }) => (
  <span>
    {DutyState.options
      .filter((state) => row.counts[state] !== 0)
      .map((state) => (
        <span key={state}>
          <DutyStateTag state={state} />
          {formatCount(row.counts[state])}{' '}
        </span>
      ))}
  </span>
);

const Rule = ({ rows }: { rows: readonly DutyCountView[] }) => {
  const { t } = useTranslation('reporting');
  const [first] = rows;
  if (first === undefined) return null;
  return (
    <Card size="small" title={<h2 className="kt-work-title">{first.title}</h2>}>
      <DutyBasis rule={first} />
      {rows.some(({ counts }) => counts.planned !== 0) && <p className="kt-quiet">{t('duty.plannedHint')}</p>}
      <ul className="kt-work">
        {rows.map((row) => (
          <li key={row.area}>
            <span className="kt-work-name">{row.areaName}</span>
            <Counts row={row} />
          </li>
        ))}
      </ul>
    </Card>
  );
};

interface DutyRulesProps {
  readonly input: DutyInput;
  /** One rule alone. */
  readonly duty: string | undefined;
}

export const DutyRules = ({ input, duty }: DutyRulesProps) => {
  const { t } = useTranslation('reporting');
  const { data, error } = useQuery(api.duty.counts.queryOptions({ input }));
  if (error) return <ProblemAlert problem={error} />;
  if (data === undefined) return null;
  const owed = data.rows.filter(
    (row) => (duty === undefined || row.duty === duty) && Object.values(row.counts).some((count) => count !== 0),
  );
  if (owed.length === 0) return <EmptyState title={t('duty.none')} hint={t('duty.noneHint')} />;
  const rules = Map.groupBy(owed, ({ duty, pack }) => `${pack.id} ${pack.version} ${duty} ${pack.lapsed}`);
  return (
    <Flex vertical gap="small">
      {owed.some(({ hidden }) => hidden) && <p className="kt-quiet">{t('duty.hiddenNote')}</p>}
      {[...rules].map(([key, rows]) => (
        <Rule key={key} rows={rows} />
      ))}
    </Flex>
  );
};
