// Which column is which field: guesses with reasons and samples, to be confirmed or changed.
import { Button, Select, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../web/client.ts';
import { DayInput } from '../web/form.tsx';
import { useToday } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import type { CensusListDetail } from './census.ts';
import { CensusField, censusFieldNames } from './census-fields.ts';

type Sheet = CensusListDetail['tables'][number];
type Column = Sheet['columns'][number];
type Choices = Readonly<Record<string, CensusField | null>>;

const keyOf = (sheet: string, column: number): string => `${column}@${sheet}`;
const noField = 'none';

interface SheetProps {
  readonly table: Sheet;
  readonly choices: Choices;
  readonly onChoose: (key: string, field: CensusField | null) => void;
}

const SheetColumns = ({ table, choices, onChoose }: SheetProps) => {
  const { t } = useTranslation('census');
  const options = [
    { value: noField, label: t('mapping.unused') },
    ...CensusField.options.map((value) => ({ value, label: censusFieldNames[value] })),
  ];
  const chosen = (column: Column) => choices[keyOf(table.sheet, column.column)] ?? null;
  const doubles = new Set(
    CensusField.options.filter((field) => table.columns.filter((column) => chosen(column) === field).length > 1),
  );
  return (
    <Table
      size="small"
      className="kt-table"
      aria-label={table.sheet || t('mapping.title')}
      rowKey="column"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={table.columns}
      columns={[
        {
          title: t('mapping.header'),
          render: (_, { header, column }) => header || t('mapping.nth', { n: column + 1 }),
        },
        { title: t('mapping.samples'), render: (_, { samples }) => samples.join('、') || '—' },
        {
          title: t('mapping.field'),
          width: 200,
          render: (_, column) => {
            const field = chosen(column);
            return (
              <Select
                className="kt-census-field"
                showSearch={{ optionFilterProp: 'label' }}
                aria-label={t('mapping.fieldOf', { header: column.header })}
                value={field ?? noField}
                status={field !== null && doubles.has(field) ? 'error' : ''}
                options={options}
                onChange={(value: string) =>
                  onChoose(keyOf(table.sheet, column.column), value === noField ? null : (value as CensusField))
                }
              />
            );
          },
        },
        {
          title: t('mapping.sure'),
          responsive: ['sm'],
          render: (_, { confidence, reason, field }) => (
            <>
              {field !== null && (
                <Tag color={confidence >= 0.8 ? 'success' : 'warning'}>
                  {t(confidence >= 0.8 ? 'mapping.certain' : 'mapping.check')}
                </Tag>
              )}
              <span className="kt-quiet">{reason}</span>
            </>
          ),
        },
      ]}
    />
  );
};

const initialChoices = (list: CensusListDetail): Choices =>
  Object.fromEntries(
    list.tables.flatMap(({ sheet, columns }) => columns.map(({ column, field }) => [keyOf(sheet, column), field])),
  );

export const MappingStep = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  const today = useToday();
  const [choices, setChoices] = useState(() => initialChoices(list));
  const [listedOn, setListedOn] = useState<string | undefined>(list.listedOn);
  const plan = useOperation(client.census.plan);
  const [used, empty] = [
    list.tables.filter(({ firstDataRow }) => firstDataRow > 0),
    list.tables.filter(({ firstDataRow }) => firstDataRow === 0),
  ];
  const columns = used.flatMap(({ sheet, columns }) =>
    columns.map(({ column }) => ({ sheet, column, field: choices[keyOf(sheet, column)] ?? null })),
  );
  return (
    <section aria-label={t('steps.mapping')}>
      <p className="kt-quiet">{t('mapping.hint')}</p>
      <div className="kt-census-day">
        <label htmlFor="census-listed-on">{t('mapping.listedOn')}</label>
        <DayInput id="census-listed-on" value={listedOn ?? null} onChange={setListedOn} notAfter={today} />
        <span className="kt-quiet">{t('mapping.listedOnHint')}</span>
      </div>
      {used.map((table) => (
        <div key={table.sheet} className="kt-census-part">
          {list.tables.length > 1 && <h2>{t('mapping.sheet', { name: table.sheet })}</h2>}
          <SheetColumns
            table={table}
            choices={choices}
            onChoose={(key, field) => setChoices({ ...choices, [key]: field })}
          />
        </div>
      ))}
      {empty.length > 0 && (
        <p className="kt-quiet">{t('mapping.empty', { names: empty.map(({ sheet }) => sheet).join('、') })}</p>
      )}
      <ProblemAlert problem={plan.problem} />
      <Button
        type="primary"
        disabled={listedOn === undefined}
        loading={plan.busy}
        onClick={() => listedOn !== undefined && void plan.run({ list: list.id, listedOn, columns })}
      >
        {t('mapping.go')}
      </Button>
    </section>
  );
};
