/** What the compiler says of the rule, from its worker; the last answer stays until the next one is there. */
import { useEffect, useRef, useState } from 'react';
import type { CompiledRule } from './compile-rule.ts';

interface Answer {
  readonly id: number;
  readonly result: CompiledRule;
}

export interface Compiled {
  readonly text: string;
  readonly result: CompiledRule;
}

export function useCompiled(text: string): Compiled | undefined {
  const worker = useRef<Worker>(undefined);
  const asked = useRef({ id: 0, text: '' });
  const [compiled, setCompiled] = useState<Compiled>();
  useEffect(() => {
    const started = new Worker(new URL('./compiler-worker.ts', import.meta.url), { type: 'module' });
    started.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.id === asked.current.id) setCompiled({ text: asked.current.text, result: data.result });
    };
    worker.current = started;
    return () => {
      started.terminate();
      worker.current = undefined;
    };
  }, []);
  useEffect(() => {
    asked.current = { id: asked.current.id + 1, text };
    if (text.trim() === '') setCompiled(undefined);
    else worker.current?.postMessage({ id: asked.current.id, text });
  }, [text]);
  return compiled;
}
