/**
 * Keeps what is being made: in this browser at every change, and, as a draft of its own, with the service a moment after
 * the last one. A rule that is live is never changed from here: what is made of it is a draft beside it.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiClient } from '../api-client.ts';
import { ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { type ServerDraft, saveServerDraft, takesDraftBeside } from './server-draft.ts';

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
  /** Beside a rule that is live. */
  readonly serverDraft: ServerDraft | undefined;
  /** Whoever may only look changes nothing. */
  readonly readOnly: boolean;
}

export function useDraft(work: Work, beginning: Beginning, onSaved: (segment: Segment) => void) {
  const { segment, start, isPaused, readOnly } = beginning;
  const api = useApi();
  const [state, setState] = useState<DraftState>({ kind: 'unchanged' });
  const latest = useRef({ work, segment });
  latest.current = { work, segment };
  const serverDraft = useRef(beginning.serverDraft);
  const { name, text, isSound } = work;
  const [before, setBefore] = useState(start);
  const isChanged = name !== before.name || text !== before.text;
  const running = useRef<Promise<void>>(Promise.resolve());
  const keep = useCallback(async () => {
    const { work: now, segment: known } = latest.current;
    if (readOnly || !canSave(now)) return;
    setState({ kind: 'saving' });
    try {
      if (takesDraftBeside(known)) {
        const { etag, basedOnVersion = known.version } = serverDraft.current ?? {};
        serverDraft.current = await saveServerDraft(api, known.id, now, { etag, basedOnVersion });
      } else {
        const kept = await saved(api, now, known);
        latest.current = { ...latest.current, segment: kept };
        onSaved(kept);
      }
      setBefore(now);
      forgetLocalDraft(api, known?.id);
      setState({ kind: 'saved', at: Date.now() });
    } catch (error) {
      setState(error instanceof ApiError ? { kind: 'refused', why: error.message } : { kind: 'local' });
    }
  }, [api, onSaved, readOnly]);
  // One after the other: two at once would create the same segment twice.
  const save = useCallback(() => {
    running.current = running.current.then(keep);
    return running.current;
  }, [keep]);
  const settled = useCallback(async () => {
    await running.current;
    return { segment: latest.current.segment, draft: serverDraft.current };
  }, []);
  /** What the words are from now on changes from: nothing is left to save. */
  const startOver = useCallback((words: Pick<Work, 'name' | 'text'>) => {
    serverDraft.current = undefined;
    setBefore(words);
    setState({ kind: 'unchanged' });
  }, []);
  useEffect(() => {
    if (!isChanged || readOnly) return;
    localStorage.setItem(keyOf(api, latest.current.segment?.id), JSON.stringify({ name, text }));
    setState((last) => (last.kind === 'refused' ? last : { kind: 'local' }));
    if (isPaused || !canSave({ name, text, isSound })) return;
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [api, name, text, isSound, isChanged, isPaused, readOnly, save]);
  const hasServerDraft = state.kind === 'unchanged' ? serverDraft.current !== undefined : takesDraftBeside(segment);
  return { state, save, settled, startOver, hasServerDraft, isChanged };
}

const canSave = ({ name, text, isSound }: Work): boolean => isSound && name.trim() !== '' && text.trim() !== '';

async function saved(api: ApiClient, { name, text }: Work, segment: Segment | undefined): Promise<Segment> {
  const body = { name: name.trim(), expression: { type: 'PQL', format: 'pql/text', value: text } } as const;
  if (segment === undefined) return (await api.createSegment({ ...body, lifecycleState: 'draft' })).value;
  return (await api.changeSegment(segment.id, body, `"${segment.version}"`)).value;
}
