/** A profile as it is worked with, from what is stored of it. */
import { decodeAttributes, NO_ATTRIBUTES, type ProfileAttributes } from '#shared/profile/profile-attributes.ts';
import { decodeState, EMPTY_STATE, type ProfileState } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';

export interface LoadedProfile {
  /** 0 where there is none yet. */
  readonly version: number;
  readonly state: ProfileState;
  /** A lower bound of the next instant at which time alone may change something. */
  readonly dueAt: number | undefined;
  readonly attributes: ProfileAttributes;
}

export function loadProfile(stored: StoredProfile | undefined): LoadedProfile {
  if (stored === undefined) return { version: 0, state: EMPTY_STATE, dueAt: undefined, attributes: NO_ATTRIBUTES };
  return {
    version: stored.version,
    state: decodeState(stored.state),
    dueAt: stored.dueAt,
    attributes: stored.attributes === undefined ? NO_ATTRIBUTES : decodeAttributes(stored.attributes),
  };
}
