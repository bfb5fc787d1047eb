// The frame around every page: top bar, demo banner, side menu (a drawer at phone width), skip link, network state.
import { LockOutlined, LogoutOutlined, MenuOutlined, SafetyOutlined, UserOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Dropdown, Grid, Layout, Segmented } from 'antd';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity } from './activity.ts';
import { DemoBanner } from './demo.tsx';
import { type Language, languages, switchLanguage } from './i18n.ts';
import { PageLink } from './link.tsx';
import { type Me, signOut } from './me.ts';
import { SideMenu } from './menu.tsx';

/** Below 768 px: menu in a drawer, cards instead of columns. */
export const useIsPhone = (): boolean => Grid.useBreakpoint().md === false;

const watchNetwork = (changed: () => void) => {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
};

const OfflineBar = () => {
  const { t } = useTranslation();
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  return online ? null : <Alert banner type="warning" role="status" title={t('error.offline')} />;
};

const LanguageSwitch = () => {
  const { t, i18n } = useTranslation();
  return (
    <Segmented<Language>
      size="small"
      aria-label={t('account.language')}
      value={i18n.language as Language}
      options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }))}
      onChange={(language) => void switchLanguage(language)}
    />
  );
};

const AccountMenu = ({ me, phone }: { me: Me; phone: boolean }) => {
  const { t } = useTranslation();
  const role = t(`roles.${me.role}`);
  const items = [
    { key: 'who', disabled: true, label: [me.user.name, role, me.organisation?.name].filter(Boolean).join(' · ') },
    {
      key: 'password',
      icon: <LockOutlined />,
      label: <PageLink path="/password">{t('account.changePassword')}</PageLink>,
    },
    {
      key: 'security',
      icon: <SafetyOutlined />,
      label: <PageLink path="/security">{t('account.security')}</PageLink>,
    },
    { key: 'out', icon: <LogoutOutlined />, label: t('account.signOut'), onClick: () => void signOut() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button
        type="text"
        icon={<UserOutlined />}
        {...(phone && { 'aria-label': t('account.menu', { name: me.user.name }) })}
      >
        {!phone && (
          <span>
            {me.user.name}
            <span className="kt-quiet"> {[role, me.organisation?.name].filter(Boolean).join(' · ')}</span>
          </span>
        )}
      </Button>
    </Dropdown>
  );
};

const Brand = ({ place }: { place?: string }) => {
  const { t } = useTranslation();
  return (
    <span className="kt-brand">
      <PageLink path="/">{t('product')}</PageLink>
      {place !== undefined && place !== '' && <span className="kt-place">{place}</span>}
    </span>
  );
};

const SkipLink = () => {
  const { t } = useTranslation();
  return (
    <a className="kt-skip" href="#main">
      {t('skip')}
    </a>
  );
};

/** The frame of pages that need no session: name, language, content. */
export const OpenFrame = ({ children }: { children: ReactNode }) => (
  <Layout className="kt-layout">
    <SkipLink />
    <Layout.Header className="kt-top">
      <Brand />
      <span className="kt-spring" />
      <LanguageSwitch />
    </Layout.Header>
    <OfflineBar />
    <Layout.Content id="main" tabIndex={-1} className="kt-main">
      {children}
    </Layout.Content>
  </Layout>
);

const MenuDrawer = ({ me }: { me: Me }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={t('menu.open')}
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      <Drawer
        placement="left"
        size={264}
        open={open}
        onClose={() => setOpen(false)}
        title={t('product')}
        extra={<LanguageSwitch />}
        styles={{ body: { padding: 8 } }}
      >
        <SideMenu me={me} onPick={() => setOpen(false)} />
      </Drawer>
    </>
  );
};

export const Frame = ({ me, children }: { me: Me; children: ReactNode }) => {
  const phone = useIsPhone();
  useActivity();
  return (
    <Layout className="kt-layout">
      <SkipLink />
      {me.demo !== null && <DemoBanner demo={me.demo} />}
      <Layout.Header className="kt-top">
        {phone && <MenuDrawer me={me} />}
        <Brand place={me.scopeName} />
        <span className="kt-spring" />
        {!phone && <LanguageSwitch />}
        <AccountMenu me={me} phone={phone} />
      </Layout.Header>
      <OfflineBar />
      <Layout className="kt-body">
        {!phone && (
          <Layout.Sider width={192} className="kt-side">
            <SideMenu me={me} />
          </Layout.Sider>
        )}
        <Layout.Content id="main" tabIndex={-1} className="kt-main">
          {children}
        </Layout.Content>
      </Layout>
    </Layout>
  );
};
