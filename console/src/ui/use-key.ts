/** A key that acts wherever the reader is, but not while they type. */
import { useEffect, useRef } from 'react';

/** With Ctrl or ⌘ it acts in fields, too. */
export function useKey(key: string, run: () => void, { withCommand = false } = {}): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || event.isComposing || event.altKey || event.defaultPrevented) return;
      if (withCommand !== (event.ctrlKey || event.metaKey)) return;
      if (!withCommand && isTyped(event.target)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [key, withCommand]);
}

const TYPED = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
const isTyped = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches(TYPED);
