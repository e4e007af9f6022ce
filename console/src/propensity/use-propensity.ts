import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  PropensityInsights,
  PropensityInstanceResource,
  PropensityRunResource,
  propensityInstanceList,
  propensityRunList,
} from '#shared/api/propensity.ts';
import { ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { tell } from '../ui/toasts.tsx';

type InstanceList = (typeof propensityInstanceList)['_output'];
type RunList = (typeof propensityRunList)['_output'];

export const INSTANCES = '/propensity/instances';
export const pathOf = (id: string) => `${INSTANCES}/${encodeURIComponent(id)}`;
const POLL_MS = 2_000;

export const isRunning = (run: Pick<PropensityRunResource, 'status'> | undefined): boolean =>
  run?.status === 'NEW' || run?.status === 'PROCESSING';

export function useInstances() {
  const api = useApi();
  return useQuery({
    queryKey: ['propensity'],
    queryFn: ({ signal }) => api.request<InstanceList>('GET', INSTANCES, { signal }),
    refetchInterval: ({ state }) => (state.data?.children.some(({ lastRun }) => isRunning(lastRun)) ? POLL_MS : false),
  });
}

export function useInstance(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['propensity', id],
    queryFn: ({ signal }) => api.request<PropensityInstanceResource>('GET', pathOf(id), { signal }),
    refetchInterval: ({ state }) => (isRunning(state.data?.lastRun) ? POLL_MS : false),
  });
}

export function useRuns(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['propensity', id, 'runs'],
    queryFn: ({ signal }) => api.request<RunList>('GET', `${pathOf(id)}/runs`, { query: { limit: 50 }, signal }),
    refetchInterval: ({ state }) => (state.data?.children.some(isRunning) ? POLL_MS : false),
  });
}

/** `null` until a run has scored people. */
export function useInsights(id: string, lastRunId: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['propensity', id, 'insights', lastRunId],
    queryFn: async ({ signal }) => {
      try {
        return await api.request<PropensityInsights>('GET', `${pathOf(id)}/insights`, { signal });
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return null;
        throw error;
      }
    },
  });
}

/** Does something to an instance or a run of it, and says so. */
export function useModelChange(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path = '', body }: Change) => api.request<unknown>(method, pathOf(id) + path, { body }),
    onSuccess: (_, { told }) => tell({ text: told }),
    onError: (error) => tell({ text: error.message }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['propensity'] }),
  });
}

interface Change {
  readonly method: 'POST' | 'DELETE' | 'PATCH';
  readonly path?: string;
  readonly body?: unknown;
  readonly told: string;
}
