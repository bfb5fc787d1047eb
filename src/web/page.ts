// What a page is: its address, title, place in the menu, roles, and the module that is loaded when it is opened.
import type { ComponentType } from 'react';
import type { Role } from '../kernel/access.ts';
import type { Namespace } from './locale/zh-CN/index.ts';

/** Groups of the side menu, in the order of the screen. */
export const menuGroups = ['work', 'persons', 'services', 'figures', 'network', 'system'] as const;
export type MenuGroup = (typeof menuGroups)[number];

/** Folded where the menu is longer than an office screen: what is looked up, not what is done every day. */
export const foldedGroups: readonly MenuGroup[] = ['figures', 'network', 'system'];

export interface PageRoute {
  /** `/persons/$person`: `$` marks a parameter of the path. */
  readonly path: `/${string}`;
  /** Key of the page's title, `namespace:key`; locale.test.ts checks that it exists. */
  readonly title: `${Namespace}:${string}`;
  readonly menu?: {
    readonly group: MenuGroup;
    readonly order: number;
    readonly icon: ComponentType;
    /** For offices above the counties alone: what it compares is one in a county. */
    readonly above?: true;
  };
  /** Who finds it in the menu and may open it; absent: everyone who is signed in. The server decides anew on every request. */
  readonly roles?: readonly Role[];
  /** Also for offices above the counties, which see figures and what they have opened; pages without roles are. */
  readonly city?: true;
  /** Shown without signing in, in a plain frame (a public application or complaint). */
  readonly open?: boolean;
  /** A screen with a default export; imported here, dynamically, so that it is loaded only when opened. */
  readonly load: () => Promise<{ default: ComponentType }>;
}
