// One joint sweep: coverage town by town with what is missing, recording it, and closing the sweep.
import '../person/person.css';
import './governance.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Flex, Progress, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { riskReaders } from '../safety/risk.api.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { formatRate } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Pairs } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { CoverRow, SweepTown, SweepView } from './sweep.ts';
import { CloseButton, CoverButton, ReopenButton, VoidCoverButton, VoidSweepButton } from './sweep-acts.web.tsx';

const Path = z.object({ sweep: Id });

const CoverLine = ({ cover }: { cover: CoverRow }) => {
  const { t } = useTranslation('sweep');
  const { id, village, on, by, households, residents, found, note, mine } = cover;
  return (
    <li>
      <strong>{village ?? t('wholeTown')}</strong>
      <span>{t('coverLine', { on, by, households, residents })}</span>
      {found !== null && <span>{t('foundOf', { count: found })}</span>}
      {note !== null && <span className="kt-lines">{note}</span>}
      {mine && <VoidCoverButton cover={id} />}
    </li>
  );
};

const Live = ({ live }: Pick<SweepTown, 'live'>) => {
  const { t } = useTranslation('sweep');
  if (live === null) return null;
  const told = (['visited', 'atRisk', 'newAtRisk', 'managed'] as const).flatMap((key) =>
    live[key] === undefined ? [] : [`${t(key)} ${live[key]}`],
  );
  return <p className="kt-quiet">{told.join('，')}</p>;
};

/** How many of those at risk are managed; nothing to show where there is nobody at risk. */
const Managed = ({ row: { name, live } }: { row: SweepTown }) => {
  const { t } = useTranslation('sweep');
  if (live?.managed === undefined || !live.atRisk) return null;
  const share = live.managed / live.atRisk;
  return (
    <Progress
      size="small"
      className="kt-sweep-bar"
      percent={Math.floor(share * 100)}
      format={() => `${t('managed')} ${formatRate(share)}`}
      aria-label={`${name} ${t('managed')} ${formatRate(share)}`}
    />
  );
};

const TownPart = ({ row, sweep }: { row: SweepTown; sweep: SweepView }) => {
  const { t } = useTranslation('sweep');
  const { role } = useMe();
  const { town, name, covered, households, residents, found, live, mayCover, covers } = row;
  return (
    <li className="kt-section">
      <h2>
        {name} <Tag color={covered ? 'success' : 'warning'}>{t(covered ? 'done' : 'missing')}</Tag>
      </h2>
      <p>
        {t('households')} {households}，{t('residents')} {residents}
        {found !== null && `，${t('found')} ${found}`}
      </p>
      <Live live={live} />
      <Managed row={row} />
      {live?.atRisk !== undefined && live.atRisk > 0 && riskReaders.includes(role) && (
        <p>
          <PageLink path="/risks" search={{ area: town }}>
            {t('risks')}
          </PageLink>
        </p>
      )}
      {covers.length > 0 && (
        <details className="kt-each">
          <summary>{t('covers')}</summary>
          <ul className="kt-roster">
            {covers.map((cover) => (
              <CoverLine key={cover.id} cover={cover} />
            ))}
          </ul>
        </details>
      )}
      {mayCover && <CoverButton sweep={sweep} town={town} />}
    </li>
  );
};

/** What was told on the strength of a closing that does not stand any more. */
const Reopenings = ({ reopenings }: Pick<SweepView, 'reopenings'>) => {
  const { t } = useTranslation('sweep');
  if (reopenings.length === 0) return null;
  return (
    <ul className="kt-list" aria-label={t('reopenings')}>
      {reopenings.map(({ closedOn, on, by, reason }) => (
        <li key={closedOn + on}>
          {t('reopened', { closedOn, on, by })}
          {reason !== null && t('reopenedFor', { reason })}
        </li>
      ))}
    </ul>
  );
};

const missingFirst = (a: SweepTown, b: SweepTown): number => Number(a.covered) - Number(b.covered);

const SweepPage = () => {
  const { t } = useTranslation('sweep');
  const { sweep: id } = usePathParams(Path);
  const { data } = useSuspenseQuery(api.sweep.get.queryOptions({ input: { sweep: id } }));
  const missing = data.rows.filter(({ covered }) => !covered).map(({ name }) => name);
  const share = data.towns === 0 ? 0 : data.covered / data.towns;
  return (
    <>
      <PageHead title={data.title} />
      <Flex vertical gap="middle">
        <section className="kt-section">
          <Pairs
            pairs={[
              [t('span'), t('spanOf', { from: data.fromOn, to: data.toOn })],
              [t('departments'), data.departments.map((one) => t(`department.${one}`)).join('、')],
              [t('state'), data.closedOn === null ? t('running') : t('closedOn', { day: data.closedOn })],
              [t('summary'), data.summary],
            ]}
          />
          <Progress
            percent={Math.floor(share * 100)}
            format={() => t('coveredOf', { covered: data.covered, towns: data.towns })}
            aria-label={`${t('coverage')} ${formatRate(share)}`}
          />
          {data.closedOn === null && missing.length > 0 && (
            <Alert type="warning" showIcon className="kt-problem" title={t('gaps', { names: missing.join('、') })} />
          )}
          <p className="kt-quiet">
            {t('managedHelp')} <ClauseChips ids={['CM-06']} />
          </p>
          <Reopenings reopenings={data.reopenings} />
          {data.mayReopen && (
            <div className="kt-no-print">
              <ReopenButton sweep={id} />
            </div>
          )}
          {data.mayKeep && (
            <Flex wrap gap="small" className="kt-no-print">
              <CloseButton sweep={id} />
              {data.covered === 0 && <VoidSweepButton sweep={id} />}
            </Flex>
          )}
        </section>
        <ul className="kt-sections" aria-label={t('coverage')}>
          {data.rows.toSorted(missingFirst).map((row) => (
            <TownPart key={row.town} row={row} sweep={data} />
          ))}
        </ul>
      </Flex>
    </>
  );
};
export default SweepPage;
