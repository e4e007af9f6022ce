/** Every page's address. Each page is a chunk of its own; state worth sharing is in the address. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { useMessages } from '../messages/language.tsx';
import { readBuilderSearch } from '../segment-builder/builder-search.ts';
import { readListSearch } from '../segments/list-search.ts';
import { Shell } from './Shell.tsx';
import { usePageTitle } from './use-page-title.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/segments', replace: true });
  },
});

export const segmentsRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('../segments/SegmentsPage.tsx'), 'SegmentsPage'),
});

const builderPage = lazyRouteComponent(() => import('../segment-builder/BuilderPage.tsx'), 'BuilderPage');

export const newSegmentRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/new',
  validateSearch: readBuilderSearch,
  component: builderPage,
});

export const editSegmentRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/$id/edit',
  validateSearch: readBuilderSearch,
  component: builderPage,
});

const routeTree = root.addChildren([home, segmentsRoute, newSegmentRoute, editSegmentRoute]);

export const createAppRouter = () => createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

function NotFound() {
  const { app } = useMessages();
  usePageTitle(app.notFound);
  return (
    <div className="page">
      <h1>{app.notFound}</h1>
      <p>
        <Link to="/segments">{app.toSegments}</Link>
      </p>
    </div>
  );
}
