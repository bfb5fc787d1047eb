// The mark of a document whose period is over and whose rules go on applying: beside every outcome, figure, clock and gap that it makes.
import { WarningOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

interface LapsedProps {
  /** The last day of the document's period; nothing is shown where it is not over. */
  readonly endedOn: string | undefined;
}

export const Lapsed = ({ endedOn }: LapsedProps) => {
  const { t } = useTranslation();
  if (endedOn === undefined) return null;
  return (
    <Tag icon={<WarningOutlined />} color="warning">
      {t('lapsed', { day: endedOn })}
    </Tag>
  );
};
