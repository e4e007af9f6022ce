/**
 * The life of one profile in one segment.
 *
 *     (none) ──qualifies──▶ realized ──disqualifies──▶ exited
 *                              ▲                          │
 *                              └───────qualifies──────────┘
 *
 * Pure: the caller supplies the time and stores the result.
 */
import type { Membership } from '#shared/profile/profile-state.ts';

/** The membership to store, or undefined where nothing changed and nothing must be published. */
export function transition(current: Membership | undefined, qualifies: boolean, at: number): Membership | undefined {
  if (qualifies === (current?.status === 'realized')) return undefined;
  return { status: qualifies ? 'realized' : 'exited', lastQualificationTime: at };
}
