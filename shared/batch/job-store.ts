/** Where jobs and what they leave behind are kept, as their users need it. */
import type { Job, JobKey, JobKind } from './job.ts';
import type { Slice, Totals } from './tally.ts';

export interface PartProgress {
  /** The name of a slice. */
  readonly part: string;
  readonly profiles: number;
  readonly isDone: boolean;
}

export interface JobStore {
  /** False where the id is taken. */
  create(job: Job): Promise<boolean>;
  /** Consistent. */
  find(key: JobKey): Promise<Job | undefined>;
  /** Every job of the sandbox that is still kept, in no order. */
  list(sandboxName: string, kind: JobKind): Promise<readonly Job[]>;
  /** Those of every sandbox that something will still become of. */
  listOpen(): Promise<readonly JobKey[]>;
  /** False if it is no longer the one that was read. `after.revision` is one more than `before`'s. */
  update(before: Job, after: Job): Promise<boolean>;
  reportProgress(key: JobKey, progress: PartProgress): Promise<void>;
  progress(key: JobKey): Promise<readonly PartProgress[]>;
}

/** What a job that succeeded leaves: the whole that its slices add up to. */
export interface JobResult {
  readonly format: 1;
  readonly totals: Totals;
  /** Ids of the definitions, by ordinal. */
  readonly segmentIds: Readonly<Record<string, string>>;
}

/** Objects of jobs, by names under `jobs/`. The same name written again holds the later content. */
export interface JobFiles {
  read(name: string): Promise<unknown>;
  put(name: string, content: object): Promise<void>;
}

export const folderOf = ({ sandboxName, kind, jobId }: JobKey) => `${sandboxName}/${kind}/${jobId}`;

export const sliceName = (range: number, from: string | null) =>
  `${range}-${from === null ? 'start' : encodeURIComponent(from)}`;

const sliceFile = (key: JobKey, range: number, from: string | null) =>
  `${folderOf(key)}/slices/${sliceName(range, from)}.json`;

export const readSlice = async (key: JobKey, range: number, from: string | null, files: JobFiles) =>
  (await files.read(sliceFile(key, range, from))) as Slice | undefined;

export const keepSlice = (key: JobKey, range: number, slice: Slice, files: JobFiles) =>
  files.put(sliceFile(key, range, slice.from), slice);

const resultFile = (key: JobKey) => `${folderOf(key)}/result.json`;

export const readResult = async (key: JobKey, files: JobFiles) =>
  (await files.read(resultFile(key))) as JobResult | undefined;

export const keepResult = (key: JobKey, result: JobResult, files: JobFiles) => files.put(resultFile(key), result);
