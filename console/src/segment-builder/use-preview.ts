/**
 * How many people the rule holds for, asked a moment after the last change. Only the newest question is waited for: the
 * one before is given up and ended. What was known stays, marked as old, until there is something newer.
 */
import { useEffect, useRef, useState } from 'react';
import type { EstimateResource } from '#shared/api/previews.ts';
import type { ApiClient } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';

const PAUSE_MS = 250;
const READ_ON_MS = 400;

export interface Preview {
  readonly previewId: string | undefined;
  readonly estimate: EstimateResource | undefined;
  /** The rule that `estimate` is about. */
  readonly text: string;
  readonly isCounting: boolean;
  readonly error: unknown;
  readonly at: number;
}

const NOTHING: Preview = {
  previewId: undefined,
  estimate: undefined,
  text: '',
  isCounting: false,
  error: undefined,
  at: 0,
};

export interface Question {
  readonly text: string;
  /** The same people all through the editing, so that differences are no chance. */
  readonly seed: string;
  readonly compareWith?: string | undefined;
  readonly clauses?: boolean;
}

export function usePreview({ text, seed, compareWith, clauses = false }: Question): Preview {
  const api = useApi();
  const [preview, setPreview] = useState(NOTHING);
  const running = useRef<string>(undefined);
  useEffect(() => {
    if (text.trim() === '') {
      setPreview(NOTHING);
      return;
    }
    setPreview((before) => ({ ...before, isCounting: true }));
    const stopping = new AbortController();
    const timer = setTimeout(() => {
      const tell = (next: Partial<Preview>) => setPreview((before) => ({ ...before, ...next, text }));
      follow(api, { text, seed, compareWith, clauses }, { tell, running, signal: stopping.signal }).catch((error) => {
        if (!stopping.signal.aborted) tell({ isCounting: false, error });
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stopping.abort();
      if (running.current !== undefined) void api.endPreview(running.current).catch(() => {});
      running.current = undefined;
    };
  }, [api, text, seed, compareWith, clauses]);
  return preview;
}

interface Following {
  tell(next: Partial<Preview>): void;
  readonly running: { current: string | undefined };
  readonly signal: AbortSignal;
}

async function follow(
  api: ApiClient,
  question: Required<Omit<Question, 'compareWith'>> & Question,
  { tell, running, signal }: Following,
) {
  const { text, seed, compareWith, clauses } = question;
  const body = { predicateExpression: text, predicateType: 'pql/text', seed, clauses } as const;
  const created = await api.createPreview({ ...body, ...(compareWith === undefined ? {} : { compareWith }) }, signal);
  const { previewId } = created;
  running.current = previewId;
  for (let estimate = created.estimate; ; ) {
    const isCounting = estimate.state === 'NEW' || estimate.state === 'RUNNING';
    tell({ previewId, estimate, isCounting, error: undefined, at: Date.now() });
    if (!isCounting) break;
    await new Promise((resolve) => setTimeout(resolve, READ_ON_MS));
    if (signal.aborted) return;
    estimate = await api.estimate(previewId, signal);
  }
  // What is finished needs no end: its sample may still be asked for.
  running.current = undefined;
}
