/** What differs between two versions, or between a version and the draft. */
import '../segments/segments.css';
import './detail.css';
import '../ui/parts.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Difference } from '#shared/api/difference.ts';
import type { DraftResource, VersionDifferences } from '#shared/api/segment-versions.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { changesOf, fieldNameOf, isText, textOf } from './difference-words.ts';
import { sentenceOfText } from './explanation-reading.ts';
import { useWording } from './RuleCard.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useSegment } from './use-segment.ts';

const DRAFT = 'draft';

function useDifferences(id: string, a: string, b: string) {
  const api = useApi();
  const path = `/segment/definitions/${encodeURIComponent(id)}`;
  return useQuery({
    queryKey: ['segment-differences', id, a, b],
    queryFn: async ({ signal }): Promise<readonly Difference[]> => {
      if (b === DRAFT) return (await api.request<DraftResource>('GET', `${path}/draft`, { signal })).differences;
      const query = { from: a };
      const to = `${path}/versions/${encodeURIComponent(b)}/differences`;
      return (await api.request<VersionDifferences>('GET', to, { query, signal })).differences;
    },
  });
}

export function VersionsComparedPage() {
  const { toSegment, back, versions: words } = useDetailMessages();
  const { id, a, b } = useParams({ from: '/segments/$id/versions/$a/$b' });
  const name = useSegment(id).data?.name ?? back;
  const { data, isPending, isError, error, refetch } = useDifferences(id, a, b);
  const nameOf = (version: string) => (version === DRAFT ? words.draft : words.version(Number(version)));
  const title = `${name}: ${words.comparedTitle(nameOf(a), nameOf(b))}`;
  usePageTitle(title);
  return (
    <div className="page">
      <PageLink
        to="/segments/$id"
        params={{ id }}
        search={{ tab: 'versions' }}
        look="back"
        icon="left"
        label={toSegment(name)}
      />
      <h1>{title}</h1>
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p>{words.noDifference}</p>}
      {data?.map((difference) => (
        <OneDifference key={difference.path} difference={difference} />
      ))}
    </div>
  );
}

function OneDifference({ difference }: { readonly difference: Difference }) {
  const { versions: words } = useDetailMessages();
  const { path, before, after } = difference;
  const title = fieldNameOf(path, words.fields);
  if (isText(difference)) {
    const [from, to] = [String(before), String(after)];
    return (
      <Card title={title}>
        {path.startsWith('/expression') && <RuleInSentences before={from} after={to} />}
        <p className="code-block">
          <Changes before={from} after={to} />
        </p>
      </Card>
    );
  }
  return (
    <Card title={title}>
      <dl className="facts">
        <dt>{words.before}</dt>
        <dd>{textOf(before) ?? words.nothingThere}</dd>
        <dt>{words.after}</dt>
        <dd>{textOf(after) ?? words.nothingThere}</dd>
      </dl>
    </Card>
  );
}

/** Both rules as the builder says them, where it can say both. */
function RuleInSentences({ before, after }: { readonly before: string; readonly after: string }) {
  const wording = useWording();
  const [from, to] = [sentenceOfText(before, wording), sentenceOfText(after, wording)];
  if (from === undefined || to === undefined) return null;
  return (
    <p className="said-difference">
      <Changes before={from} after={to} />
    </p>
  );
}

function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  return changesOf(before, after).map(({ kind, text }, index) => {
    const Part = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
    return <Part key={index}>{text}</Part>;
  });
}
