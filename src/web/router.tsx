// Routes from the registry of pages: session, roles, lazy loading, errors and titles are dealt with here, once for all pages.
import { QueryErrorResetBoundary, useQuery } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  useLocation,
  useNavigate,
} from '@tanstack/react-router';
import { Spin } from 'antd';
import { type ComponentType, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isNotFound } from './client.ts';
import { Frame, OpenFrame } from './frame.tsx';
import { type Me, MeContext, meQuery } from './me.ts';
import { mayOpen } from './menu.tsx';
import { NoAccessPage, NotFoundPage, ProblemPage } from './message.tsx';
import type { PageRoute } from './page.ts';
import { RouteTitle } from './page-head.tsx';
import { pages } from './pages.ts';
import { isSignedOut } from './problem.ts';
import { formatQuery, parseQuery } from './url.ts';

const Waiting = () => <Spin className="kt-waiting" size="large" delay={300} />;

/** The address is taken once: it changes under this component while the sign-in page is loading. `ended`: a session was there before. */
const ToSignIn = ({ ended }: { ended: boolean }) => {
  const { href } = useLocation();
  const [next] = useState(href);
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to: '/sign-in', search: ended ? { next, ended } : { next }, replace: true });
  }, [navigate, next, ended]);
  return <Waiting />;
};

const AccountTodo = lazy(() => import('../network/account-todo.web.tsx'));

/**
 * Whoever has a step to take first sees that step in place of every page. It stays until the step itself loads the page anew: an answer
 * that comes in between would take recovery codes off the screen.
 */
const Admitted = ({ me, children }: { me: Me; children: ReactNode }) => {
  const [todo, setTodo] = useState(me.todo);
  if (todo === null && me.todo !== null) setTodo(me.todo);
  if (todo === null) return <Frame me={me}>{children}</Frame>;
  return (
    <OpenFrame>
      <Suspense fallback={<Waiting />}>
        <AccountTodo todo={todo} />
      </Suspense>
    </OpenFrame>
  );
};

/** Lets pass whoever is signed in; others sign in first and come back to the address they wanted. */
const Session = ({ children }: { children: ReactNode }) => {
  const { data: me, error, refetch } = useQuery(meQuery);
  if (isSignedOut(error)) return <ToSignIn ended={me !== undefined} />;
  if (me === undefined) {
    return error === null ? (
      <Waiting />
    ) : (
      <OpenFrame>
        <ProblemPage problem={error} onRetry={() => void refetch()} />
      </OpenFrame>
    );
  }
  return (
    <MeContext value={me}>
      <Admitted me={me}>{children}</Admitted>
    </MeContext>
  );
};

const Guarded = ({ page, children }: { page: PageRoute; children: ReactNode }) => {
  const me = useContext(MeContext);
  return me !== undefined && !mayOpen(page, me) ? <NoAccessPage /> : children;
};

const pageComponent = (page: PageRoute, Screen: ComponentType) => () => {
  const { t } = useTranslation();
  return (
    <RouteTitle value={t(page.title as never)}>
      <Guarded page={page}>
        <Suspense fallback={<Waiting />}>
          <div className="kt-page">
            <Screen />
          </div>
        </Suspense>
      </Guarded>
    </RouteTitle>
  );
};

const root = createRootRoute({
  notFoundComponent: () => (
    <Session>
      <NotFoundPage />
    </Session>
  ),
});
const sessionLayout = createRoute({
  getParentRoute: () => root,
  id: 'session',
  component: () => (
    <Session>
      <Outlet />
    </Session>
  ),
});
const openLayout = createRoute({
  getParentRoute: () => root,
  id: 'open',
  component: () => (
    <OpenFrame>
      <Outlet />
    </OpenFrame>
  ),
});

const signInPage: PageRoute = {
  path: '/sign-in',
  title: 'frame:signIn.title',
  open: true,
  load: () => import('./sign-in.tsx'),
};

const routeOf = (page: PageRoute) =>
  createRoute({
    getParentRoute: () => (page.open === true ? openLayout : sessionLayout),
    path: page.path,
    component: pageComponent(page, lazyRouteComponent(page.load)),
  });

const ErrorPage = ({ error, reset }: { error: unknown; reset: () => void }) => {
  if (isNotFound(error)) return <NotFoundPage />;
  return (
    <QueryErrorResetBoundary>
      {(queries) => (
        <ProblemPage
          problem={error instanceof Error ? error : new Error(String(error))}
          onRetry={() => {
            queries.reset();
            reset();
          }}
        />
      )}
    </QueryErrorResetBoundary>
  );
};

export const createAppRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      sessionLayout.addChildren(pages.filter((page) => page.open !== true).map(routeOf)),
      openLayout.addChildren([signInPage, ...pages.filter((page) => page.open === true)].map(routeOf)),
    ]),
    parseSearch: parseQuery,
    stringifySearch: formatQuery,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: Waiting,
    scrollRestoration: true,
  });
