import { readText } from '../segment-detail/detail-search.ts';

export interface LiveSearch {
  readonly segment?: string;
  readonly cause?: string;
}

export function readLiveSearch({ segment, cause }: Readonly<Record<string, unknown>>): LiveSearch {
  const [id, by] = [readText(segment), readText(cause)];
  return { ...(id === undefined ? {} : { segment: id }), ...(by === undefined ? {} : { cause: by }) };
}
