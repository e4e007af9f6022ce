/** Where jobs and what they leave behind are kept, as their users need it. */
import { invariant } from '#shared/kernel/invariant.ts';
import { hash32 } from '#shared/profile/hash.ts';
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
  /**
   * Says that a part is done, unless somebody else has said so before: then that is what it says. So a part has one end,
   * whoever evaluates it again and wherever that ends.
   */
  claimPart(key: JobKey, part: DonePart): Promise<DonePart>;
  findPart(key: JobKey, range: number, from: string | null): Promise<DonePart | undefined>;
  reportProgress(key: JobKey, progress: PartProgress): Promise<void>;
  progress(key: JobKey): Promise<readonly PartProgress[]>;
}

/** A part that is done: the profiles of a range from one position to another. */
export interface DonePart {
  readonly range: number;
  /** Null at the start of the range. */
  readonly from: string | null;
  /** Where the next part starts; null at the end. */
  readonly next: string | null;
  /** The object that holds what was found. */
  readonly file: string;
}

/** What a job that succeeded leaves: the whole that its slices add up to. */
export interface JobResult {
  readonly format: 1;
  readonly totals: Totals;
  /** Ids of the definitions, by ordinal. */
  readonly segmentIds: Readonly<Record<string, string>>;
  /** Of an upload: identities that somebody has. */
  readonly matched?: number;
  /** Of an export. */
  readonly exported?: {
    readonly rows: number;
    readonly files: number;
    readonly bytes: number;
    readonly optedOut?: number;
  };
}

/** Objects of jobs, by names under `jobs/`. The same name written again holds the later content. */
export interface JobFiles {
  read(name: string): Promise<unknown>;
  put(name: string, content: object): Promise<void>;
}

export const folderOf = ({ sandboxName, kind, jobId }: JobKey) => `${sandboxName}/${kind}/${jobId}`;

export const sliceName = (range: number, from: string | null) =>
  `${range}-${from === null ? 'start' : encodeURIComponent(from)}`;

/** Under a name that says what is in it: the same part evaluated twice, cut off elsewhere, is two objects. */
export async function keepSlice(key: JobKey, range: number, slice: Slice, files: JobFiles): Promise<string> {
  const content = hash32(JSON.stringify(slice)).toString(36);
  const name = `${folderOf(key)}/slices/${sliceName(range, slice.from)}-${content}.json`;
  await files.put(name, slice);
  return name;
}

export async function readSlice({ file }: DonePart, files: JobFiles): Promise<Slice> {
  const slice = await files.read(file);
  invariant(slice, `${file} is not there`);
  return slice as Slice;
}

const resultFile = (key: JobKey) => `${folderOf(key)}/result.json`;

export const readResult = async (key: JobKey, files: Pick<JobFiles, 'read'>) =>
  (await files.read(resultFile(key))) as JobResult | undefined;

export const keepResult = (key: JobKey, result: JobResult, files: JobFiles) => files.put(resultFile(key), result);
