/**
 * Keeps what is being made: in this browser at every change, and, as a draft of its own, with the service a moment after
 * the last one. A rule that is live is never changed from here: its draft stays in this browser until it is published.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiClient } from '../api-client.ts';
import { ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import type { Segment } from '../segments/find-segments.ts';

const PAUSE_MS = 800;

export interface Work {
  readonly name: string;
  readonly text: string;
  /** Nothing that the service would refuse. */
  readonly isSound: boolean;
}

export type DraftState =
  | { readonly kind: 'unchanged' | 'saving' | 'local' }
  | { readonly kind: 'saved'; readonly at: number }
  | { readonly kind: 'refused'; readonly why: string };

const keyOf = (api: ApiClient, id: string | undefined) => `shoal.draft.${api.sandbox}.${id ?? 'new'}`;

export function readLocalDraft(api: ApiClient, id: string | undefined): Pick<Work, 'name' | 'text'> | undefined {
  try {
    const kept = localStorage.getItem(keyOf(api, id));
    return kept === null ? undefined : (JSON.parse(kept) as Pick<Work, 'name' | 'text'>);
  } catch {
    return undefined;
  }
}

export const forgetLocalDraft = (api: ApiClient, id: string | undefined): void =>
  localStorage.removeItem(keyOf(api, id));

interface Beginning {
  /** What the service has; `undefined` before it has anything. */
  readonly segment: Segment | undefined;
  /** What was there before anybody did anything: looking at an example saves nothing. */
  readonly start: Pick<Work, 'name' | 'text'>;
  /** While it is being published nothing else may save it. */
  readonly isPaused: boolean;
}

export function useDraft(work: Work, { segment, start, isPaused }: Beginning, onSaved: (segment: Segment) => void) {
  const api = useApi();
  const [state, setState] = useState<DraftState>({ kind: 'unchanged' });
  const latest = useRef({ work, segment });
  latest.current = { work, segment };
  const { name, text, isSound } = work;
  const before = segment === undefined ? start : { name: segment.name, text: segment.expression.value };
  const isChanged = name !== before.name || text !== before.text;
  const running = useRef<Promise<void>>(Promise.resolve());
  const keep = useCallback(async () => {
    const { work: now, segment: known } = latest.current;
    if (!canSave(now, known)) return;
    setState({ kind: 'saving' });
    try {
      const kept = await saved(api, now, known);
      latest.current = { ...latest.current, segment: kept };
      onSaved(kept);
      forgetLocalDraft(api, known?.id);
      setState({ kind: 'saved', at: Date.now() });
    } catch (error) {
      setState(error instanceof ApiError ? { kind: 'refused', why: error.message } : { kind: 'local' });
    }
  }, [api, onSaved]);
  // One after the other: two at once would create the same segment twice.
  const save = useCallback(() => {
    running.current = running.current.then(keep);
    return running.current;
  }, [keep]);
  const settled = useCallback(async () => {
    await running.current;
    return latest.current.segment;
  }, []);
  useEffect(() => {
    if (!isChanged) return;
    localStorage.setItem(keyOf(api, latest.current.segment?.id), JSON.stringify({ name, text }));
    setState((last) => (last.kind === 'refused' ? last : { kind: 'local' }));
    if (isPaused || !canSave({ name, text, isSound }, latest.current.segment)) return;
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [api, name, text, isSound, isChanged, isPaused, save]);
  return { state, save, settled };
}

function canSave({ name, text, isSound }: Work, segment: Segment | undefined): boolean {
  const isDraft = segment === undefined || segment.lifecycleState === 'draft';
  return isDraft && isSound && name.trim() !== '' && text.trim() !== '';
}

async function saved(api: ApiClient, { name, text }: Work, segment: Segment | undefined): Promise<Segment> {
  const body = { name: name.trim(), expression: { type: 'PQL', format: 'pql/text', value: text } } as const;
  if (segment === undefined) return (await api.createSegment({ ...body, lifecycleState: 'draft' })).value;
  return (await api.changeSegment(segment.id, body, `"${segment.version}"`)).value;
}
