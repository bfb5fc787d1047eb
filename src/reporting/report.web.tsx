// One report: its figures as taken, what changed since, its text, filing, printing and the workbook.
import { DownloadOutlined } from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Button, Flex, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { fullNameOfDivision } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { nameOfReport, type Report, type ReportStatus, sectionsOf } from './report.ts';
import type { Drift } from './report-figures.ts';
import { textOfDue } from './report-period.ts';
import { FigureTables, formatFigure } from './report-tables.web.tsx';
import { ReportTextForm } from './report-text.web.tsx';
import { StatusTag } from './reports.web.tsx';
import { kindsFor } from './worklist.ts';
import './reporting.css';
import { Lapsed } from '../web/lapsed.tsx';

const Params = z.object({ report: z.uuid() });
/** More would bury the report; the workbook and the page of the figure have them all. */
const mostDrifts = 12;

const DriftNote = ({ report, drift }: { report: Report; drift: readonly Drift[] }) => {
  const { t } = useTranslation('reporting');
  const filed = report.filedOn !== null;
  if (drift.length === 0) return null;
  return (
    <Alert
      type="info"
      className="kt-problem"
      title={t(filed ? 'report.driftFiled' : 'report.driftDraft', { count: drift.length, on: report.asOf })}
      description={
        <ul className="kt-list">
          {drift.slice(0, mostDrifts).map((one) => (
            <li key={`${one.area} ${one.key}`}>
              {t('report.driftLine', {
                area: fullNameOfDivision(one.area),
                header: one.header,
                filed: formatFigure(one.key, one.filed),
                now: formatFigure(one.key, one.now),
              })}
            </li>
          ))}
          {drift.length > mostDrifts && <li>{t('report.driftMore', { count: drift.length - mostDrifts })}</li>}
        </ul>
      }
    />
  );
};

interface FiledProps {
  readonly report: Report;
  readonly status: ReportStatus;
  readonly intact: boolean | null;
}

const Filed = ({ report, status, intact }: FiledProps) => {
  const { t } = useTranslation('reporting');
  if (report.filedOn === null) return null;
  const late = status === 'filedLate';
  const on = report.dueBefore && report.filedAt ? formatInstant(report.filedAt) : report.filedOn;
  return (
    <Alert
      type={intact === false ? 'error' : late ? 'warning' : 'success'}
      className="kt-problem"
      title={t(late ? 'report.filedLateOn' : 'report.filedOnDay', { on, due: textOfDue(report) })}
      description={`${t(intact === false ? 'report.broken' : 'report.intact')} SHA-256 ${report.hash ?? ''}`}
    />
  );
};

/** The persons behind the figures, for who may see them: the town's own list of today, and the rate's as of the day. */
const Behind = ({ report: { area, asOf, figures } }: { report: Report }) => {
  const { t } = useTranslation('reporting');
  const me = useMe();
  if (!area.startsWith(me.scope)) return null;
  const short = figures.total.shortSessions ?? 0;
  return (
    <p className="kt-no-print">
      {short > 0 && kindsFor(me).includes('sessionsShort') && (
        <>
          <PageLink path="/work/sessionsShort">{t('report.short', { count: short })}</PageLink>
          {'　'}
        </>
      )}
      <PageLink path="/indicators/standardized-service-rate" search={{ area, on: asOf }}>
        {t('report.people', { on: asOf })}
      </PageLink>
    </p>
  );
};

const Texts = ({ report }: { report: Report }) => (
  <>
    {sectionsOf(report.period).map(({ key, name }) => (
      <section key={key}>
        <h2 className="kt-section">{name}</h2>
        <p className="kt-report-text">{report.text[key] || '—'}</p>
      </section>
    ))}
  </>
);

const ReportPage = () => {
  const { t } = useTranslation('reporting');
  const { report: id } = usePathParams(Params);
  const { role, scope } = useMe();
  const { data } = useSuspenseQuery(api.report.get.queryOptions({ input: { report: id } }));
  const { report, status, drift, intact, areaName, clause, endedOn, stale, exact, hidden } = data;
  const file = useOperation(client.report.file);
  const refresh = useOperation(client.report.refresh);
  const editable = report.filedOn === null && role === 'civilAffairs' && scope === report.area;
  const action = editable ? (
    <Popconfirm
      title={t('report.fileAsk')}
      description={t('report.fileHint')}
      onConfirm={() => void file.run({ report: id })}
    >
      <Button type="primary" loading={file.busy}>
        {t('report.file')}
      </Button>
    </Popconfirm>
  ) : undefined;
  return (
    <>
      <PageHead
        title={`${areaName}${nameOfReport(report.period)}`}
        intro={
          <>
            {t('report.of', { on: report.asOf, organisation: report.organisation, due: textOfDue(report) })}{' '}
            <StatusTag status={status} /> <ClauseChips ids={clause} /> <Lapsed endedOn={endedOn ?? undefined} />
          </>
        }
        {...(action !== undefined && { action })}
      />
      <ProblemAlert problem={file.problem ?? refresh.problem} />
      <Filed report={report} status={status} intact={intact} />
      {editable && stale && (
        <Alert type="warning" className="kt-problem" title={t('report.stale', { on: report.asOf })} />
      )}
      <DriftNote report={report} drift={drift} />
      <Flex wrap gap="small" className="kt-no-print">
        {editable && (
          <Button loading={refresh.busy} onClick={() => void refresh.run({ report: id })}>
            {t('report.refresh')}
          </Button>
        )}
        <Button icon={<DownloadOutlined />} href={`/api/reports/${id}/sheet`} download>
          {t('report.sheet')}
        </Button>
        {exact && (
          <Button icon={<DownloadOutlined />} href={`/api/reports/${id}/sheet?copy=publication`} download>
            {t('report.publication')}
          </Button>
        )}
        <PrintButton />
      </Flex>
      {exact && <Behind report={report} />}
      {!exact && <Alert type="info" className="kt-problem" title={t('report.hidden')} />}
      <FigureTables report={report} hidden={hidden} />
      {editable ? <ReportTextForm key={report.id} report={report} /> : <Texts report={report} />}
      <div className="kt-signature">
        {(['seal', 'head', 'author', 'phone'] as const).map((who) => (
          <span key={who}>{t(`report.sign.${who}`)}</span>
        ))}
      </div>
    </>
  );
};
export default ReportPage;
