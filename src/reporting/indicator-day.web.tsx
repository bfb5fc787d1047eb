// The day as of which figures are asked.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useMe } from '../web/me.ts';

export const OnDay = ({ on, onChange }: { on: string; onChange: (on: string | undefined) => void }) => {
  const { t } = useTranslation('reporting');
  const { clock } = useMe();
  return (
    <label className="kt-no-print" htmlFor="on-day">
      {t('indicator.on')}{' '}
      <DatePicker
        id="on-day"
        allowClear={false}
        value={dayjs(on)}
        disabledDate={(day) => day.format('YYYY-MM-DD') > clock.today}
        onChange={(day) => onChange(day === null ? undefined : day.format('YYYY-MM-DD'))}
      />
    </label>
  );
};
