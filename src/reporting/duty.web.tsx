// Duties: a month's days, what is due and what is late, and each duty with its clause, pack and counts; the calendar file of the office.
import { CalendarOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Flex, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { addMonths, firstDayOf, lastDayOf, monthOf } from '../kernel/calendar.ts';
import { listQuery, Month } from '../kernel/contract.ts';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { DutyDays } from './duty-days.web.tsx';
import { DutyList } from './duty-list.web.tsx';
import { DutyRules } from './duty-rules.web.tsx';
import './reporting.css';

const View = z.enum(['calendar', 'due', 'late', 'rules']);
export const DutyQuery = z.object({
  ...listQuery,
  view: View.default('calendar'),
  month: Month.optional(),
  responsible: z.enum(['mine', 'all']).default('all'),
  duty: z.string().max(60).optional(),
});
export type DutyQuery = z.infer<typeof DutyQuery>;

const MonthPicker = ({ month, change }: { month: string; change: (month: string) => void }) => {
  const { t } = useTranslation('reporting');
  const by = (months: number) => () => change(monthOf(addMonths(firstDayOf(month), months)));
  return (
    <Flex gap="small" align="center">
      <Button icon={<LeftOutlined />} aria-label={t('duty.previous')} onClick={by(-1)} />
      <strong>{month}</strong>
      <Button icon={<RightOutlined />} aria-label={t('duty.next')} onClick={by(1)} />
    </Flex>
  );
};

const DutyPage = () => {
  const { t } = useTranslation('reporting');
  const me = useMe();
  const state = useSearchState(DutyQuery);
  const [{ view, responsible, month = monthOf(me.clock.today) }, change] = state;
  const { today } = me.clock;
  const span = {
    late: { from: addMonths(today, -12), to: today },
    due: { from: today, to: addMonths(today, 1) },
    calendar: { from: firstDayOf(month), to: lastDayOf(month) },
    rules: { from: firstDayOf(month), to: lastDayOf(month) },
  }[view];
  return (
    <>
      <PageHead
        intro={t('duty.intro', { place: me.organisation?.name ?? me.scopeName, ...span, on: today })}
        action={
          <Button icon={<CalendarOutlined />} href="/api/duties/feed" download>
            {t('duty.feed')}
          </Button>
        }
      />
      <Flex wrap gap="small" align="center" className="kt-indicator-place kt-no-print">
        <Segmented
          value={view}
          onChange={(next) => change({ view: next, page: 1 })}
          options={View.options.map((value) => ({ value, label: t(`duty.views.${value}`) }))}
        />
        <Segmented
          value={responsible}
          onChange={(next) => change({ responsible: next, page: 1 })}
          options={(['all', 'mine'] as const).map((value) => ({ value, label: t(`duty.${value}`) }))}
        />
        {(view === 'calendar' || view === 'rules') && (
          <MonthPicker month={month} change={(next) => change({ month: next, page: 1 })} />
        )}
      </Flex>
      {view === 'calendar' && <DutyDays input={{ ...span, responsible }} />}
      {(view === 'late' || view === 'due') && <DutyList state={state} view={view} span={span} />}
      {view === 'rules' && <DutyRules input={{ ...span, responsible }} />}
    </>
  );
};
export default DutyPage;
