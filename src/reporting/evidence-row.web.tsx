// One clause of the policy page: its state in words, what it asks, and each part with its figure and the way to what is behind it.
import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  ExclamationCircleOutlined,
  FileTextOutlined,
  QuestionCircleOutlined,
  ToolOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../web/format.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { mayOpen } from '../web/menu.tsx';
import { pages } from '../web/pages.ts';
import { EvidenceCount, type EvidencePart, type EvidenceRow, type EvidenceState } from './evidence.ts';
import { formatAmount, formatCounted, formatValue } from './indicator-words.web.ts';

const looks = {
  late: { icon: <ClockCircleOutlined />, color: 'error' },
  behind: { icon: <ExclamationCircleOutlined />, color: 'warning' },
  noData: { icon: <QuestionCircleOutlined />, color: 'default' },
  planned: { icon: <ToolOutlined />, color: 'default' },
  met: { icon: <CheckCircleOutlined />, color: 'success' },
  stated: { icon: <FileTextOutlined />, color: 'processing' },
} as const;

const State = ({ state }: { state: EvidenceState }) => {
  const { t } = useTranslation('policy');
  const { icon, color } = looks[state];
  return (
    <Tag icon={icon} color={color}>
      {t(`evidence.state.${state}`)}
    </Tag>
  );
};

const IndicatorWords = ({ indicator }: { indicator: NonNullable<EvidencePart['figure']['indicator']> }) => {
  const { t } = useTranslation('policy');
  const { name, value, hidden, denominator, target, targetYear } = indicator;
  return (
    <>
      <strong>{formatValue(name, indicator)}</strong>{' '}
      {denominator !== null && <span>（{formatCounted(name, indicator)}）</span>}
      {value === null && !hidden && t('evidence.noCount')}{' '}
      {target === null
        ? t('evidence.noTarget')
        : t('evidence.target', { target: formatAmount(name, target), year: targetYear })}
    </>
  );
};

/** Zero is said where it is what was looked for, and left out where it is one count of many. */
const spoken: readonly EvidenceCount[] = ['organisations', 'sites', 'checked', 'bodies', 'gaps', 'records'];

const Words = ({ part: { kind, figure, state, rules } }: { part: EvidencePart }) => {
  const { t } = useTranslation('policy');
  if (state === null || kind === 'ledger') return null;
  if (figure.indicator) return <IndicatorWords indicator={figure.indicator} />;
  const { counts } = figure;
  if (state === 'stated' && Object.keys(counts).length === 0)
    return t(kind === 'standard' && rules.length > 0 ? 'evidence.byProduct' : 'evidence.notHere');
  const words = EvidenceCount.options
    .filter((what) => counts[what] !== undefined && (counts[what] !== 0 || spoken.includes(what)))
    .map((what) => t(`evidence.counts.${what}`, { count: formatCount(counts[what]) as never }));
  if (figure.latestOn !== null) words.push(t('evidence.latest', { day: figure.latestOn }));
  if (words.length === 0) return t(kind === 'criterion' ? 'evidence.noCount' : 'evidence.nothingDue');
  return words.join('，');
};

/** The page of an address, whatever its parameters are. */
const fits = (pattern: string, path: string): boolean => {
  const [own, asked] = [pattern.split('/'), path.split('/')];
  return own.length === asked.length && own.every((piece, at) => piece.startsWith('$') || piece === asked[at]);
};

const Part = ({ part, planned }: { part: EvidencePart; planned: string | null }) => {
  const { t } = useTranslation('policy');
  const me = useMe();
  const { kind, rules, state, link } = part;
  const page =
    link && (pages.find(({ path }) => path === link.path) ?? pages.find(({ path }) => fits(path, link.path)));
  const endedOn = rules.find((rule) => rule.endedOn !== null)?.endedOn ?? undefined;
  const assumed = rules.flatMap((rule) => rule.assumed ?? []);
  return (
    <li>
      <span className="kt-quiet">{t(`evidence.kinds.${kind}`)}：</span>
      {kind === 'ledger' ? planned : rules.map(({ title }) => title).join('、')}
      {kind !== 'ledger' && rules.length > 0 && state !== null && '：'}
      <Words part={part} />{' '}
      {link && page && mayOpen(page, me) && (
        <PageLink path={link.path} search={link.search}>
          {t('evidence.open')}
        </PageLink>
      )}{' '}
      <Lapsed endedOn={endedOn} />
      {assumed.length > 0 && (
        <details className="kt-evidence-assumed">
          <summary>{t('evidence.assumed')}</summary>
          {t('evidence.assumedWhy', { reason: assumed.join('；') })}
        </details>
      )}
    </li>
  );
};

export const ClauseRow = ({ row, chosen }: { row: EvidenceRow; chosen: boolean }) => {
  const { t } = useTranslation('policy');
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) ref.current?.scrollIntoView({ block: 'center' });
  }, [chosen]);
  const { clause, kinds, summary, state, parts, planned } = row;
  return (
    <li ref={ref} id={clause} {...(chosen && { className: 'kt-evidence-chosen', 'aria-current': 'true' as const })}>
      <div className="kt-evidence-head">
        <strong>{clause}</strong> {state !== null && <State state={state} />}
        <span className="kt-quiet">{kinds.map((kind) => t(`evidence.letters.${kind}` as never)).join('、')}</span>
      </div>
      <p>{summary}</p>
      {parts.length > 0 && (
        <ul>
          {parts.map((part) => (
            <Part key={`${part.kind} ${part.rules.map(({ id }) => id).join()}`} part={part} planned={planned} />
          ))}
        </ul>
      )}
      {state === null && planned !== null && <p className="kt-quiet">{t('evidence.planned', { ledger: planned })}</p>}
    </li>
  );
};
