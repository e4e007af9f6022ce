/** Goes through the pages of a range: what is held at any time is one page and what was counted. */
import { folderOf, sliceName } from '#shared/batch/job-store.ts';
import { MembersPageWriter } from '#shared/batch/members.ts';
import { SliceTally } from '#shared/batch/slice-tally.ts';
import type { Slice } from '#shared/batch/tally.ts';
import type { WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { evaluatePage } from './evaluate-page.ts';
import { ExportedRows } from './exported-rows.ts';
import type { PartOfJob, RangePorts, RangeSettings } from './ports.ts';
import { UploadedAudience } from './uploaded-members.ts';

/** How often it is looked whether somebody cancelled the job, and said how far it is. */
const REPORT_EVERY_MS = 3_000;

export class RangeWalk {
  readonly #part: PartOfJob;
  readonly #ports: RangePorts;
  readonly #settings: RangeSettings;
  readonly #tally: SliceTally;
  readonly #page = new MembersPageWriter();
  readonly #members: string[] = [];
  readonly #exported: ExportedRows | undefined;
  readonly #uploaded: UploadedAudience | undefined;
  #reportedAt: number;

  constructor(part: PartOfJob, ports: RangePorts, settings: RangeSettings) {
    this.#part = part;
    this.#ports = ports;
    this.#settings = settings;
    this.#tally = new SliceTally(part.plan.definitions, ports.nanoseconds);
    this.#exported = part.plan.exported && new ExportedRows(part, this.#tally, ports, settings);
    const { upload } = part.plan;
    this.#uploaded = upload && new UploadedAudience(part, upload, this.#tally, ports);
    this.#reportedAt = ports.now();
  }

  async run(from: string | null): Promise<Slice | 'cancelled'> {
    const startTime = this.#ports.now();
    let position = from ?? undefined;
    do {
      const page = await this.#read(position);
      await this.#take(page, from);
      position = page.next;
      if (await this.#isCancelled(from)) return 'cancelled';
    } while (position !== undefined && !this.#isFull());
    if (!this.#page.isEmpty) await this.#keepMembers(from);
    const files = await this.#exported?.end();
    const times = { startTime, endTime: this.#ports.now() };
    const { counts, definitions } = this.#tally;
    return {
      ...counts,
      ...times,
      from,
      next: position ?? null,
      definitions,
      members: this.#members,
      ...(files && { files }),
      ...(this.#uploaded && { matched: this.#uploaded.matched }),
    };
  }

  #isFull(): boolean {
    return this.#tally.counts.profiles >= this.#settings.profilesPerSlice || this.#ports.mustEnd();
  }

  async #read(position: string | undefined): Promise<WholeProfilePage> {
    const { job, plan, range } = this.#part;
    const { ranges, reads } = this.#ports;
    const { itemsPerPage } = this.#settings;
    const page = await ranges.page(job.sandboxName, { range, ranges: plan.ranges }, position, itemsPerPage);
    await reads.take(page.readUnits);
    return page;
  }

  async #take(page: WholeProfilePage, from: string | null): Promise<void> {
    const other = this.#exported ?? this.#uploaded;
    if (other) {
      await other.take(page.profiles);
      return;
    }
    const found = await evaluatePage(page.profiles, this.#part, this.#tally, this.#ports, this.#settings);
    if (this.#part.job.kind !== 'segment') return;
    for (const { profileId, ordinals } of found) {
      this.#page.add(profileId, ordinals);
      if (this.#page.isFull) await this.#keepMembers(from);
    }
  }

  async #keepMembers(from: string | null): Promise<void> {
    const { job, range } = this.#part;
    const name = `${folderOf(job)}/members/${sliceName(range, from)}-${this.#members.length}.json`;
    await this.#ports.files.put(name, this.#page.take());
    this.#members.push(name);
  }

  async #isCancelled(from: string | null): Promise<boolean> {
    const { jobs, now } = this.#ports;
    if (now() - this.#reportedAt < REPORT_EVERY_MS) return false;
    this.#reportedAt = now();
    const { job, range } = this.#part;
    const { profiles } = this.#tally.counts;
    await jobs.reportProgress(job, { part: sliceName(range, from), profiles, isDone: false });
    const current = await jobs.find(job);
    return current?.attempt !== job.attempt || current.status !== 'PROCESSING';
  }
}
