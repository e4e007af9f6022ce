/** People and events as rows of tables. */
import type { Population } from './people.ts';

export type Row = Readonly<Record<string, unknown>>;

export const profileRows = ({ profiles }: Population): readonly Row[] =>
  profiles.map((profile, pi) => ({ ...profile, pi }));

export const eventRows = ({ events }: Population): readonly Row[] => events.flat();

/** The first value of each column, in the order in which columns turn up; of lists, of the first that holds anything. */
export function columnsOf(rows: readonly Row[]): ReadonlyMap<string, unknown> {
  const columns = new Map<string, unknown>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const known = columns.get(name);
      if (known === undefined || (Array.isArray(known) && known.length === 0)) columns.set(name, value);
    }
  }
  return columns;
}
