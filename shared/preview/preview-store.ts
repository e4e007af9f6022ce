import type { Census } from './census.ts';
import type { Preview } from './preview.ts';

/** Where previews wait between two requests, and what they found out about the table. */
export interface PreviewStore {
  /** Undefined also for one that has expired by `now`. */
  find(sandboxName: string, id: string, now: number): Promise<Preview | undefined>;
  /** Over the revision before it, or as the first; false where another was faster or the preview was deleted. */
  put(preview: Preview, expiresAt: number): Promise<boolean>;
  /** False where there was none. */
  remove(sandboxName: string, id: string): Promise<boolean>;
  findCensus(sandboxName: string): Promise<Census | undefined>;
  /** Whoever writes last wins: each census is right by itself. */
  putCensus(sandboxName: string, census: Census): Promise<void>;
}
