// The home page: what waits for whoever is signed in, overdue first, and the indicators of the place.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Badge, Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { LastSettlement } from '../funding/settlement-figures.web.tsx';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { formatCount, formatPoints, formatRate, formatShownRate } from '../web/format.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { type Me, useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Clock, EmptyState, Figure, Figures } from '../web/parts.tsx';
import { indicatorReaders } from './indicator.api.ts';
import type { IndicatorName } from './indicator.ts';
import { RoleHome } from './role-home.web.tsx';
import { WorkMissing, WorkName } from './work-words.web.tsx';
import { kindsFor, type WorkGroup } from './worklist.ts';
import './reporting.css';

const IndicatorCard = ({ indicator }: { indicator: IndicatorName }) => {
  const { t } = useTranslation('reporting');
  const { data, error } = useQuery(api.indicator.get.queryOptions({ input: { indicator } }));
  const label = t(indicator === 'county-coverage' ? 'indicator.coverage' : 'indicator.rate');
  const path = `/indicators/${indicator}`;
  if (error) return <Figure label={label} value="—" path={path} note={error.message} />;
  if (data === undefined) return <Figure label={label} value="…" path={path} />;
  const { value, target, met, numerator, denominator } = data;
  return (
    <Figure
      label={label}
      value={formatShownRate(data)}
      path={path}
      {...(target !== null && { target: formatRate(target) })}
      {...(met !== null && { met })}
      {...(met === false && value !== null && target !== null && { gap: formatPoints(target - value) })}
      note={
        data.hidden
          ? t('hidden.note')
          : t('indicator.of', { numerator: formatCount(numerator), denominator: formatCount(denominator) })
      }
    />
  );
};

/** A city compares its counties; a county's own coverage says nothing that its rate does not. */
const cardsFor = ({ role, scope }: Me): readonly IndicatorName[] => {
  if (!indicatorReaders.includes(role)) return [];
  return scope.length < 6 ? ['standardized-service-rate', 'county-coverage'] : ['standardized-service-rate'];
};

const Group = ({ group: { kind, total, overdue, clauses, rows } }: { group: WorkGroup }) => {
  const { t } = useTranslation('reporting');
  return (
    <Card
      size="small"
      title={
        <h2 className="kt-work-title">
          {t(`work.kind.${kind}`)}{' '}
          <Badge count={total} overflowCount={9999} color={overdue > 0 ? '#b3382c' : '#5b6b6e'} />
        </h2>
      }
      extra={
        <span>
          {overdue > 0 && <strong className="kt-late">{t('work.overdue', { count: overdue })}</strong>}{' '}
          <ClauseChips ids={clauses} />
        </span>
      }
    >
      <ul className="kt-work">
        {rows.map((row) => (
          <li key={row.key}>
            <span className="kt-work-name">
              <WorkName kind={kind} row={row} />
              <span className="kt-quiet"> {row.place}</span>
              <WorkMissing row={row} />
            </span>
            {row.clock && (
              <Clock
                dueOn={row.clock.dueOn}
                left={row.clock.left}
                unit={row.clock.unit}
                lapsedOn={row.clock.lapsedOn}
              />
            )}
            <ButtonLink size="small" path={row.link.path} search={row.link.search}>
              {t(`work.act.${kind}`)}
            </ButtonLink>
          </li>
        ))}
      </ul>
      {total > rows.length && <PageLink path={`/work/${kind}`}>{t('work.all', { count: total })}</PageLink>}
    </Card>
  );
};

const WorkPage = () => {
  const { t } = useTranslation('reporting');
  const me = useMe();
  const { data } = useSuspenseQuery(api.worklist.get.queryOptions({ input: {} }));
  const cards = cardsFor(me);
  // Public security has no other work than the exchange, and is told what it is there for beside it.
  const works = kindsFor(me).some((kind) => kind !== 'exchange');
  return (
    <>
      <PageHead intro={t('work.intro', { place: me.organisation?.name ?? me.scopeName, today: me.clock.today })} />
      {cards.length > 0 && (
        <Figures>
          {cards.map((indicator) => (
            <IndicatorCard key={indicator} indicator={indicator} />
          ))}
        </Figures>
      )}
      {me.role === 'finance' && <LastSettlement />}
      {works && data.groups.length === 0 && <EmptyState title={t('work.none')} hint={t('work.noneHint')} />}
      <Flex vertical gap="middle">
        {data.groups.map((group) => (
          <Group key={group.kind} group={group} />
        ))}
        {!works && <RoleHome me={me} />}
      </Flex>
    </>
  );
};
export default WorkPage;
