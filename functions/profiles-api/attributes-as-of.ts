import { attributesView } from '#shared/profile/attributes-view.ts';
import { DEFAULT_MERGE, type MergedAttributes } from '#shared/profile/merge-policy.ts';
import type { ProfileAttributes } from '#shared/profile/profile-attributes.ts';

export interface AttributesAsOf {
  readonly attributes: MergedAttributes;
  /** Paths that were written later. What they were before is not kept, so they are absent. */
  readonly writtenSince: readonly string[];
}

/** Attributes by the times of the records that brought them; all of them without an instant. */
export function attributesAsOf(profile: ProfileAttributes, at: number | undefined): AttributesAsOf {
  if (at === undefined) return { attributes: attributesView(profile, DEFAULT_MERGE), writtenSince: [] };
  const { fragments } = profile;
  const isKnown = ({ timestamp }: { readonly timestamp: number }) => timestamp <= at;
  const known = fragments.map((fragment) => ({ ...fragment, values: fragment.values.filter(isKnown) }));
  const later = fragments.flatMap(({ values }) => values.filter((value) => !isKnown(value)));
  const paths = later.map(({ path }) => path.join('.'));
  return {
    attributes: attributesView({ ...profile, fragments: known }, DEFAULT_MERGE),
    writtenSince: [...new Set(paths)].sort(),
  };
}
