/** Follows the feed of changes by its cursor: every two seconds, and not while the page is hidden or paused. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { EMPTY_FLOW, type Page, withPage } from './flow.ts';

const POLL_MS = 2_000;
const CHANGES_A_PAGE = 1_000;

export function useFlow(isPaused: boolean) {
  const api = useApi();
  const [flow, setFlow] = useState(EMPTY_FLOW);
  const [error, setError] = useState<unknown>();
  const cursor = useRef<string>(undefined);
  useEffect(() => {
    if (isPaused) return;
    const stopping = new AbortController();
    const { signal } = stopping;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      let wait = POLL_MS;
      try {
        if (!document.hidden) {
          const page = await api.listChanges(cursor.current, CHANGES_A_PAGE, signal);
          if (signal.aborted) return;
          cursor.current = page.next;
          setFlow((before) => withPage(before, page as unknown as Page, Date.now()));
          if (page.hasMore) wait = 0;
        }
        setError(undefined);
      } catch (failure) {
        if (signal.aborted) return;
        setError(failure);
      }
      timer = setTimeout(() => void look(), wait);
    };
    void look();
    return () => {
      stopping.abort();
      clearTimeout(timer);
    };
  }, [api, isPaused]);
  return { flow, error };
}
