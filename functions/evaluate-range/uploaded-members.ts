/**
 * An upload at the profiles of a page: whoever is named belongs until their instant, and whoever was a member and is not
 * named belongs no more. It lies beside the profile before the one writer is told to look, and who is named is told again
 * when a part is done again: the process before may have died between the two.
 */
import type { SliceTally } from '#shared/batch/slice-tally.ts';
import type { UploadedMembers, UploadSpecification } from '#shared/batch/upload-specification.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { decodeBatchResults, type ExternalMembership, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { decodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import type { WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { isSomebody, type ProfileKey, type StoredProfile } from '#shared/profile/profile-store.ts';
import type { PartOfJob, RangePorts } from './ports.ts';

interface Decided {
  readonly key: ProfileKey;
  readonly membership: ExternalMembership;
}

export class UploadedAudience {
  readonly #upload: UploadSpecification;
  /** Absent where nobody publishes the audience any more: then nobody belongs to it. */
  readonly #ordinal: number | undefined;
  readonly #tally: SliceTally;
  readonly #ports: RangePorts;
  #members: ReadonlyMap<string, number> | undefined;
  /** Identities that somebody has. */
  matched = 0;

  constructor({ plan }: PartOfJob, upload: UploadSpecification, tally: SliceTally, ports: RangePorts) {
    this.#upload = upload;
    this.#ordinal = plan.definitions.find(({ id }) => id === upload.audienceId)?.ordinal;
    this.#tally = tally;
    this.#ports = ports;
  }

  async take(page: WholeProfilePage['profiles']): Promise<void> {
    this.#members ??= await this.#read();
    const profiles = page.filter(([, stored]) => isSomebody(stored));
    this.#tally.counts.profiles += profiles.length;
    const decided = profiles.flatMap(([key, stored]) => this.#decide(key, stored));
    const ordinal = this.#ordinal;
    if (decided.length === 0 || ordinal === undefined) return;
    const findings = decided.map(({ key, membership }) => ({
      key,
      results: { ...NO_BATCH_RESULTS, external: new Map([[ordinal, membership]]) },
    }));
    await addBatchResults(findings, this.#ports.results);
    await this.#ports.wakeUps.send(
      'batch',
      decided.map(({ key }) => key),
    );
    await this.#ports.sends.take(decided.length);
    this.#tally.counts.decided += decided.length;
  }

  async #read(): Promise<ReadonlyMap<string, number>> {
    const content = (await this.#ports.files.read(this.#upload.file)) as UploadedMembers | undefined;
    invariant(content, `${this.#upload.file} is not there`);
    return new Map(Object.entries(content.members));
  }

  #decide(key: ProfileKey, stored: StoredProfile): Decided[] {
    const { at } = this.#upload;
    const ends = this.#endsOf(stored);
    this.matched += ends.length;
    if (ends.length > 0) return [{ key, membership: { at, validUntil: Math.max(...ends) } }];
    const known = stored.batch && decodeBatchResults(stored.batch.data).external.get(this.#ordinal ?? -1);
    // Of this very upload as well: somebody may have been told of it and not yet woken.
    const isMember = known !== undefined && known.at <= at && (known.validUntil > at || known.at === at);
    return isMember ? [{ key, membership: { at, validUntil: at } }] : [];
  }

  /** One person may be named by several of their identities: the last one to end counts. */
  #endsOf({ attributes }: StoredProfile): readonly number[] {
    const { identities } = attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(attributes);
    return identities.flatMap(({ namespace, id }) => {
      const validUntil = namespace === this.#upload.namespace ? this.#members?.get(id) : undefined;
      return validUntil === undefined ? [] : [validUntil];
    });
  }
}
