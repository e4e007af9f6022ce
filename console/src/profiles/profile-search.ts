/** The state of a profile's page as it stands in the address. */
import { readText } from '../segment-detail/detail-search.ts';

export const TABS = ['timeline', 'attributes', 'identities', 'segments', 'scores'] as const;
export type ProfileTab = (typeof TABS)[number];

export interface ProfileSearch {
  readonly tab?: ProfileTab;
  readonly type?: string;
  /** Instants, ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly at?: string;
}

export function readProfileSearch({ tab, type, from, to, at }: Readonly<Record<string, unknown>>): ProfileSearch {
  const shown = TABS.find((each) => each === tab && each !== 'timeline');
  const chosen = readText(type);
  const instants = { from: instantOf(from), to: instantOf(to), at: instantOf(at) };
  return {
    ...(shown === undefined ? {} : { tab: shown }),
    ...(chosen === undefined ? {} : { type: chosen }),
    ...Object.fromEntries(Object.entries(instants).filter(([, value]) => value !== undefined)),
  };
}

const instantOf = (value: unknown): string | undefined =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
