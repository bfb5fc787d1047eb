// What a session counts as: a choice between two, or, where the place's document counts other services apart, which of them it was.
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Roster } from './session.api.ts';
import type { OtherService } from './session.ts';

/** `rehabilitation` stands for the training itself, which is what is standardized. */
export const rehabilitation = 'rehabilitation';

interface ServiceSelectProps {
  readonly services: readonly OtherService[];
  readonly value?: OtherService | typeof rehabilitation;
  readonly onChange?: (service: OtherService | typeof rehabilitation) => void;
  readonly id?: string;
}

export const ServiceSelect = ({ services, value = rehabilitation, ...rest }: ServiceSelectProps) => {
  const { t } = useTranslation('session');
  return (
    <Select<OtherService | typeof rehabilitation>
      {...rest}
      value={value}
      options={[
        { value: rehabilitation, label: t('standardized.true') },
        ...services.map((one) => ({ value: one, label: t('serviceOf', { service: t(`service.${one}`) }) })),
      ]}
    />
  );
};

/** In words what a session counts as. */
export const useServiceWords = () => {
  const { t } = useTranslation('session');
  return ({ standardized, service }: { standardized: boolean; service?: OtherService | null | undefined }): string =>
    service
      ? t('serviceOf', { service: t(`service.${service}`) })
      : t(`standardized.${standardized ? 'true' : 'false'}`);
};

export const servicesOf = ({ otherServices }: Pick<Roster, 'otherServices'>): readonly OtherService[] =>
  otherServices?.items ?? [];
