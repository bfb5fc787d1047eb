// Lists: search, filters, sorting and paging kept in the address; columns at the desk, cards at phone width.
import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Pagination, Select, type SelectProps, Spin, Table, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsPhone } from './frame.tsx';
import { PageLink } from './link.tsx';
import { ProblemAlert } from './message.tsx';
import { EmptyState } from './parts.tsx';

/** The part of a list's query that every list has (`listQuery` of kernel/contract.ts). `sort`: `name`, or `-name` for descending. */
interface ListState {
  readonly search?: string | undefined;
  readonly page: number;
  readonly pageSize: number;
  readonly sort?: string | undefined;
}

export interface ListColumn<R> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: R) => ReactNode;
  /** Sortable by its key. */
  readonly sort?: boolean;
  readonly width?: number;
  readonly align?: 'left' | 'right';
  /** Left out of the cards. */
  readonly deskOnly?: boolean;
}

export interface ListFilter {
  /** Key in the list's query. */
  readonly key: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** For options that the server seeks. Absent: long lists are searched by their labels. */
  readonly select?: Pick<SelectProps, 'loading' | 'showSearch' | 'onOpenChange' | 'popupMatchSelectWidth'>;
}

interface ListTableProps<R, S extends ListState> {
  /** What the list holds, for screen readers. */
  readonly caption: string;
  readonly query: UseQueryResult<{ rows: R[]; total: number }>;
  /** From `useSearchState(schema)`. */
  readonly state: readonly [S, (change: Partial<S>) => void];
  /** The first one names the row: link and title of its card. */
  readonly columns: readonly [ListColumn<R>, ...ListColumn<R>[]];
  readonly rowKey: (row: R) => string;
  /** Undefined for a row that opens to nothing. */
  readonly rowPath?: (row: R) => string | undefined;
  /** Placeholder of the search box; absent: no search. */
  readonly searchHint?: string;
  readonly filters?: readonly ListFilter[];
  /** When there is nothing at all (no search, no filter): why, and what to do. */
  readonly empty: { readonly title: string; readonly hint: string; readonly action?: ReactNode };
}

const firstPage = { page: 1 };
/** So many options fit on the screen without searching. */
const fewOptions = 10;

const FilterBar = <R, S extends ListState>({
  state: [list, change],
  columns,
  searchHint,
  filters = [],
}: ListTableProps<R, S>) => {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const set = (fields: object) => change({ ...fields, ...firstPage } as Partial<S>);
  const filterValue = (key: string) => (list as Readonly<Record<string, unknown>>)[key];
  const sortable = columns.filter((column) => column.sort);
  if (searchHint === undefined && filters.length === 0 && !(phone && sortable.length > 0)) return null;
  return (
    <search className="kt-filters">
      {searchHint !== undefined && (
        <Input.Search
          key={list.search ?? ''}
          allowClear
          maxLength={50}
          defaultValue={list.search ?? ''}
          placeholder={searchHint}
          aria-label={searchHint}
          onSearch={(search) => set({ search: search.trim() === '' ? undefined : search.trim() })}
        />
      )}
      {filters.map(({ key, label, options, select }) => (
        <Select
          key={key}
          {...(options.length > fewOptions && { showSearch: { optionFilterProp: 'label' } })}
          {...select}
          allowClear
          aria-label={label}
          placeholder={label}
          value={filterValue(key) === undefined ? null : String(filterValue(key))}
          options={[...options]}
          onChange={(value: string | null | undefined) => set({ [key]: value ?? undefined })}
        />
      ))}
      {phone && sortable.length > 0 && (
        <Select
          aria-label={t('table.sort')}
          value={list.sort ?? ''}
          options={[
            { value: '', label: t('table.sortDefault') },
            ...sortable.flatMap(({ key, title }) => [
              { value: key, label: t('table.ascending', { column: title }) },
              { value: `-${key}`, label: t('table.descending', { column: title }) },
            ]),
          ]}
          onChange={(sort: string) => set({ sort: sort === '' ? undefined : sort })}
        />
      )}
    </search>
  );
};

const orderOf = (sort: string | undefined, key: string) =>
  sort === key ? 'ascend' : sort === `-${key}` ? 'descend' : null;

const RowName = ({ path, children }: { path: string | undefined; children: ReactNode }) =>
  path === undefined ? children : <PageLink path={path}>{children}</PageLink>;

const Rows = <R, S extends ListState>({
  caption,
  query,
  state: [list, change],
  columns,
  rowKey,
  rowPath,
}: ListTableProps<R, S>) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [naming] = columns;
  const onChange: TableProps<R>['onChange'] = ({ current = 1, pageSize = list.pageSize }, _filters, sorter) => {
    const { columnKey, order } = Array.isArray(sorter) ? (sorter[0] ?? {}) : sorter;
    const sort = order ? `${order === 'descend' ? '-' : ''}${String(columnKey)}` : undefined;
    const turned = sort === list.sort && pageSize === list.pageSize;
    change({ page: turned ? current : 1, pageSize, sort } as Partial<S>);
  };
  return (
    <Table<R>
      className="kt-table"
      aria-label={caption}
      size="small"
      rowKey={rowKey}
      loading={query.isFetching && { delay: 300 }}
      dataSource={query.data?.rows ?? []}
      columns={columns.map(({ key, title, render, sort, width, align }) => ({
        key,
        title,
        ...(width !== undefined && { width }),
        ...(align !== undefined && { align }),
        ...(sort && { sorter: true, sortOrder: orderOf(list.sort, key) }),
        render: (_value: unknown, row: R) =>
          key === naming.key ? <RowName path={rowPath?.(row)}>{render(row)}</RowName> : render(row),
      }))}
      scroll={{ x: 'max-content' }}
      onChange={onChange}
      // A shortcut for the mouse; the link in the first column is the way for everyone.
      onRow={(row) => {
        const path = rowPath?.(row);
        return path === undefined
          ? {}
          : {
              className: 'kt-row-link',
              onClick: ({ target }) => {
                const inner = target instanceof Element && target.closest('a, button, input, label');
                if (!inner && getSelection()?.toString() === '') void navigate({ to: path });
              },
            };
      }}
      pagination={{
        current: list.page,
        pageSize: list.pageSize,
        total: query.data?.total ?? 0,
        showSizeChanger: true,
        showTotal: (total) => t('table.total', { total }),
      }}
    />
  );
};

const Cards = <R, S extends ListState>({
  caption,
  query,
  state: [list, change],
  columns,
  rowKey,
  rowPath,
}: ListTableProps<R, S>) => {
  const { t } = useTranslation();
  const [naming, ...others] = columns;
  const shown = others.filter((column) => !column.deskOnly);
  return (
    <Spin spinning={query.isFetching} delay={300}>
      <ul className="kt-cards" aria-label={caption}>
        {(query.data?.rows ?? []).map((row) => (
          <li key={rowKey(row)}>
            <span className="kt-card-title">
              <RowName path={rowPath?.(row)}>{naming.render(row)}</RowName>
            </span>
            <dl>
              {shown.map((column) => (
                <CardLine key={column.key} title={column.title}>
                  {column.render(row)}
                </CardLine>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      <Pagination
        simple
        current={list.page}
        pageSize={list.pageSize}
        total={query.data?.total ?? 0}
        showTotal={(total) => t('table.total', { total })}
        onChange={(page) => change({ page } as Partial<S>)}
      />
    </Spin>
  );
};

const CardLine = ({ title, children }: { title: string; children: ReactNode }) => (
  <>
    <dt>{title}</dt>
    <dd>{children}</dd>
  </>
);

export const ListTable = <R, S extends ListState>(props: ListTableProps<R, S>) => {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const { query, empty, filters = [] } = props;
  const [list, change] = props.state;
  const values = list as Readonly<Record<string, unknown>>;
  const narrowed = list.search !== undefined || filters.some(({ key }) => values[key] !== undefined);
  const clear = () =>
    change({
      search: undefined,
      ...Object.fromEntries(filters.map(({ key }) => [key, undefined])),
      ...firstPage,
    } as Partial<S>);
  const none = query.data?.total === 0;
  return (
    <>
      {(!none || narrowed) && <FilterBar {...props} />}
      {query.error !== null && <ProblemAlert problem={query.error} onRetry={() => void query.refetch()} />}
      {none && !narrowed && <EmptyState {...empty} />}
      {none && narrowed && (
        <EmptyState
          title={t('table.noneMatch')}
          hint={t('table.noneMatchHint')}
          action={<Button onClick={clear}>{t('table.clear')}</Button>}
        />
      )}
      {!none && (phone ? <Cards {...props} /> : <Rows {...props} />)}
    </>
  );
};
