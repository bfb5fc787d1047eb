// Organisations to choose from, sought by the server while one types.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SelectProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import type { Organisation, OrganisationKind } from './organisation.ts';

interface OrganisationFilter {
  readonly area?: string;
  readonly kind?: OrganisationKind;
  readonly serving?: boolean;
  readonly status?: 'open' | 'closed';
}

/**
 * The first organisations that match, and the chosen one even where it is not among them; `select` goes to the Select as it is.
 * Asks nothing without a filter.
 */
export const useOrganisationOptions = (filter: OrganisationFilter | undefined, chosen?: string | null) => {
  const { t } = useTranslation('network');
  const [search, setSearch] = useState('');
  const input = { ...filter, pageSize: 50, ...(search && { search }) };
  const list = useQuery({
    ...api.organisation.list.queryOptions({ input }),
    placeholderData: keepPreviousData,
    enabled: filter !== undefined,
  });
  const found = list.data?.rows ?? [];
  const absent = list.isSuccess && search === '' && Boolean(chosen) && !found.some(({ id }) => id === chosen);
  const own = useQuery({
    ...api.organisation.get.queryOptions({ input: { organisation: chosen ?? '' } }),
    enabled: absent,
  });
  const rows: readonly Organisation[] = absent && own.data ? [own.data, ...found] : found;
  const select: Pick<SelectProps, 'loading' | 'showSearch' | 'onOpenChange' | 'popupMatchSelectWidth'> = {
    loading: list.isFetching,
    popupMatchSelectWidth: false,
    showSearch: { filterOption: false, onSearch: (text) => setSearch(text.trim().slice(0, 50)) },
    onOpenChange: (open) => {
      if (!open) setSearch('');
    },
  };
  const options = rows.map(({ id, name, closedOn }) => ({
    value: id,
    label: closedOn === null ? name : t('organisations.closedName', { name }),
  }));
  return { rows, options, select };
};
