// The demo's marks: a banner with its clock, and signing in as someone else.
import { UserSwitchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CityDivision, cities } from '../network/division.ts';
import { formatInstant } from './format.ts';
import { type DemoAccount, demoAccountsQuery, type Me, signInToDemo } from './me.ts';

interface AccountsProps {
  readonly accounts: readonly DemoAccount[];
  readonly next?: string;
}

const PlaceAccounts = ({ accounts, next = '/' }: AccountsProps) => {
  const { t } = useTranslation();
  return (
    <ul>
      {accounts.map((account) => (
        <li key={account.username}>
          <Button block onClick={() => void signInToDemo(account.username, next)}>
            <strong>{account.name}</strong>
            <span className="kt-quiet">
              {t(`roles.${account.role}`)}
              {account.organisation !== null && ` · ${account.organisation}`}
            </span>
          </Button>
        </li>
      ))}
    </ul>
  );
};

/** A city, with its county where it has only one here: 海口市（琼山区）. */
const placeName = ({ name, counties }: CityDivision): string => {
  const [only, ...others] = counties;
  return only && others.length === 0 ? `${name}（${only.name}）` : name;
};

/** By place: the first city stands open, below the names of the others, which a long list would hide on a phone. */
export const DemoAccountList = ({ accounts, next }: AccountsProps) => {
  const places = cities
    .map((city) => ({ city, own: accounts.filter(({ scope }) => scope.startsWith(city.code)) }))
    .filter(({ own }) => own.length > 0);
  const [first, ...others] = places;
  const elsewhere = accounts.filter(({ scope }) => !cities.some(({ code }) => scope.startsWith(code)));
  return (
    <div className="kt-accounts">
      {elsewhere.length > 0 && <PlaceAccounts accounts={elsewhere} {...(next && { next })} />}
      {[...others, ...(first ? [first] : [])].map(({ city, own }) => (
        <details key={city.code} open={city === first?.city}>
          <summary>{placeName(city)}</summary>
          <PlaceAccounts accounts={own} {...(next && { next })} />
        </details>
      ))}
    </div>
  );
};

/** The demo's clock runs on from what the server last said; a new answer (`key`) starts it anew. */
const DemoClock = ({ now }: { now: string }) => {
  const { t } = useTranslation();
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - startedAt), 10_000);
    return () => clearInterval(timer);
  }, []);
  return <span className="kt-demo-clock">{t('demo.clock', { now: formatInstant(Date.parse(now) + elapsed) })}</span>;
};

const Switcher = () => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data: accounts = [] } = useQuery({ ...demoAccountsQuery, enabled: open });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={t('demo.pick')}
      content={<DemoAccountList accounts={accounts} />}
    >
      <Button size="small" icon={<UserSwitchOutlined />} aria-expanded={open}>
        {t('demo.as')}
      </Button>
    </Popover>
  );
};

export const DemoBanner = ({ demo }: { demo: NonNullable<Me['demo']> }) => {
  const { t } = useTranslation();
  return (
    <aside className="kt-demo" aria-label={t('demo.banner')}>
      <span>{t('demo.banner')}</span>
      <DemoClock key={demo.now} now={demo.now} />
      <Switcher />
    </aside>
  );
};
