/** One person: what they did and what it changed, what is known of them, where they belong, and what is expected of them. */
import './profiles.css';
import '../ui/parts.css';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ProfileView } from '#shared/api/entities.ts';
import { ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { usePermissions } from '../app/use-permissions.ts';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { fromFieldValue, toFieldValue } from '../ui/instants.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { PageTabs } from '../ui/PageTabs.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { tell } from '../ui/toasts.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { AttributesTab } from './AttributesTab.tsx';
import { readWholeProfile, saveAsFile } from './export-profile.ts';
import { IdentitiesTab } from './IdentitiesTab.tsx';
import { callNameOf, scoresOf } from './profile-reading.ts';
import { type ProfileSearch, TABS } from './profile-search.ts';
import { type Person, rememberPerson } from './recent-people.ts';
import { ScoresTab } from './ScoresTab.tsx';
import { SegmentsTab } from './SegmentsTab.tsx';
import { Timeline } from './Timeline.tsx';
import { useProfile } from './use-profile.ts';
import { useProfileMessages } from './use-profile-messages.ts';

const EraseDialog = lazy(async () => ({ default: (await import('./EraseDialog.tsx')).EraseDialog }));

export function ProfilePage() {
  const words = useProfileMessages();
  const { ns, value: id } = useParams({ from: '/profiles/$ns/$value' });
  const [mergePolicyId, setMergePolicyId] = useState<string>();
  const loaded = useProfile({ ns, id }, mergePolicyId);
  const view = loaded.data === undefined ? undefined : joined(loaded.data.pages);
  const name = view === undefined ? undefined : callNameOf(view.attributes);
  usePageTitle(name ?? id);
  const isFound = view !== undefined;
  useEffect(() => {
    if (isFound) rememberPerson({ ns, id });
  }, [isFound, ns, id]);
  const isUnknown = loaded.error instanceof ApiError && loaded.error.status === 404;
  return (
    <div className="page">
      <PageLink to="/profiles" look="back" icon="left" label={words.back} />
      {isUnknown && (
        <>
          <h1>{words.unknown(id)}</h1>
          <p className="muted">{words.unknownHint}</p>
        </>
      )}
      {view === undefined && !isUnknown && <h1>{id}</h1>}
      {loaded.isError && !isUnknown && <FailureNotice error={loaded.error} onRetry={() => void loaded.refetch()} />}
      {loaded.isPending && <Waiting />}
      {view !== undefined && (
        <FoundProfile
          view={view}
          person={{ ns, id }}
          name={name ?? id}
          onMore={loaded.hasNextPage ? () => void loaded.fetchNextPage() : undefined}
          mergePolicyId={mergePolicyId}
          onMergePolicy={setMergePolicyId}
        />
      )}
    </div>
  );
}

/** The newest answer, with the events of all. */
function joined(pages: readonly ProfileView[]): ProfileView | undefined {
  const [first] = pages;
  return first === undefined ? undefined : { ...first, events: pages.flatMap(({ events }) => events) };
}

interface Props {
  readonly view: ProfileView;
  readonly person: Person;
  readonly name: string;
  readonly onMore: (() => void) | undefined;
  readonly mergePolicyId: string | undefined;
  readonly onMergePolicy: (id: string | undefined) => void;
}

function FoundProfile({ view, person, name, onMore, mergePolicyId, onMergePolicy }: Props) {
  const words = useProfileMessages();
  const search = useSearch({ from: '/profiles/$ns/$value' });
  const navigate = useNavigate({ from: '/profiles/$ns/$value' });
  const change = (next: ProfileSearch) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const labels = {
    timeline: words.tabs.timeline,
    attributes: words.tabs.attributes,
    identities: words.tabs.identities,
    segments: words.tabs.segments(Object.keys(view.segmentMembership.ups).length),
    scores: words.tabs.scores(scoresOf(view.propensity).length),
  };
  const contents = {
    timeline: () => <Timeline view={view} search={search} onChange={change} onMore={onMore} person={person} />,
    attributes: () => <AttributesTab view={view} mergePolicyId={mergePolicyId} onMergePolicy={onMergePolicy} />,
    identities: () => <IdentitiesTab view={view} />,
    segments: () => <SegmentsTab view={view} person={person} at={search.at} />,
    scores: () => <ScoresTab view={view} />,
  };
  return (
    <>
      <ProfileHead view={view} person={person} name={name} at={search.at} onAt={(at) => change({ at })} />
      <PageTabs
        label={words.tabsLabel}
        tabs={TABS.map((id) => ({ id, label: labels[id], content: contents[id] }))}
        shown={search.tab ?? 'timeline'}
        onShow={(tab) => change({ tab: tab === 'timeline' ? undefined : tab })}
      />
    </>
  );
}

interface HeadProps {
  readonly view: ProfileView;
  readonly person: Person;
  readonly name: string;
  readonly at: string | undefined;
  readonly onAt: (at: string | undefined) => void;
}

function ProfileHead({ view, person, name, at, onAt }: HeadProps) {
  const words = useProfileMessages();
  const { ago, dateTime } = useSpeech();
  const [newest] = view.events;
  return (
    <div className="stack">
      <div className="profile-head">
        <h1>{name}</h1>
        <ProfileActions person={person} />
      </div>
      <p className="muted">
        {words.summary(view.identities.length, view.page.totalCount)}
        {newest !== undefined && ` · ${words.seen(ago(Date.parse(newest.timestamp), Date.now()))}`}
      </p>
      <div className="line end">
        <TextBox
          label={words.asOf}
          type="datetime-local"
          value={toFieldValue(at)}
          onChange={(value) => onAt(fromFieldValue(value))}
        />
        {at !== undefined && <Button label={words.asOfNow} onPress={() => onAt(undefined)} />}
      </div>
      {at !== undefined && <p className="notice">{words.asOfNote(dateTime(Date.parse(at)))}</p>}
    </div>
  );
}

/** What is asked of whoever keeps data about people: to hand it out, and to erase it. */
function ProfileActions({ person }: { readonly person: Person }) {
  const words = useProfileMessages();
  const api = useApi();
  const can = usePermissions();
  const [isErasing, setErasing] = useState(false);
  const handOut = useMutation({
    mutationFn: () => readWholeProfile(api, person),
    onSuccess: (whole) => saveAsFile(`profile-${person.ns}-${person.id}.json`, whole),
    onError: (error) => tell({ text: error.message }),
  });
  return (
    <span className="line push">
      <Button label={words.export} isDisabled={handOut.isPending} onPress={() => handOut.mutate()} />
      <Button
        look="danger"
        label={words.erase.open}
        isDisabled={!can('createSystemJob')}
        onPress={() => setErasing(true)}
      />
      {isErasing && (
        <Suspense>
          <EraseDialog person={person} onClose={() => setErasing(false)} />
        </Suspense>
      )}
    </span>
  );
}
