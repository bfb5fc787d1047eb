// The side menu: the pages that the role may open, grouped, long ones partly folded; a drawer at phone width.
import { useLocation } from '@tanstack/react-router';
import { Menu, type MenuProps } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reachOf } from '../kernel/access.ts';
import { PageLink } from './link.tsx';
import type { Me } from './me.ts';
import { foldedGroups, menuGroups, type PageRoute } from './page.ts';
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
    .filter(({ menu }) => !menu.above || me.scope.length < 6)
    .sort((a, b) => menuGroups.indexOf(a.menu.group) - menuGroups.indexOf(b.menu.group) || a.menu.order - b.menu.order);

/** The menu's page that holds an address: the longest path that it begins with. */
export const selectedPath = (paths: readonly string[], address: string): string | undefined =>
  paths
    .filter((path) => address === path || (path !== '/' && address.startsWith(`${path}/`)))
    .sort((a, b) => b.length - a.length)[0];

/** Moves the menu, and nothing else, so far that the page's own entry is on the screen. */
const showSelected = (menu: HTMLElement): void => {
  const entry = menu.querySelector('.ant-menu-item-selected')?.getBoundingClientRect();
  if (entry) menu.scrollTop += Math.max(0, entry.bottom - Math.min(menu.getBoundingClientRect().bottom, innerHeight));
};

/** So many rows, titles of groups included, fit on an office screen of 768 px. */
const mostRows = 21;

export const SideMenu = ({ me, onPick }: { me: Asker; onPick?: () => void }) => {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [opened, setOpened] = useState<readonly string[]>([]);
  const shown = menuPages(pages, me);
  const selected = selectedPath(
    shown.map((page) => page.path),
    pathname,
  );
  const groups = menuGroups.filter((group) => shown.some((page) => page.menu.group === group));
  const folds = shown.length + groups.length > mostRows;
  const menu = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entry moves with the page.
  useEffect(() => {
    if (menu.current) showSelected(menu.current);
  }, [selected]);
  const current = shown.find(({ path }) => path === selected)?.menu.group;
  const items = groups.map((group): NonNullable<MenuProps['items']>[number] => {
    const children = shown
      .filter((page) => page.menu.group === group)
      .map(({ path, title, menu: { icon: Icon } }) => ({
        key: path,
        icon: <Icon />,
        label: <PageLink path={path}>{t(title as never)}</PageLink>,
      }));
    const label = t(`menu.${group}`);
    return folds && foldedGroups.includes(group)
      ? { key: group, label, children }
      : { key: group, type: 'group', label, children };
  });
  return (
    <nav ref={menu} aria-label={t('menu.label')}>
      <Menu
        mode="inline"
        inlineIndent={16}
        items={items}
        selectedKeys={selected === undefined ? [] : [selected]}
        // The group of the page that is open stays open.
        openKeys={[...opened, ...(current === undefined ? [] : [current])]}
        onOpenChange={(keys) => setOpened(keys)}
        onClick={() => onPick?.()}
      />
    </nav>
  );
};
