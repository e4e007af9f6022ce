/** What the pages of a segment ask the API for. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { MembershipExplanation } from '#shared/api/explanations.ts';
import type { ValidatedDefinition } from '#shared/api/segment-expressions.ts';
import type { SegmentJobList, SegmentTrend } from '#shared/api/segment-jobs.ts';
import type { SegmentMembers } from '#shared/api/segment-members.ts';
import type { VersionList } from '#shared/api/segment-versions.ts';
import { useApi } from '../app/surroundings.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import type { ExplainSearch } from './detail-search.ts';
import { isOpen } from './job-progress.ts';

const pathOf = (id: string) => `/segment/definitions/${encodeURIComponent(id)}`;
const RUNNING_POLL_MS = 2_000;

export function useSegment(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['segment-detail', id],
    queryFn: async ({ signal }) => (await api.findSegment(id, signal)).value,
    // While it is being activated its progress is worth a look.
    refetchInterval: ({ state: { data } }) =>
      data?.evaluationInfo.continuous.state === 'activating' ? RUNNING_POLL_MS : false,
  });
}

export function useSegments() {
  const api = useApi();
  return useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => api.listSegments(signal) });
}

/** What the service says of a rule without storing it: here, what it costs. */
export function useValidated({ id, version, expression }: Segment) {
  const api = useApi();
  return useQuery({
    queryKey: ['segment-validated', id, version],
    queryFn: ({ signal }) =>
      api.request<ValidatedDefinition>('POST', '/segment/definitions/validate', { body: { expression }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useTrend(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['segment-trend', id],
    queryFn: ({ signal }) => api.request<SegmentTrend>('GET', `${pathOf(id)}/trend`, { query: { limit: 200 }, signal }),
  });
}

export function useMembers(id: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['segment-members', id],
    queryFn: ({ pageParam, signal }) =>
      api.request<SegmentMembers>('GET', `${pathOf(id)}/members`, { query: { limit: 50, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export const versionsKey = (id: string) => ['segment-versions', id];

export function useVersions(id: string) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: versionsKey(id),
    queryFn: ({ pageParam, signal }) =>
      api.request<VersionList>('GET', `${pathOf(id)}/versions`, { query: { limit: 20, after: pageParam }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export const JOBS_KEY = ['segment-jobs'];

/** All jobs of the sandbox, the newest first; looked at again while one runs. */
export function useJobs() {
  const api = useApi();
  return useQuery({
    queryKey: JOBS_KEY,
    queryFn: ({ signal }) => api.request<SegmentJobList>('GET', '/segment/jobs', { query: { limit: 100 }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.children.some(isOpen) ? RUNNING_POLL_MS : false),
  });
}

export interface Supposed {
  readonly events: readonly { readonly eventType: string }[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export function useExplanation(segmentId: string, { ns, id, at, version }: ExplainSearch, supposed?: Supposed) {
  const api = useApi();
  return useQuery({
    queryKey: ['explanation', segmentId, ns, id, at, version, supposed],
    queryFn: ({ signal }) => {
      const person = { entityId: id, entityIdNS: ns, at, version };
      return supposed === undefined
        ? api.request<MembershipExplanation>('GET', `${pathOf(segmentId)}/explain`, { query: person, signal })
        : api.request<MembershipExplanation>('POST', `${pathOf(segmentId)}/explain`, {
            body: { ...person, ...supposed },
            signal,
          });
    },
    enabled: ns !== undefined && id !== undefined,
    placeholderData: supposed === undefined ? undefined : (before) => before,
  });
}
