/**
 * After an outage in which changes were lost, a profile tells all its memberships again, as changes of a new version:
 * a subscriber that drops lower versions then holds exactly what is stored, whatever it missed.
 */
import type { Evaluation, MembershipChange } from './evaluation.ts';

/**
 * The interface has no cause for it. `batch` is the one that claims least: not something that this person just did, nor
 * that time did, nor a definition. See docs/decisions/0007-a-resync-is-published-as-batch.md.
 */
const CAUSE = 'batch';

/** The evaluation, with every membership that it did not change published as well, at the time it last did change. */
export function everyMembership(evaluation: Evaluation): Evaluation {
  const changed = new Set(evaluation.changes.map(({ segmentOrdinal }) => segmentOrdinal));
  const repeated = [...evaluation.memberships]
    .filter(([ordinal]) => !changed.has(ordinal))
    .map(
      ([segmentOrdinal, { status, lastQualificationTime }]): MembershipChange => ({
        segmentOrdinal,
        status,
        time: lastQualificationTime,
        cause: CAUSE,
        repeated: 'resync',
      }),
    );
  return { ...evaluation, changes: [...evaluation.changes, ...repeated] };
}
