/** Jobs and what they leave, for tests and the simulator: the promises of the ports, kept in maps. */
import type { Backfill, BackfillStore } from '#shared/batch/backfill.ts';
import { isOpen, type Job, type JobKey, type JobKind } from '#shared/batch/job.ts';
import type { DonePart, JobFiles, JobStore, PartProgress } from '#shared/batch/job-store.ts';
import type { SizePoint, SizeStore } from '#shared/batch/sizes.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { ProfileRanges, ScanRange, WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { isSomebody, profileKeyText } from '#shared/profile/profile-store.ts';
import type { MemoryProfileStore } from './memory-profile-stores.ts';

const textOf = ({ sandboxName, kind, jobId }: JobKey) => `${sandboxName}/${kind}/${jobId}`;

export class MemoryJobStore implements JobStore {
  readonly #jobs = new Map<string, Job>();
  readonly #parts = new Map<string, DonePart>();
  readonly #progress = new Map<string, Map<string, PartProgress>>();

  async create(job: Job): Promise<boolean> {
    if (this.#jobs.has(textOf(job))) return false;
    this.#jobs.set(textOf(job), job);
    return true;
  }

  async find(key: JobKey): Promise<Job | undefined> {
    return this.#jobs.get(textOf(key));
  }

  async list(sandboxName: string, kind: JobKind): Promise<readonly Job[]> {
    return [...this.#jobs.values()].filter((job) => job.sandboxName === sandboxName && job.kind === kind);
  }

  async listOpen(): Promise<readonly JobKey[]> {
    return [...this.#jobs.values()]
      .filter(isOpen)
      .map(({ sandboxName, kind, jobId }) => ({ sandboxName, kind, jobId }));
  }

  async update(before: Job, after: Job): Promise<boolean> {
    if (this.#jobs.get(textOf(before))?.revision !== before.revision) return false;
    this.#jobs.set(textOf(after), after);
    return true;
  }

  async claimPart(key: JobKey, part: DonePart): Promise<DonePart> {
    const name = `${textOf(key)}/${part.range}/${part.from}`;
    const claimed = this.#parts.get(name) ?? part;
    this.#parts.set(name, claimed);
    return claimed;
  }

  async findPart(key: JobKey, range: number, from: string | null): Promise<DonePart | undefined> {
    return this.#parts.get(`${textOf(key)}/${range}/${from}`);
  }

  async reportProgress(key: JobKey, progress: PartProgress): Promise<void> {
    const parts = this.#progress.get(textOf(key)) ?? new Map<string, PartProgress>();
    parts.set(progress.part, progress);
    this.#progress.set(textOf(key), parts);
  }

  async progress(key: JobKey): Promise<readonly PartProgress[]> {
    return [...(this.#progress.get(textOf(key))?.values() ?? [])];
  }
}

/** As text, so that what is read is never what was written, but what can be written. */
export class MemoryJobFiles implements JobFiles {
  readonly texts = new Map<string, string>();

  async read(name: string): Promise<unknown> {
    const text = this.texts.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async put(name: string, content: object): Promise<void> {
    this.texts.set(name, JSON.stringify(content));
  }
}

export class MemoryBackfillStore implements BackfillStore {
  readonly #backfills = new Map<string, Backfill>();

  async find(sandboxName: string): Promise<Backfill | undefined> {
    return this.#backfills.get(sandboxName);
  }

  async put(sandboxName: string, before: Backfill | undefined, after: Backfill): Promise<boolean> {
    if (this.#backfills.get(sandboxName)?.revision !== before?.revision) return false;
    this.#backfills.set(sandboxName, after);
    return true;
  }
}

export class MemorySizeStore implements SizeStore {
  readonly #points = new Map<string, Map<number, SizePoint>>();

  async keep(sandboxName: string, points: ReadonlyMap<string, SizePoint>): Promise<void> {
    for (const [segmentId, point] of points) {
      const name = `${sandboxName}/${segmentId}`;
      this.#points.set(name, new Map([...(this.#points.get(name) ?? []), [point.at, point]]));
    }
  }

  async newest(sandboxName: string, segmentId: string, limit: number): Promise<readonly SizePoint[]> {
    const points = [...(this.#points.get(`${sandboxName}/${segmentId}`)?.values() ?? [])];
    return points.sort((left, right) => right.at - left.at).slice(0, limit);
  }
}

/** By a hash of the key, as the table's own order is; whoever is written meanwhile keeps their place. */
export class MemoryProfileRanges implements ProfileRanges {
  readonly #profiles: MemoryProfileStore;

  constructor(profiles: MemoryProfileStore) {
    this.#profiles = profiles;
  }

  async size(): Promise<number> {
    return this.#profiles.all().length;
  }

  async page(
    sandboxName: string,
    { range, ranges }: ScanRange,
    after: string | undefined,
    limit: number,
  ): Promise<WholeProfilePage> {
    const withBatch = async ([key]: (typeof page)[number]) =>
      [...(await this.#profiles.read([key], { withBatch: () => true })).values()].map((whole) => [key, whole] as const);
    const inRange = this.#profiles
      .all()
      .map(([key, stored]) => ({ key, stored, place: placeOf(profileKeyText(key)) }))
      .filter(({ place }) => hash32(place) % ranges === range && place > (after ?? ''))
      .sort((left, right) => (left.place < right.place ? -1 : 1));
    const read = inRange.slice(0, limit);
    const isPerson = ({ key, stored }: (typeof read)[number]) => key.sandboxName === sandboxName && isSomebody(stored);
    const page = read.filter(isPerson).map(({ key, stored }) => [key, stored] as const);
    return {
      profiles: (await Promise.all(page.map(withBatch))).flat(),
      next: inRange.length > limit ? read.at(-1)?.place : undefined,
      readUnits: page.length,
    };
  }
}

const placeOf = (text: string) => `${hash32(text).toString(16).padStart(8, '0')}${text}`;
