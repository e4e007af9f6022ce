/** Before it is published: some of those who would enter and leave, and whoever is told of it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DestinationResource } from '#shared/api/destinations.ts';
import { useApi } from '../app/surroundings.tsx';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { useTools } from './builder-context.tsx';
import type { Preview } from './use-preview.ts';

const SAMPLE = 5;

/** By name, once somebody asks. */
export function Samples({ preview }: { readonly preview: Preview }) {
  const { publishing } = useBuilderMessages();
  const [isOpen, setOpen] = useState(false);
  const difference = preview.estimate?.difference;
  const some = [difference?.enter.estimatedSize ?? 0, difference?.leave.estimatedSize ?? 0];
  if (preview.previewId === undefined || preview.isCounting || some.every((size) => size === 0)) return null;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{publishing.some(SAMPLE)}</summary>
      {isOpen && (
        <div className="publish-samples">
          <SampleOf previewId={preview.previewId} who="enter" title={publishing.entering} />
          <SampleOf previewId={preview.previewId} who="leave" title={publishing.leaving} />
        </div>
      )}
    </details>
  );
}

interface SampleProps {
  readonly previewId: string;
  readonly who: 'enter' | 'leave';
  readonly title: string;
}

function SampleOf({ previewId, who, title }: SampleProps) {
  const { publishing } = useBuilderMessages();
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['preview', previewId, who],
    queryFn: ({ signal }) => api.samplePreview(previewId, { offset: 0, limit: SAMPLE, sample: who }, signal),
  });
  if (data === undefined) return null;
  return (
    <section>
      <h3>{title}</h3>
      {data.results.length === 0 && <p className="muted">{publishing.noOne}</p>}
      <ul className="sample">
        {data.results.map(({ objectId, relatedObjects: [first] }) => (
          <li key={objectId}>
            <span>{first?.objectId ?? objectId}</span>
            {first !== undefined && <span className="tag">{first.namespaceId}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Destinations that are told of it, those of every segment included; and segments whose rule asks for it. */
export function useTouched(segment: Segment | undefined) {
  const api = useApi();
  const { vocabulary } = useTools();
  const { data } = useQuery({
    queryKey: ['destinations'],
    queryFn: ({ signal }) =>
      api.request<{ children: readonly DestinationResource[] }>('GET', '/destinations', { signal }),
    // Whoever may not list them publishes all the same.
    retry: false,
  });
  const destinations = (data?.children ?? []).filter(
    ({ state, segments }) =>
      state === 'active' && (segments === 'all' || (segment !== undefined && segments.includes(segment.id))),
  );
  const dependents =
    segment === undefined
      ? []
      : vocabulary.segments.filter(({ expression }) => expression.value.includes(`inSegment("${segment.id}")`));
  return { destinations, dependents };
}

interface TouchesProps extends ReturnType<typeof useTouched> {
  readonly changes: { readonly enter: number; readonly leave: number } | undefined;
}

export function Touches({ destinations, dependents, changes }: TouchesProps) {
  const { publishing } = useBuilderMessages();
  const { number } = useSpeech();
  if (destinations.length + dependents.length === 0) return null;
  const sent = changes && publishing.sent(number(changes.enter), number(changes.leave));
  return (
    <section>
      <h2>{publishing.touches}</h2>
      <ul className="touches">
        {destinations.map(({ id, name, target }) => (
          <li key={id}>
            <strong>{name}</strong> <span className="tag">{publishing.targets[target.kind]}</span> {sent}
          </li>
        ))}
        {dependents.map(({ id, name }) => (
          <li key={id}>
            <strong>{name}</strong> <span className="tag">{publishing.segment}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
