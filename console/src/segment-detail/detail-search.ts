/** The state of a segment's pages as it stands in the address. The router reads what looks like a number as one. */
export const TABS = ['overview', 'members', 'explain', 'versions', 'jobs', 'destinations'] as const;
export type DetailTab = (typeof TABS)[number];

export interface DetailSearch {
  readonly tab?: DetailTab;
}

type Given = Readonly<Record<string, unknown>>;

export const readText = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

export function readDetailSearch({ tab }: Given): DetailSearch {
  const shown = TABS.find((each) => each === tab && each !== 'overview');
  return shown === undefined ? {} : { tab: shown };
}

export interface ExplainSearch {
  readonly ns?: string;
  readonly id?: string;
  /** ISO 8601 with an offset. */
  readonly at?: string;
  readonly version?: number;
}

export function readExplainSearch({ ns, id, at, version }: Given): ExplainSearch {
  const [namespace, identity, instant] = [readText(ns), readText(id), readText(at)];
  const number = Number(version);
  return {
    ...(namespace === undefined ? {} : { ns: namespace }),
    ...(identity === undefined ? {} : { id: identity }),
    ...(instant === undefined || Number.isNaN(Date.parse(instant)) ? {} : { at: instant }),
    ...(Number.isInteger(number) && number > 0 ? { version: number } : {}),
  };
}
