// A month of duties as a list by day: titles and counts.
import { useQuery } from '@tanstack/react-query';
import { Card, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import { ProblemAlert } from '../web/message.tsx';
import { EmptyState } from '../web/parts.tsx';
import type { DutyDay } from './duty.ts';
import type { DutyInput } from './duty.web.tsx';
import { DutyBasis } from './duty-parts.web.tsx';

const tones = { late: 'error', open: 'processing', done: 'success', planned: 'default' } as const;

const Day = ({ on, duties }: { on: string; duties: readonly DutyDay[] }) => {
  const { t } = useTranslation('reporting');
  return (
    <Card size="small" title={<h2 className="kt-work-title">{on}</h2>}>
      <ul className="kt-work">
        {duties.map((one) => (
          <li key={`${one.duty} ${one.pack.id} ${one.before ?? ''}`}>
            <span className="kt-work-name">
              {one.title} {one.before !== null && <strong>{t('duty.before', { time: one.before })}</strong>}
              <br />
              <DutyBasis rule={one} />
            </span>
            <span>
              {(['late', 'open', 'done', 'planned'] as const).map(
                (key) =>
                  one[key] > 0 && (
                    <Tag key={key} color={tones[key]}>
                      {t(`duty.counts.${key}`, { count: one[key] })}
                    </Tag>
                  ),
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
};

interface DutyDaysProps {
  readonly input: DutyInput;
}

export const DutyDays = ({ input }: DutyDaysProps) => {
  const { t } = useTranslation('reporting');
  const { data, error } = useQuery(api.duty.calendar.queryOptions({ input }));
  if (error) return <ProblemAlert problem={error} />;
  if (data === undefined) return null;
  if (data.days.length === 0) return <EmptyState title={t('duty.none')} hint={t('duty.noneHint')} />;
  const days = [...Map.groupBy(data.days, ({ on }) => on)];
  return (
    <Flex vertical gap="small">
      {days.map(([on, duties]) => (
        <Day key={on} on={on} duties={duties} />
      ))}
    </Flex>
  );
};
