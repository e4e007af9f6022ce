/** A segment: how many are in, how it runs, who, since which version, and what counted it. */
import '../segments/segments.css';
import './detail.css';
import '../ui/parts.css';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ApiError } from '../api-client.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { usePermissions } from '../app/use-permissions.ts';
import { useMessages } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PageTabs } from '../ui/PageTabs.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { AskForm } from './AskForm.tsx';
import { DestinationsTab } from './DestinationsTab.tsx';
import { TABS } from './detail-search.ts';
import { JobsTab } from './JobsTab.tsx';
import { MembersTab } from './MembersTab.tsx';
import { Overview } from './Overview.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useSegment } from './use-segment.ts';
import { VersionsTab } from './VersionsTab.tsx';

export function SegmentPage() {
  const words = useDetailMessages();
  const { id } = useParams({ from: '/segments/$id' });
  const found = useSegment(id);
  usePageTitle(found.data?.name ?? words.back);
  const isGone = found.error instanceof ApiError && found.error.status === 404;
  return (
    <div className="page">
      <PageLink to="/segments" look="back" icon="left" label={words.back} />
      {isGone && <h1>{words.notFound}</h1>}
      {found.isError && !isGone && <FailureNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Waiting />}
      {found.data !== undefined && <FoundSegment segment={found.data} />}
    </div>
  );
}

function FoundSegment({ segment }: { readonly segment: Segment }) {
  const words = useDetailMessages();
  const navigate = useNavigate({ from: '/segments/$id' });
  const { tab = 'overview' } = useSearch({ from: '/segments/$id' });
  const contents = {
    overview: () => <Overview segment={segment} />,
    members: () => <MembersTab segment={segment} />,
    explain: () => (
      <AskForm
        onAsk={(person) => void navigate({ to: '/segments/$id/explain', params: { id: segment.id }, search: person })}
      />
    ),
    versions: () => <VersionsTab segment={segment} />,
    jobs: () => <JobsTab segment={segment} />,
    destinations: () => <DestinationsTab segment={segment} />,
  };
  return (
    <>
      <SegmentHead segment={segment} />
      <PageTabs
        label={words.tabsLabel}
        tabs={TABS.map((id) => ({ id, label: words.tabs[id], content: contents[id] }))}
        shown={tab}
        onShow={(shown) => void navigate({ search: shown === 'overview' ? {} : { tab: shown } })}
      />
    </>
  );
}

function SegmentHead({ segment }: { readonly segment: Segment }) {
  const { list } = useMessages();
  const words = useDetailMessages();
  const can = usePermissions();
  const { id, name, description, tags, lifecycleState, version } = segment;
  return (
    <div className="stack">
      <div className="page-head full">
        <h1>{name}</h1>
        <span className="state">
          <span className={`state-dot ${lifecycleState}`} />
          {words.state(list.states[lifecycleState], version)}
        </span>
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        <span className="push">
          <PageLink
            to="/segments/$id/edit"
            params={{ id }}
            look="primary"
            label={can('patchSegmentDefinition') ? words.edit : words.openReadOnly}
          />
        </span>
      </div>
      {description !== undefined && <p className="muted">{description}</p>}
    </div>
  );
}
