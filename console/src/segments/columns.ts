/** Which columns a reader wants to see, kept in this browser. */
export const COLUMNS = ['people', 'week', 'flow', 'state', 'runs', 'folder', 'cost', 'edited'] as const;
export type Column = (typeof COLUMNS)[number];

const SHOWN_AT_FIRST: readonly Column[] = ['people', 'week', 'flow', 'state', 'runs', 'edited'];
const KEY = 'shoal.columns';

export function readColumns(): readonly Column[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return Array.isArray(kept) ? COLUMNS.filter((column) => kept.includes(column)) : SHOWN_AT_FIRST;
  } catch {
    return SHOWN_AT_FIRST;
  }
}

/** Browsers that keep nothing lose nothing but the choice. */
export function keepColumns(columns: readonly Column[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(columns));
  } catch {
    return;
  }
}
