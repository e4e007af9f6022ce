/** Every page's address. Each page is a chunk of its own; state worth sharing is in the address. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readLiveSearch } from '../live/live-search.ts';
import { useMessages } from '../messages/language.tsx';
import { readProfileSearch } from '../profiles/profile-search.ts';
import { readModelSearch } from '../propensity/model-search.ts';
import { readBuilderSearch } from '../segment-builder/builder-search.ts';
import { readDetailSearch, readExplainSearch } from '../segment-detail/detail-search.ts';
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

const segmentRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/$id',
  validateSearch: readDetailSearch,
  component: lazyRouteComponent(() => import('../segment-detail/SegmentPage.tsx'), 'SegmentPage'),
});

const comparedRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/$id/versions/$a/$b',
  component: lazyRouteComponent(() => import('../segment-detail/VersionsComparedPage.tsx'), 'VersionsComparedPage'),
});

const explainRoute = createRoute({
  getParentRoute: () => root,
  path: '/segments/$id/explain',
  validateSearch: readExplainSearch,
  component: lazyRouteComponent(() => import('../segment-detail/ExplainPage.tsx'), 'ExplainPage'),
});

const profilesRoute = createRoute({
  getParentRoute: () => root,
  path: '/profiles',
  component: lazyRouteComponent(() => import('../profiles/LookUpPage.tsx'), 'LookUpPage'),
});

const profileRoute = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$ns/$value',
  validateSearch: readProfileSearch,
  component: lazyRouteComponent(() => import('../profiles/ProfilePage.tsx'), 'ProfilePage'),
});

const liveRoute = createRoute({
  getParentRoute: () => root,
  path: '/live',
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import('../live/LivePage.tsx'), 'LivePage'),
});

const modelsRoute = createRoute({
  getParentRoute: () => root,
  path: '/propensity',
  component: lazyRouteComponent(() => import('../propensity/ModelsPage.tsx'), 'ModelsPage'),
});

const newModelRoute = createRoute({
  getParentRoute: () => root,
  path: '/propensity/new',
  component: lazyRouteComponent(() => import('../propensity/WizardPage.tsx'), 'WizardPage'),
});

const modelRoute = createRoute({
  getParentRoute: () => root,
  path: '/propensity/$id',
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import('../propensity/ModelPage.tsx'), 'ModelPage'),
});

const editModelRoute = createRoute({
  getParentRoute: () => root,
  path: '/propensity/$id/edit',
  component: lazyRouteComponent(() => import('../propensity/EditPage.tsx'), 'EditPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/SettingsPage.tsx'), 'SettingsPage'),
});

const routeTree = root.addChildren([
  home,
  segmentsRoute,
  newSegmentRoute,
  editSegmentRoute,
  segmentRoute,
  comparedRoute,
  explainRoute,
  profilesRoute,
  profileRoute,
  modelsRoute,
  newModelRoute,
  modelRoute,
  editModelRoute,
  liveRoute,
  settingsRoute,
]);

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
