/**
 * What somebody refuses is no membership, but it decides who may be told of one. Each version of a profile that changes
 * memberships says what was refused before and is now, so that whoever delivers knows what a destination was told; and when
 * that changes, every membership is repeated, for who was told of it must hear that it is over, or is there again.
 */
import { type ConsentPurpose, optOutsOf } from '#shared/profile/consent.ts';
import type { ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import type { Evaluation, MembershipChange } from './evaluation.ts';

export interface OptOuts {
  readonly before: readonly ConsentPurpose[];
  readonly now: readonly ConsentPurpose[];
  /** The instant of the version that says so; epoch milliseconds. */
  readonly at: number;
}

export const NO_OPT_OUTS: OptOuts = { before: [], now: [], at: 0 };

type Said = Pick<ProfileAttributes, 'fragments'>;

/** From what was known of the profile to what is, at an instant. */
export function optOutsBetween(before: Said, now: Said, at: number): OptOuts {
  const was = optOutsOf(before);
  return { before: was, now: before === now ? was : optOutsOf(now), at };
}

/** The evaluation, with every membership repeated that it did not change, where what is refused changed. */
export function withConsentShift(evaluation: Evaluation, { before, now }: OptOuts): Evaluation {
  if (before.join() === now.join()) return evaluation;
  const changed = new Set(evaluation.changes.map(({ segmentOrdinal }) => segmentOrdinal));
  const members = [...evaluation.memberships].filter(
    ([ordinal, { status }]) => status === 'realized' && !changed.has(ordinal),
  );
  const repeated = members.map(
    ([segmentOrdinal, { status, lastQualificationTime }]): MembershipChange => ({
      segmentOrdinal,
      status,
      time: lastQualificationTime,
      // As a resync: of the causes it is the one that claims least.
      cause: 'batch',
      repeated: 'consent',
    }),
  );
  return { ...evaluation, changes: [...evaluation.changes, ...repeated] };
}
