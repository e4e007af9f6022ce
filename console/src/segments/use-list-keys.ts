/** Letters of the list: j and k go from row to row, x selects, e edits, Enter opens, n begins a new one. None acts while something is typed. */
import { useEffect, useRef } from 'react';

interface Keys {
  readonly onSelect: (id: string) => void;
  readonly onEdit: (id: string) => void;
  readonly onNew: () => void;
}

const BLOCKED =
  'input:not([type="checkbox"]), textarea, [contenteditable], [role="menuitem"], [role="menuitemradio"], [role="dialog"] *';
const ROWS = '.table [role="row"][data-key]';

export function useListKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(event.target instanceof HTMLElement) || event.target.matches(BLOCKED)) return;
      if (!act(event.key, event.target, latest.current)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the table: letters would search it for names that begin with them.
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, []);
}

/** Whether the key meant anything here. */
function act(key: string, target: HTMLElement, { onSelect, onEdit, onNew }: Keys): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const here = target.closest<HTMLElement>(ROWS);
  if (key === 'j' || key === 'k') {
    const at = here === null ? -1 : rows.indexOf(here);
    const next = rows[Math.max(0, at + (key === 'j' ? 1 : -1))];
    next?.focus();
    return next !== undefined;
  }
  if (key === 'n') {
    onNew();
    return true;
  }
  const id = here?.dataset.key;
  if (here === null || id === undefined) return false;
  if (key === 'x') onSelect(id);
  else if (key === 'e') onEdit(id);
  else if (key === 'Enter' && target === here) here.querySelector<HTMLElement>('.segment-name')?.click();
  else return false;
  return true;
}
