/**
 * Rows of an export: of each page those that are asked for, written away whenever they are enough for a file. A part that
 * is done again writes the same files, or others that the manifest does not name.
 */
import { createHash } from 'node:crypto';
import { evaluateProfile, type JobView } from '#shared/batch/evaluate-profile.ts';
import type { ExportedFile } from '#shared/batch/export-specification.ts';
import type { SliceTally } from '#shared/batch/slice-tally.ts';
import { CONTENT_TYPE, EXTENSION, encodeRows, type Row } from '#shared/export/encode-rows.ts';
import {
  type ExportContext,
  type ExportedProfile,
  isAskedFor,
  isRefused,
  readsEvents,
  rowOf,
} from '#shared/export/export-row.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { decodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { readAllEvents, readHistoryEvents } from '#shared/profile/profile-history.ts';
import type { WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { isSomebody, type ProfileKey, type StoredProfile } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { PartOfJob, RangePorts, RangeSettings } from './ports.ts';
import { failureOf, storeFailure } from './store-failure.ts';

const PROFILES_AT_ONCE = 16;
/** Of rows as text, before they are encoded. */
const FILE_LENGTH_MAX = 16 * 1024 * 1024;

export class ExportedRows {
  readonly #part: PartOfJob;
  readonly #tally: SliceTally;
  readonly #ports: RangePorts;
  readonly #settings: RangeSettings;
  readonly #files: ExportedFile[] = [];
  #rows: Row[] = [];
  #length = 0;
  #mismatched: Record<string, number> = {};

  constructor(part: PartOfJob, tally: SliceTally, ports: RangePorts, settings: RangeSettings) {
    this.#part = part;
    this.#tally = tally;
    this.#ports = ports;
    this.#settings = settings;
  }

  async take(page: WholeProfilePage['profiles']): Promise<void> {
    const profiles = page.filter(([, stored]) => isSomebody(stored));
    if (profiles.length === 0) return;
    const rules = await this.#ports.rules.current(this.#part.job.sandboxName);
    const context = this.#contextOf(rules);
    const rows = new Map<string, Row>();
    await eachOf(profiles, PROFILES_AT_ONCE, async ([key, stored]) => {
      const row = await this.#rowOf(key, stored, context).catch(failureOf);
      if (row === undefined) this.#tally.addFailed();
      else if (row !== 'not asked for') rows.set(key.profileId, row);
    });
    // In the order of the page, whichever was evaluated first: a page done again is the same page.
    for (const [{ profileId }] of profiles) await this.#add(rows.get(profileId));
  }

  /** Everything that was written; what is left is written now. */
  async end(): Promise<readonly ExportedFile[]> {
    await this.#write();
    return this.#files;
  }

  #contextOf(rules: CompiledRules): ExportContext {
    const { plan } = this.#part;
    invariant(plan.exported, 'an export has a specification');
    const ordinals = new Map(plan.definitions.map(({ id, ordinal }) => [id, ordinal]));
    return { specification: plan.exported, rules, ordinals, asOf: plan.asOf };
  }

  async #rowOf(key: ProfileKey, stored: StoredProfile, context: ExportContext): Promise<Row | 'not asked for'> {
    const profile = await this.#evaluated(key, stored, context);
    const isAsked = isAskedFor(profile, context);
    const isIn = isAsked && !isRefused(profile, context);
    if (isAsked && !isIn) this.#tally.counts.optedOut += 1;
    const events = isIn && readsEvents(context.specification) ? await this.#eventsOf(key, profile, context) : [];
    const row = !isIn
      ? 'not asked for'
      : rowOf(profile, events, context, (column) => {
          this.#mismatched[column] = (this.#mismatched[column] ?? 0) + 1;
        });
    this.#tally.counts.profiles += 1;
    if (stored.parked) this.#tally.counts.parked += 1;
    return row;
  }

  /** At the export's instant; who is parked comes as stored, for no more is known of them. */
  async #evaluated(key: ProfileKey, stored: StoredProfile, context: ExportContext): Promise<ExportedProfile> {
    const { profileId } = key;
    if (stored.parked) {
      const loaded = loadProfile(stored, true);
      return { profileId, loaded, memberships: loaded.state.memberships };
    }
    const { rules, asOf } = context;
    const { retentionMs } = this.#settings;
    const view: JobView = { rules, definitions: [], scheduled: undefined, asOf, retentionMs, saysAll: false };
    const attributes = () => (stored.attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(stored.attributes));
    const { loaded, memberships } = await evaluateProfile(stored, view, (containing) =>
      readHistoryEvents(this.#history, key, attributes(), containing),
    );
    return { profileId, loaded, memberships };
  }

  async #eventsOf(key: ProfileKey, { loaded }: ExportedProfile, { asOf }: ExportContext) {
    const events = await readAllEvents(this.#history, key, loaded);
    return events.filter(({ timestamp }) => timestamp > asOf - this.#settings.retentionMs);
  }

  get #history() {
    const { history, reads } = this.#ports;
    return {
      read: async (partition: ProfileKey, containing?: number) => {
        const chunks = await history.read(partition, containing).catch(storeFailure);
        await reads.take(Math.max(1, chunks.length / 4));
        return chunks;
      },
    };
  }

  async #add(row: Row | undefined): Promise<void> {
    if (row === undefined) return;
    this.#rows.push(row);
    this.#length += JSON.stringify(row).length;
    if (this.#length >= FILE_LENGTH_MAX) await this.#write();
  }

  async #write(): Promise<void> {
    const { exported } = this.#part.plan;
    if (this.#rows.length === 0 || exported === undefined) return;
    const { format, columns, folder } = exported;
    const content = encodeRows(format, columns, this.#rows);
    const sha256 = createHash('sha256').update(content).digest('hex');
    // By what is in it: done again and cut off elsewhere, it is another file.
    const name = `part-${String(this.#part.range).padStart(5, '0')}-${sha256.slice(0, 16)}.${EXTENSION[format]}`;
    await this.#ports.exports.put(`${folder}${name}`, content, CONTENT_TYPE[format]);
    const counts = { rows: this.#rows.length, bytes: content.length };
    this.#files.push({ name, ...counts, sha256, mismatched: this.#mismatched });
    this.#rows = [];
    this.#length = 0;
    this.#mismatched = {};
  }
}
