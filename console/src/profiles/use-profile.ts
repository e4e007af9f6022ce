import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import type { ProfileView } from '#shared/api/entities.ts';
import type { MembershipExplanation } from '#shared/api/explanations.ts';
import type { MergePolicyList } from '#shared/api/merge-policies.ts';
import { useApi } from '../app/surroundings.tsx';
import type { Segment } from '../segments/find-segments.ts';
import type { Person } from './recent-people.ts';

const EVENTS_A_PAGE = 100;

/** Each page is the whole profile with further events, the newest first. */
export function useProfile({ ns, id }: Person, mergePolicyId: string | undefined) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['profile', ns, id, mergePolicyId],
    queryFn: ({ pageParam, signal }) =>
      api.request<ProfileView>('GET', '/access/entities', {
        query: { entityId: id, entityIdNS: ns, mergePolicyId, start: pageParam, limit: EVENTS_A_PAGE },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: ({ page }) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useMergePolicies() {
  const api = useApi();
  return useQuery({
    queryKey: ['merge-policies'],
    queryFn: ({ signal }) => api.request<MergePolicyList>('GET', '/config/mergePolicies', { signal }),
  });
}

/** What each segment would have said of them at that instant. */
export function useMembershipsAt({ ns, id }: Person, at: string | undefined, segments: readonly Segment[]) {
  const api = useApi();
  return useQueries({
    queries: (at === undefined ? [] : segments).map((segment) => ({
      queryKey: ['explanation', segment.id, ns, id, at, undefined, undefined],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        api.request<MembershipExplanation>('GET', `/segment/definitions/${encodeURIComponent(segment.id)}/explain`, {
          query: { entityId: id, entityIdNS: ns, at },
          signal,
        }),
    })),
  });
}
