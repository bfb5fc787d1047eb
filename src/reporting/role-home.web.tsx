// The home page of a role for which no work is listed: what it is there for, and the pages where it does that.
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { ButtonLink, PageLink } from '../web/link.tsx';
import type { Me } from '../web/me.ts';
import { menuPages } from '../web/menu.tsx';
import { pages } from '../web/pages.ts';

/** Roles with words of their own; the others look up what their menu holds. */
const described = ['systemAdmin', 'securityAdmin', 'auditAdmin', 'federation', 'finance', 'publicSecurity'] as const;
const hinted = {
  '/audit': 'audit',
  '/exports': 'exports',
  '/sign-in-rules': 'rules',
  '/access': 'access',
  '/risks': 'risks',
  '/accounts': 'accounts',
  '/network': 'network',
  '/organisations': 'organisations',
  '/staff': 'staff',
  '/persons': 'persons',
  '/applications': 'applications',
  '/referrals': 'referrals',
  '/referrals/queue': 'queue',
  '/sessions': 'sessions',
  '/openings': 'openings',
  '/settlements': 'settlements',
  '/indicators': 'indicators',
  '/indicators/standardized-service-rate': 'rate',
  '/indicators/county-coverage': 'coverage',
  '/reports': 'reports',
} as const;
const hintOf = (path: string) => (path in hinted ? hinted[path as keyof typeof hinted] : undefined);

export const RoleHome = ({ me }: { me: Me }) => {
  const { role } = me;
  const { t } = useTranslation('reporting');
  const { t: title } = useTranslation();
  const own = described.find((one) => one === role);
  // What an administrator is there for comes last in the menu.
  const isOwn = (path: string) => path === '/audit' || path === '/accounts';
  const shown = menuPages(pages, me)
    .filter(({ path }) => path !== '/')
    .sort((a, b) => Number(isOwn(b.path)) - Number(isOwn(a.path)));
  return (
    <Card size="small" title={<h2>{t('home.title', { role: title(`roles.${role}`) })}</h2>}>
      <p>{t(`home.role.${own ?? 'other'}`)}</p>
      <ul className="kt-work">
        {shown.map((page) => {
          const hint = hintOf(page.path);
          return (
            <li key={page.path}>
              <span className="kt-work-name">
                <PageLink path={page.path}>{title(page.title as never)}</PageLink>
                {hint !== undefined && <span className="kt-quiet"> {t(`home.hint.${hint}`)}</span>}
              </span>
              {page.path === '/accounts' && role === 'systemAdmin' && (
                <ButtonLink size="small" path="/accounts/new">
                  {title('network:account.create' as never)}
                </ButtonLink>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
};
