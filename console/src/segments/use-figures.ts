/** The sizes that a row of the list shows, asked for by what is on the page: five thousand segments are not five thousand questions. */
import { useQuery } from '@tanstack/react-query';
import type { SegmentJobList, SegmentTrend } from '#shared/api/segment-jobs.ts';
import { useApi } from '../app/surroundings.tsx';
import { type Flow, flowsOf } from './figures.ts';

const STALE_MS = 60_000;
const POINTS_MAX = 200;
const JOBS_MAX = 20;

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

export function useFlows(): ReadonlyMap<string, Flow> | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['flows'],
    queryFn: async ({ signal }) => {
      const query = { limit: JOBS_MAX, status: 'SUCCEEDED' };
      return flowsOf((await api.request<SegmentJobList>('GET', '/segment/jobs', { query, signal })).children);
    },
    staleTime: STALE_MS,
  });
  return data;
}
