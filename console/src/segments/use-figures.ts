/** The sizes that a row of the list shows, asked for by what is on the page: five thousand segments are not five thousand questions. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SegmentJobList, SegmentJobResource, SegmentTrend } from '#shared/api/segment-jobs.ts';
import { useApi } from '../app/surroundings.tsx';
import { type Flow, flowsOf } from './figures.ts';

const STALE_MS = 60_000;
const POINTS_MAX = 200;
const JOBS_MAX = 30;

export function useTrend(id: string, isLive: boolean): SegmentTrend['points'] | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['trend', id],
    queryFn: ({ signal }) =>
      api.request<SegmentTrend>('GET', `/segment/definitions/${encodeURIComponent(id)}/trend`, {
        query: { limit: POINTS_MAX },
        signal,
      }),
    enabled: isLive,
    staleTime: STALE_MS,
  });
  return data?.points;
}

export function useRecentJobs(): readonly SegmentJobResource[] | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['recent-jobs'],
    queryFn: async ({ signal }) => {
      const query = { limit: JOBS_MAX };
      return (await api.request<SegmentJobList>('GET', '/segment/jobs', { query, signal })).children;
    },
    staleTime: STALE_MS,
  });
  return data;
}

export function useFlows(): ReadonlyMap<string, Flow> | undefined {
  const jobs = useRecentJobs();
  return useMemo(() => jobs && flowsOf(jobs), [jobs]);
}
