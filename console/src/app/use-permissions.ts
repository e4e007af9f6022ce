/** What the caller's token may do, so that a page doesn't offer what would be refused. Until it is known, everything is offered. */
import { useQuery } from '@tanstack/react-query';
import type { CallerPermissions } from '#shared/api/permissions.ts';
import { useApi } from './surroundings.tsx';

const STALE_MS = 300_000;

export function usePermissions(): (operationId: string) => boolean {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['permissions'],
    queryFn: ({ signal }) => api.request<CallerPermissions>('GET', '/permissions', { signal }),
    staleTime: STALE_MS,
  });
  return (operationId) => data === undefined || data.operations.includes(operationId);
}
