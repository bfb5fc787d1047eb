// Charts: drawn by ECharts, loaded only when one is shown, with a title, a sentence and the same numbers as a table.
import { Button, Skeleton, Table } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartOption } from './chart-canvas.tsx';

const Canvas = lazy(() => import('./chart-canvas.tsx'));

interface ChartTable {
  readonly columns: readonly string[];
  /** One row per column set; the first cell names the row. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

interface ChartProps {
  readonly title: string;
  /** What the chart shows, in a sentence, for who cannot see it. */
  readonly summary: string;
  readonly option: ChartOption;
  /** The numbers of the chart. */
  readonly table: ChartTable;
  readonly height?: number;
  readonly onPick?: (name: string) => void;
}

const DataTable = ({ columns, rows }: ChartTable) => (
  <Table
    size="small"
    pagination={false}
    scroll={{ x: 'max-content' }}
    columns={columns.map((title, index) => ({
      key: title,
      title,
      render: (_value: unknown, { cells }: { cells: ChartTable['rows'][number] }) => cells[index] ?? '—',
    }))}
    dataSource={rows.map((cells) => ({ key: String(cells[0]), cells }))}
  />
);

export const Chart = ({ title, summary, option, table, height = 260, onPick }: ChartProps) => {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  return (
    <section className="kt-chart" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Button type="link" size="small" className="kt-no-print" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'chart.chart' : 'chart.table')}
        </Button>
      </header>
      {asTable ? (
        <DataTable {...table} />
      ) : (
        <Suspense fallback={<Skeleton active title={false} />}>
          <Canvas option={option} summary={summary} height={height} {...(onPick !== undefined && { onPick })} />
        </Suspense>
      )}
    </section>
  );
};
