/** A membership change as the world sees it: on the feed, on the bus, at a destination. */
import type { ConsentPurpose } from '#shared/profile/consent.ts';
import type { Identity } from '#shared/profile/identity.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { OptOuts } from './consent-shift.ts';
import type { ChangeCause, MembershipChange } from './evaluation.ts';
import type { RulesArtifact } from './rules.ts';

export interface PublishedChange {
  /** Stable: the same change has the same id however often it is published. */
  readonly id: string;
  readonly sandboxName: string;
  readonly profileId: string;
  readonly identities: readonly Identity[];
  readonly segmentId: string;
  readonly segmentName: string;
  readonly status: MembershipChange['status'];
  /** ISO 8601: when the profile entered or left. */
  readonly time: string;
  readonly cause: ChangeCause;
  /** The profile's version that made the change. A subscriber drops lower ones per profile and segment. */
  readonly version: number;
  /** Its place among the changes of that version. */
  readonly index: number;
  /** Nothing changed: it is told again, after an outage, or since what the person refuses did change. */
  readonly repeated?: 'resync' | 'consent';
  /** Absent where the person refused nothing, neither before that version nor since. */
  readonly optOuts?: PublishedOptOuts;
}

/** Purposes for which nobody outside may be told of the person. */
export interface PublishedOptOuts {
  readonly before: readonly ConsentPurpose[];
  readonly now: readonly ConsentPurpose[];
  /** ISO 8601: of the version that says so. */
  readonly time: string;
}

export interface SegmentNames {
  /** Deleted ones included: their members' exits are published after them. */
  readonly byOrdinal: ReadonlyMap<number, { readonly id: string; readonly name: string }>;
}

export function segmentNames({ definitions, retired }: RulesArtifact): SegmentNames {
  return { byOrdinal: new Map([...retired, ...definitions].map((segment) => [segment.ordinal, segment])) };
}

/** All that one version of a profile changed. */
export interface ProfileChanges {
  readonly key: ProfileKey;
  readonly version: number;
  readonly rulesVersion: number;
  readonly changes: readonly MembershipChange[];
  /** What the person refused; nothing where it is absent. */
  readonly optOuts?: OptOuts;
}

/** Undefined where the names are older than the rules that made the change. */
export function publishedChanges(
  { key, version, changes, optOuts }: ProfileChanges,
  identities: readonly Identity[],
  { byOrdinal }: SegmentNames,
): readonly PublishedChange[] | undefined {
  const published: PublishedChange[] = [];
  const refused = optOuts && publishedOptOuts(optOuts);
  for (const [index, { segmentOrdinal, status, time, cause, repeated }] of changes.entries()) {
    const segment = byOrdinal.get(segmentOrdinal);
    if (segment === undefined) return undefined;
    published.push({
      id: `${key.profileId}-${version}-${index}`,
      sandboxName: key.sandboxName,
      profileId: key.profileId,
      identities,
      segmentId: segment.id,
      segmentName: segment.name,
      status,
      time: new Date(time).toISOString(),
      cause,
      version,
      index,
      ...(repeated !== undefined && { repeated }),
      ...(refused && { optOuts: refused }),
    });
  }
  return published;
}

function publishedOptOuts({ before, now, at }: OptOuts): PublishedOptOuts | undefined {
  if (before.length === 0 && now.length === 0) return undefined;
  return { before, now, time: new Date(at).toISOString() };
}
