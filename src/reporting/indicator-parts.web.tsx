// The parts of a place as links, with value, counts, what each is missing, and whether it reaches the target.
import { Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { seesSmallCells } from '../kernel/access.ts';
import { formatCount } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { Outcome } from '../web/parts.tsx';
import type { IndicatorAnswer, IndicatorChild } from './indicator.ts';
import { formatCounted, formatValue } from './indicator-words.web.ts';

const PartLink = ({ answer, child }: { answer: IndicatorAnswer; child: IndicatorChild }) => {
  const me = useMe();
  // Single sites are shown to the office in charge alone.
  if (child.area === null || (child.kind === 'site' && !seesSmallCells(me, answer.area))) return child.name;
  const where = child.kind === 'site' ? { area: answer.area, site: child.area } : { area: child.area };
  return (
    <PageLink path={`/indicators/${answer.indicator}`} search={{ on: answer.on, ...where }}>
      {child.name}
    </PageLink>
  );
};

const Lacks = ({ lacks }: { lacks: readonly string[] }) => {
  const { t } = useTranslation('reporting');
  return lacks.length === 0
    ? t('people.lacksNothing')
    : lacks.map((what) => (
        <Tag key={what} color="error">
          {t('people.lacks', { what })}
        </Tag>
      ));
};

/** Columns that only some indicators have. */
const useExtraColumns = ({ children }: IndicatorAnswer) => {
  const { t } = useTranslation('reporting');
  const has = (key: 'clients' | 'unknown' | 'lacks') => children.some(({ [key]: value }) => value !== undefined);
  const number = (key: 'clients' | 'sessions' | 'unknown') => ({
    key,
    title: t(`chart.${key}`),
    align: 'right' as const,
    render: (_: unknown, child: IndicatorChild) => formatCount(child[key]),
  });
  return [
    ...(has('clients') ? [number('clients'), number('sessions')] : []),
    ...(has('unknown') ? [number('unknown')] : []),
    ...(has('lacks')
      ? [
          {
            key: 'lacks',
            title: t('chart.lacks'),
            render: (_: unknown, child: IndicatorChild) => <Lacks lacks={child.lacks ?? []} />,
          },
        ]
      : []),
  ];
};

export const Parts = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const extra = useExtraColumns(answer);
  const { indicator, children } = answer;
  if (children.length === 0) return null;
  return (
    <>
      <h2 className="kt-section">{t('chart.parts')}</h2>
      <Table<IndicatorChild>
        size="small"
        rowKey={({ area, name }) => area ?? name}
        aria-label={t('chart.parts')}
        dataSource={[...children]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'name',
            title: t('chart.part'),
            render: (_, child) => <PartLink answer={answer} child={child} />,
          },
          {
            key: 'value',
            title: t('chart.value'),
            align: 'right',
            render: (_, child) => formatValue(indicator, child),
          },
          {
            key: 'counted',
            title: t('chart.counted'),
            align: 'right',
            render: (_, child) => formatCounted(indicator, child),
          },
          ...extra,
          {
            key: 'met',
            title: t('chart.met'),
            render: (_, { met }) =>
              met === null ? (
                '—'
              ) : (
                <Outcome outcome={met ? 'met' : 'unmet'} text={t(met ? 'chart.reached' : 'chart.notReached')} />
              ),
          },
        ]}
      />
    </>
  );
};
