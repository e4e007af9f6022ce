import { type ProfileView, profileView } from '#shared/profile/profile-view.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';

export interface AttributesAsOf {
  readonly attributes: ProfileView;
  /** Paths that were written later. What they were before is not kept, so they are absent. */
  readonly writtenSince: readonly string[];
}

/**
 * Attributes by the times of the records that brought them; all of them without an instant. Of scores only the last is kept:
 * one that was computed later is absent too.
 */
export function attributesAsOf({ attributes: profile, batch }: LoadedProfile, at: number | undefined): AttributesAsOf {
  if (at === undefined) return { attributes: profileView(profile, batch), writtenSince: [] };
  const { fragments } = profile;
  const isKnown = ({ timestamp }: { readonly timestamp: number }) => timestamp <= at;
  const known = fragments.map((fragment) => ({ ...fragment, values: fragment.values.filter(isKnown) }));
  const later = fragments.flatMap(({ values }) => values.filter((value) => !isKnown(value)));
  const paths = later.map(({ path }) => path.join('.'));
  const scores = new Map([...(batch?.scores ?? [])].filter(([, { scoredAt }]) => scoredAt <= at));
  const scoredSince = [...(batch?.scores.keys() ?? [])].filter((id) => !scores.has(id)).map((id) => `propensity.${id}`);
  return {
    attributes: profileView({ ...profile, fragments: known }, batch && { ...batch, scores }),
    writtenSince: [...new Set([...paths, ...scoredSince])].sort(),
  };
}
