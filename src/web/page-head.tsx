// The head of a page: its title (also the document's), a line of explanation, and one obvious next action.
import { useRouter } from '@tanstack/react-router';
import { Typography } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** The title from the page's route, set by the router. */
export const RouteTitle = createContext('');

export const usePageTitle = (title: string): void => {
  const { t } = useTranslation();
  const product = t('product');
  useEffect(() => {
    document.title = title === '' ? product : `${title} · ${product}`;
  }, [title, product]);
};

interface PageHeadProps {
  /** Absent: the route's title. */
  readonly title?: string;
  readonly intro?: ReactNode;
  /** The primary action; further ones belong beside the things they act on. */
  readonly action?: ReactNode;
}

export const PageHead = ({ title, intro, action }: PageHeadProps) => {
  const routeTitle = useContext(RouteTitle);
  const text = title ?? routeTitle;
  const heading = useRef<HTMLHeadingElement>(null);
  const { history } = useRouter();
  usePageTitle(text);
  // After a step inside the app the reader of a screen reader starts at the new page's title.
  useEffect(() => {
    const free = [document.body, document.getElementById('main')].includes(
      document.activeElement as HTMLElement | null,
    );
    if (history.length > 1 && free) heading.current?.focus({ preventScroll: true });
  }, [history]);
  return (
    <header className="kt-page-head">
      <div>
        <Typography.Title level={1} ref={heading} tabIndex={-1}>
          {text}
        </Typography.Title>
        {intro !== undefined && <div className="kt-quiet">{intro}</div>}
      </div>
      {action !== undefined && <div className="kt-page-action">{action}</div>}
    </header>
  );
};
