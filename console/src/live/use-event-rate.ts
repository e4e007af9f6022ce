/** Events a second, from how many the service has counted at two looks. */
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../app/surroundings.tsx';

const LOOK_MS = 10_000;

interface Look {
  readonly at: number;
  readonly total: number;
  readonly perSecond: number | undefined;
}

export function useEventRate(isPaused: boolean): Look | undefined {
  const api = useApi();
  const before = useRef<Look>(undefined);
  const { data } = useQuery({
    queryKey: ['event-rate'],
    queryFn: async ({ signal }): Promise<Look> => {
      const { eventTypes } = await api.listEventTypes(signal);
      const [at, total] = [Date.now(), eventTypes.reduce((sum, { count }) => sum + count, 0)];
      const { current } = before;
      const perSecond = current === undefined ? undefined : (1000 * (total - current.total)) / (at - current.at);
      before.current = { at, total, perSecond };
      return before.current;
    },
    refetchInterval: isPaused ? false : LOOK_MS,
    gcTime: 0,
  });
  return data;
}
