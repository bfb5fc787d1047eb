// The side menu: the pages that the role may open, grouped; a drawer at phone width.
import { useLocation } from '@tanstack/react-router';
import { Menu, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { reachOf } from '../kernel/access.ts';
import { PageLink } from './link.tsx';
import type { Me } from './me.ts';
import { menuGroups, type PageRoute } from './page.ts';
import { pages } from './pages.ts';

type MenuPage = PageRoute & { menu: NonNullable<PageRoute['menu']> };

/** Who asks: reach hangs on role and scope. */
type Asker = Pick<Me, 'role' | 'scope'>;

export const mayOpen = ({ roles, city }: PageRoute, me: Asker): boolean =>
  roles === undefined || (roles.includes(me.role) && (city === true || reachOf(me) !== 'figures'));

/** The pages of somebody's menu, in the order of the screen. */
export const menuPages = (all: readonly PageRoute[], me: Asker): MenuPage[] =>
  all
    .filter((page): page is MenuPage => page.menu !== undefined && mayOpen(page, me))
    .sort((a, b) => menuGroups.indexOf(a.menu.group) - menuGroups.indexOf(b.menu.group) || a.menu.order - b.menu.order);

/** The menu's page that holds an address: the longest path that it begins with. */
export const selectedPath = (paths: readonly string[], address: string): string | undefined =>
  paths
    .filter((path) => address === path || (path !== '/' && address.startsWith(`${path}/`)))
    .sort((a, b) => b.length - a.length)[0];

export const SideMenu = ({ me, onPick }: { me: Asker; onPick?: () => void }) => {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const shown = menuPages(pages, me);
  const selected = selectedPath(
    shown.map((page) => page.path),
    pathname,
  );
  const items = menuGroups.flatMap((group): NonNullable<MenuProps['items']> => {
    const children = shown
      .filter((page) => page.menu.group === group)
      .map(({ path, title, menu: { icon: Icon } }) => ({
        key: path,
        icon: <Icon />,
        label: <PageLink path={path}>{t(title as never)}</PageLink>,
      }));
    if (children.length === 0) return [];
    return [{ key: group, type: 'group' as const, label: t(`menu.${group}`), children }];
  });
  return (
    <nav aria-label={t('menu.label')}>
      <Menu
        mode="inline"
        inlineIndent={16}
        items={items}
        selectedKeys={selected === undefined ? [] : [selected]}
        onClick={() => onPick?.()}
      />
    </nav>
  );
};
