// The reports of a county's towns of one period side by side: who filed in time, who was late or has not filed, and their sum.
import { DownloadOutlined } from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Button, Flex, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { ReportSummary } from './report.api.ts';
import { nameOfReport, type ReportStatus } from './report.ts';
import { noteWithoutData } from './report-figures.ts';
import { Period, textOfDue } from './report-period.ts';
import { formatFigure, groupsOf } from './report-tables.web.tsx';
import { StatusTag } from './reports.web.tsx';

const Query = z.object({ period: Period.optional() });
type Row = ReportSummary['rows'][number];

const TownCell = ({ row }: { row: Row }) =>
  row.report === null ? row.areaName : <PageLink path={`/reports/${row.report}`}>{row.areaName}</PageLink>;

const SummaryTable = ({ data }: { data: ReportSummary }) => {
  const { t } = useTranslation('reporting');
  const groups = groupsOf(data.period);
  const columns = groups.flatMap(([, own]) => own);
  return (
    <Table
      size="small"
      bordered
      pagination={false}
      rowKey={({ area }) => area}
      aria-label={t('report.summary')}
      dataSource={[...data.rows]}
      scroll={{ x: 'max-content' }}
      columns={[
        { key: 'area', title: t('report.town'), fixed: true, render: (_, row) => <TownCell row={row} /> },
        { key: 'status', title: t('report.state'), render: (_, { status }) => <StatusTag status={status} /> },
        {
          key: 'filedAt',
          title: t('report.filedOn'),
          render: (_, { filedAt }) => (filedAt === null ? '—' : formatInstant(filedAt)),
        },
        ...groups.map(([group, own]) => ({
          key: group,
          title: group,
          children: own.map(({ key, header }) => ({
            key,
            title: header,
            align: 'right' as const,
            render: (_: unknown, { values }: Row) => (values === null ? '' : formatFigure(key, values[key])),
          })),
        })),
        { key: 'remarks', title: t('report.remarks'), width: 240, render: (_, { remarks }) => remarks },
      ]}
      summary={() => (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0} colSpan={3}>
            <strong>{t('report.summaryTotal')}</strong>
          </Table.Summary.Cell>
          {columns.map(({ key }, index) => (
            <Table.Summary.Cell key={key} index={index + 3} align="right">
              <strong>{formatFigure(key, data.total[key])}</strong>
            </Table.Summary.Cell>
          ))}
          <Table.Summary.Cell index={columns.length + 3} />
        </Table.Summary.Row>
      )}
    />
  );
};

const SummaryPage = () => {
  const { t } = useTranslation('reporting');
  const { scope: county } = useMe();
  const [{ period }, change] = useSearchState(Query);
  const input = { county, ...(period !== undefined && { period }) };
  const { data } = useSuspenseQuery(api.report.summary.queryOptions({ input }));
  const of = (status: ReportStatus) => data.rows.filter((row) => row.status === status);
  const overdue = of('overdue');
  const counts = { towns: data.rows.length, filed: of('filed').length, late: of('filedLate').length };
  const words = { county: data.countyName, report: nameOfReport(data.period), due: textOfDue(data), ...counts };
  return (
    <>
      <PageHead
        intro={
          <>
            {t('report.summaryIntro', { ...words, overdue: overdue.length })} <ClauseChips ids={data.clause} />{' '}
            <Lapsed endedOn={data.endedOn ?? undefined} />
          </>
        }
      />
      <Flex wrap gap="small" className="kt-problem kt-no-print">
        <Select
          aria-label={t('report.choosePeriod')}
          value={data.period}
          popupMatchSelectWidth={false}
          options={data.periods.map((value) => ({ value, label: nameOfReport(value) }))}
          onChange={(value) => change({ period: value })}
        />
        <Button
          icon={<DownloadOutlined />}
          href={`/api/report-summary/sheet?county=${county}&period=${data.period}`}
          download
        >
          {t('report.sheet')}
        </Button>
        <PrintButton />
      </Flex>
      <Alert
        type={overdue.length > 0 ? 'warning' : 'info'}
        className="kt-problem"
        title={
          overdue.length > 0
            ? t('report.summaryMissing', { towns: overdue.map(({ areaName }) => areaName).join('、') })
            : t('report.summaryNone')
        }
      />
      <SummaryTable data={data} />
      <p className="kt-quiet">{noteWithoutData}</p>
    </>
  );
};
export default SummaryPage;
