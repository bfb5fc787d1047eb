// The figures of a report: the place's own by group, and one row per town.
import { Descriptions, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { nameOfDivision } from '../network/division.ts';
import { formatRate, hiddenMark } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import type { Report } from './report.ts';
import {
  type FigureColumnOf as Column,
  columnsOfKind,
  type FigureColumn,
  type FigureKey,
  figureColumns,
  noteWithoutData,
} from './report-figures.ts';
import { kindOfPeriod } from './report-period.ts';

const columns: readonly FigureColumn[] = figureColumns;

export const formatFigure = (key: FigureKey, value: number | null | undefined): string =>
  columns.find((column) => column.key === key)?.format === 'percent' ? formatRate(value ?? null) : String(value ?? '—');

/** The columns of a kind of report under their common headers. */
export const groupsOf = (period: string): [string, Column[]][] => {
  const found = new Map<string, Column[]>();
  for (const column of columnsOfKind(kindOfPeriod(period)))
    found.set(column.group, [...(found.get(column.group) ?? []), column]);
  return [...found];
};

export const FigureTables = ({ report, hidden }: { report: Report; hidden: readonly FigureKey[] }) => {
  const { t } = useTranslation('reporting');
  const { rows, total, yearBefore, sessionsAsked } = report.figures;
  const townOf = (area: string): string => (area === report.county ? t('report.countyLevel') : nameOfDivision(area));
  return (
    <>
      <h2 className="kt-section">{t('report.figures')}</h2>
      {sessionsAsked != null && <p>{t('report.sessionsAsked', { count: sessionsAsked })}</p>}
      <Descriptions
        bordered
        size="small"
        column={{ xs: 1, sm: 1, md: 2, lg: 3 }}
        items={columnsOfKind(kindOfPeriod(report.period)).map(({ key, header, group }) => ({
          key,
          label: `${group} · ${header}`,
          children: (
            <>
              <span className="kt-whole">{hidden.includes(key) ? hiddenMark : formatFigure(key, total[key])}</span>
              {yearBefore && (
                <span className="kt-quiet">
                  {' '}
                  {t('report.yearBefore', { value: formatFigure(key, yearBefore[key]) })}
                </span>
              )}
            </>
          ),
        }))}
      />
      <p className="kt-quiet">{noteWithoutData}</p>
      {rows.length > 0 && <h2 className="kt-section">{t('report.towns')}</h2>}
      {rows.length > 0 && (
        <Table
          size="small"
          bordered
          pagination={false}
          rowKey={({ area }) => area}
          aria-label={t('report.towns')}
          dataSource={[...rows]}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              key: 'area',
              title: t('report.town'),
              fixed: 'left',
              render: (_, { area }) => (
                <PageLink path="/indicators/standardized-service-rate" search={{ area, on: report.asOf }}>
                  {townOf(area)}
                </PageLink>
              ),
            },
            ...groupsOf(report.period).map(([group, own]) => ({
              key: group,
              title: group,
              children: own.map(({ key, header }) => ({
                key,
                title: header,
                align: 'right' as const,
                render: (_: unknown, { values }: (typeof rows)[number]) => formatFigure(key, values[key]),
              })),
            })),
          ]}
        />
      )}
    </>
  );
};
