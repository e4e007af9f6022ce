/** Fields and event types of the sandbox; the default ones where the service can't say. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ApiClient } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { type FieldEntry, type Vocabulary, vocabularyOf } from './vocabulary.ts';

const STALE_MS = 60_000;
const NONE: readonly FieldEntry[] = [];

export function useVocabulary(segments: readonly Segment[]): Vocabulary {
  const api = useApi();
  const { eventTitles } = useBuilderMessages();
  const fields = useQuery({
    queryKey: ['fields'],
    queryFn: ({ signal }) => listFields(api, signal),
    staleTime: STALE_MS,
  });
  const types = useQuery({
    queryKey: ['eventTypes'],
    queryFn: ({ signal }) => api.listEventTypes(signal),
    staleTime: STALE_MS,
  });
  return useMemo(() => {
    const listed = fields.data ?? NONE;
    const lists = {
      profile: listed.filter(({ schema }) => schema === 'profile'),
      event: listed.filter(({ schema }) => schema === 'event'),
    };
    return vocabularyOf(lists, segments, types.data?.eventTypes ?? [], eventTitles);
  }, [fields.data, types.data, segments, eventTitles]);
}

async function listFields(api: ApiClient, signal: AbortSignal): Promise<readonly FieldEntry[]> {
  try {
    // The schema of the answer says less of kinds than the service does.
    return (await api.listFields(signal)) as readonly FieldEntry[];
  } catch (error) {
    if (signal.aborted) throw error;
    return (await import('./default-fields.ts')).defaultFields();
  }
}
