// Small parts that pages share: outcomes, clocks, figures, masked text, empty states, time lines, printing.
import { CheckCircleOutlined, CloseCircleOutlined, PrinterOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Timeline as AntTimeline, Button, Tag, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from './clause.tsx';
import { Lapsed } from './lapsed.tsx';
import { PageLink } from './link.tsx';

const outcomeLooks = {
  met: { icon: <CheckCircleOutlined />, color: 'success' },
  unmet: { icon: <CloseCircleOutlined />, color: 'error' },
  unknown: { icon: <QuestionCircleOutlined />, color: 'warning' },
} as const;

/** Met, unmet or unknown: icon and words, so that nothing hangs on colour. */
export const Outcome = ({ outcome, text }: { outcome: keyof typeof outcomeLooks; text?: string }) => {
  const { t } = useTranslation();
  const { icon, color } = outcomeLooks[outcome];
  return (
    <Tag icon={icon} color={color}>
      {text ?? t(`outcome.${outcome}`)}
    </Tag>
  );
};

interface ClockProps {
  readonly dueOn: string;
  /** Days from today to `dueOn`, negative when it is past; the server counts them (the browser has no calendar of working days). */
  readonly left: number;
  readonly unit?: 'workingDays' | 'days';
  /** The last day of the document that sets the time, where that is over. */
  readonly lapsedOn?: string | undefined;
}

/** How long is left for a duty. */
export const Clock = ({ dueOn, left, unit = 'workingDays', lapsedOn }: ClockProps) => {
  const { t } = useTranslation();
  const count = Math.abs(left);
  const text = left === 0 ? t('clock.today') : t(`clock.${unit}${left < 0 ? 'Late' : 'Left'}`, { count });
  const color = left < 0 ? 'error' : left <= 1 ? 'warning' : 'default';
  return (
    <>
      <Tooltip title={t('clock.dueOn', { day: dueOn })}>
        <Tag color={color} tabIndex={0}>
          {text}
        </Tag>
      </Tooltip>
      <Lapsed endedOn={lapsedOn} />
    </>
  );
};

interface FigureProps {
  readonly label: string;
  readonly value: string;
  /** Where the people or records behind it are; every figure that has some opens. */
  readonly path?: string;
  readonly search?: Readonly<Record<string, unknown>>;
  readonly target?: string;
  readonly gap?: string;
  readonly met?: boolean;
  readonly note?: ReactNode;
}

/** A number that opens to what is behind it. */
export const Figure = ({ label, value, path, search, target, gap, met, note }: FigureProps) => {
  const { t } = useTranslation();
  const body = (
    <>
      <span className="kt-quiet">{label}</span>
      <span className="kt-figure-value">{value}</span>
      <span className="kt-figure-target">
        {met !== undefined && <Outcome outcome={met ? 'met' : 'unmet'} text={t(met ? 'figure.met' : 'figure.unmet')} />}
        {target !== undefined && <span>{t('figure.target', { target })}</span>}
        {gap !== undefined && <span>{t('figure.gap', { gap })}</span>}
      </span>
      {note !== undefined && <span className="kt-quiet">{note}</span>}
    </>
  );
  if (path === undefined) return <div className="kt-figure">{body}</div>;
  return (
    <PageLink path={path} className="kt-figure" {...(search !== undefined && { search })}>
      {body}
    </PageLink>
  );
};

/** A row of figures. */
export const Figures = ({ children }: { children: ReactNode }) => <div className="kt-figures">{children}</div>;

/** Nothing here: why, and what to do next. */
export const EmptyState = ({ title, hint, action }: { title: string; hint: string; action?: ReactNode }) => (
  <div className="kt-empty">
    <h2>{title}</h2>
    <p>{hint}</p>
    {action}
  </div>
);

export const PrintTrigger = ({ onClick }: { onClick: () => void }) => {
  const { t } = useTranslation();
  return (
    <Button icon={<PrinterOutlined />} className="kt-no-print" onClick={onClick}>
      {t('print')}
    </Button>
  );
};

/** For pages without anybody's data; a page about a person has `PersonPrintButton`. */
export const PrintButton = () => <PrintTrigger onClick={() => window.print()} />;

export interface TimelineEntry {
  readonly id: string;
  /** 'YYYY-MM-DD'. */
  readonly on: string;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly cites?: readonly string[];
  readonly tone?: 'plain' | 'good' | 'bad' | 'warn';
}

const toneColors = { plain: 'blue', good: 'green', bad: 'red', warn: 'orange' } as const;

/** Entries by day, the newest first if they are given so. */
export const Timeline = ({ entries }: { entries: readonly TimelineEntry[] }) => (
  <AntTimeline
    items={entries.map(({ id, on, title, detail, cites = [], tone = 'plain' }) => ({
      key: id,
      color: toneColors[tone],
      content: (
        <>
          <time dateTime={on}>{on}</time> <strong>{title}</strong> <ClauseChips ids={cites} />
          {detail !== undefined && <div className="kt-quiet">{detail}</div>}
        </>
      ),
    }))}
  />
);

/** Pairs without a value are left out. */
export const Pairs = ({ pairs }: { pairs: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="kt-pairs">
    {pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
