/** The builder's page: finds what is to be edited, then hands it to the builder. */
import './builder.css';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Builder } from './Builder.tsx';
import type { BuilderSearch } from './builder-search.ts';
import { readServerDraft, takesDraftBeside } from './server-draft.ts';
import { TEMPLATES } from './templates.ts';

export function BuilderPage() {
  const builder = useBuilderMessages();
  const { templates } = useMessages();
  const api = useApi();
  const { id } = useParams({ strict: false });
  const { template, pql, name = '' } = useSearch({ strict: false }) as BuilderSearch;
  const segments = useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => api.listSegments(signal) });
  const found = useQuery({
    queryKey: ['segment', id],
    queryFn: async ({ signal }) => (await api.findSegment(id ?? '', signal)).value,
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const segment = id === undefined ? undefined : found.data;
  const beside = useQuery({
    queryKey: ['draft', id],
    queryFn: ({ signal }) => readServerDraft(api, id ?? '', signal),
    enabled: takesDraftBeside(segment),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  usePageTitle(segment?.name ?? builder.newTitle);
  if (found.isError) return <Unfound error={found.error} onRetry={() => void found.refetch()} />;
  if (id !== undefined && (segment === undefined || beside.isLoading)) return <Waiting />;
  const start =
    template === undefined ? { name, text: pql ?? '' } : { name: templates[template].name, text: TEMPLATES[template] };
  return (
    <Builder
      key={`${id ?? 'new'}:${template ?? ''}:${pql ?? ''}`}
      segment={segment}
      start={segment === undefined ? start : { name: segment.name, text: segment.expression.value }}
      serverDraft={beside.data ?? undefined}
      takesLocalDraft={template === undefined && pql === undefined}
      segments={segments.data}
    />
  );
}

function Waiting() {
  const { app } = useMessages();
  return (
    <div className="page" role="status">
      <span className="muted">{app.loading}</span>
    </div>
  );
}

function Unfound({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const builder = useBuilderMessages();
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <div className="page">
      {isGone ? <h1>{builder.notFound}</h1> : <FailureNotice error={error} onRetry={onRetry} />}
    </div>
  );
}
