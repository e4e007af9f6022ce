/** Looked for beside the list: what is wrong shows when it is known, and nothing waits for it. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DestinationDeliveries } from '#shared/api/destinations.ts';
import type { ApiClient } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import type { Segment } from './find-segments.ts';
import { isStuck, type ProblemsById, problemsOf, segmentsToldTo } from './problems.ts';
import { useRecentJobs } from './use-figures.ts';

const STALE_MS = 60_000;
const DESTINATIONS_MAX = 20;
const NONE: ReadonlySet<string> = new Set();

export function useProblems(segments: readonly Segment[]): ProblemsById {
  const api = useApi();
  const jobs = useRecentJobs();
  const { data: undelivered = NONE } = useQuery({
    queryKey: ['undelivered'],
    queryFn: ({ signal }) => findUndelivered(api, signal),
    staleTime: STALE_MS,
  });
  return useMemo(
    () => problemsOf(segments, { jobs: jobs ?? [], undelivered }, Date.now()),
    [segments, jobs, undelivered],
  );
}

async function findUndelivered(api: ApiClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const active = (await api.listDestinations(signal)).filter(({ state }) => state === 'active');
  const stuck = await Promise.all(
    active.slice(0, DESTINATIONS_MAX).map(async (destination) => {
      const path = `/destinations/${encodeURIComponent(destination.id)}/deliveries`;
      const deliveries = await api.request<DestinationDeliveries>('GET', path, { signal });
      return isStuck(deliveries) ? segmentsToldTo(destination) : [];
    }),
  );
  return new Set(stuck.flat());
}
