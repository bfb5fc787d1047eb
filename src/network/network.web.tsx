// The network of a place: its tiers with their organisations, and what each county lacks (BZ-03).
import { useSuspenseQuery } from '@tanstack/react-query';
import { Card, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Outcome } from '../web/parts.tsx';
import { GapLine } from './gap-line.web.tsx';
import type { NetworkNode } from './network.ts';
import type { Organisation } from './organisation.ts';

const Members = ({ organisations }: { organisations: readonly Organisation[] }) => {
  const { t } = useTranslation('network');
  if (organisations.length === 0) return <p className="kt-quiet">{t('tree.none')}</p>;
  return (
    <ul className="kt-list">
      {organisations.map(({ id, name, tier, serving, capacity }) => (
        <li key={id}>
          <PageLink path={`/organisations/${id}`}>{name}</PageLink> <Tag>{t(`tier.${tier}`)}</Tag>
          {serving !== null && (
            <span className="kt-quiet">
              {serving}
              {capacity !== null && ` / ${capacity}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
};

const Gaps = ({ gaps }: Pick<NetworkNode, 'gaps'>) => {
  const { t } = useTranslation('network');
  if (gaps.length === 0) return <Outcome outcome="met" text={t('tree.noGaps')} />;
  return (
    <ul className="kt-list" aria-label={t('tree.gaps')}>
      {gaps.map((gap) => (
        <GapLine key={gap.text} gap={gap} />
      ))}
    </ul>
  );
};

const tierOrder = ['countyCentre', 'comprehensive', 'hospital', 'site', 'office'];
const byTier = (organisations: readonly Organisation[]): Organisation[] =>
  organisations.toSorted((a, b) => tierOrder.indexOf(a.tier) - tierOrder.indexOf(b.tier));

const NetworkPage = () => {
  const { t } = useTranslation('network');
  const { role, scope } = useMe();
  const { data } = useSuspenseQuery(api.organisation.network.queryOptions({ input: {} }));
  const add =
    role === 'civilAffairs' ? (
      <ButtonLink type="primary" path="/organisations/new">
        {t('organisation.open')}
      </ButtonLink>
    ) : undefined;
  return (
    <>
      <PageHead intro={t('tree.intro')} action={add} />
      {data.cities.length === 0 && <EmptyState title={t('tree.none')} hint={t('tree.other')} />}
      <Flex vertical gap="middle">
        {data.cities.map((city) => (
          <Flex key={city.division} vertical gap="middle">
            {scope.length <= 4 && (
              <Card size="small" title={<h2>{`${city.name} · ${t('tree.city')}`}</h2>}>
                <Gaps gaps={city.gaps} />
                <Members organisations={city.organisations} />
              </Card>
            )}
            {city.counties.map((county) => (
              <Card
                key={county.division}
                size="small"
                title={<h2>{county.name}</h2>}
                extra={
                  <span className="kt-quiet">
                    {t('tree.towns', { count: county.townsWithSite, total: county.towns })}
                  </span>
                }
              >
                <Gaps gaps={county.gaps} />
                <Members organisations={byTier(county.organisations)} />
              </Card>
            ))}
          </Flex>
        ))}
      </Flex>
    </>
  );
};
export default NetworkPage;
