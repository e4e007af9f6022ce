/** Adds up what a job finds, profile by profile. */
import type { Membership } from '#shared/profile/profile-state.ts';
import type { CompiledDefinition } from '#shared/segment/compiled-rules.ts';
import type { Timed } from '#shared/segment/evaluation.ts';
import type { EvaluatedProfile } from './evaluate-profile.ts';
import type { PlannedDefinition } from './plan.ts';
import { type DefinitionTally, emptyTally, NO_COUNTS, type SliceCounts } from './tally.ts';

/** Of so many profiles one is timed, so that the clock is no part of what it measures. */
const TIMED_ONE_IN = 16;

export class SliceTally {
  readonly counts: SliceCounts = { ...NO_COUNTS };
  readonly #tallies = new Map<number, DefinitionTally>();
  readonly #planned: ReadonlyMap<number, PlannedDefinition>;
  readonly #nanoseconds: () => bigint;

  constructor(planned: readonly PlannedDefinition[], nanoseconds: () => bigint) {
    this.#planned = new Map(planned.map((definition) => [definition.ordinal, definition]));
    this.#nanoseconds = nanoseconds;
  }

  get definitions(): Readonly<Record<string, DefinitionTally>> {
    return Object.fromEntries([...this.#tallies].sort(([left], [right]) => left - right));
  }

  /** For the next profile to be evaluated; undefined where it is not to be timed. */
  get timed(): Timed | undefined {
    return this.counts.profiles % TIMED_ONE_IN === 0 ? this.#time : undefined;
  }

  #time = (definition: CompiledDefinition, answer: () => boolean): boolean => {
    const before = this.#nanoseconds();
    const qualifies = answer();
    const tally = this.#tallyOf(definition.ordinal);
    tally.timed += 1;
    tally.timedNs += Number(this.#nanoseconds() - before);
    return qualifies;
  };

  addFailed(): void {
    this.counts.profiles += 1;
    this.counts.failed += 1;
  }

  /** The ordinals of the planned definitions that the profile is a member of. */
  add({ loaded, memberships, isBehind, drifted }: EvaluatedProfile): readonly number[] {
    this.counts.profiles += 1;
    if (isBehind) this.counts.behind += 1;
    if (drifted.length > 0) this.counts.drifted += 1;
    this.counts.drifts += drifted.length;
    return this.#addMemberships(memberships, new Set(loaded.attributes.identities.map(({ namespace }) => namespace)));
  }

  #addMemberships(memberships: ReadonlyMap<number, Membership>, namespaces: ReadonlySet<string>): number[] {
    const members: number[] = [];
    for (const [ordinal, membership] of memberships) {
      const planned = this.#planned.get(ordinal);
      if (planned === undefined) continue;
      const status = statusSince(membership, planned.previousAt);
      if (status === undefined) continue;
      const tally = this.#tallyOf(ordinal);
      tally[status] += 1;
      if (status === 'exited') continue;
      members.push(ordinal);
      for (const namespace of namespaces) tally.byNamespace[namespace] = (tally.byNamespace[namespace] ?? 0) + 1;
    }
    return members;
  }

  #tallyOf(ordinal: number): DefinitionTally {
    const known = this.#tallies.get(ordinal) ?? emptyTally();
    this.#tallies.set(ordinal, known);
    return known;
  }
}

/** Against the job before: who came since, who was in before and still is, who left since. */
function statusSince(
  { status, lastQualificationTime }: Membership,
  previousAt: number | null,
): 'realized' | 'existing' | 'exited' | undefined {
  const isSince = lastQualificationTime > (previousAt ?? Number.NEGATIVE_INFINITY);
  if (status === 'realized') return isSince ? 'realized' : 'existing';
  return isSince ? 'exited' : undefined;
}
