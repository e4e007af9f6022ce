import type { ProfileState } from '#shared/profile/profile-state.ts';
import type { CompiledLeaf } from './compiled-rules.ts';
import type { EvaluationRequest } from './evaluation.ts';
import { isNotKept } from './leaf-state.ts';

/** Whether the profile's stored events must be read before `evaluate`. */
export function needsHistory(request: Omit<EvaluationRequest, 'history'>): boolean {
  const { state, rules, events, newAttributes, isBatchNew, now, dueAt, again = [] } = request;
  if (state.eventTypes.size === 0) return false;
  // Rows of one instant are kept in the order of ids that they no longer carry.
  if (events.some(({ timestamp }) => state.rows.some((row) => row.timestamp === timestamp))) return true;
  const isBehind = state.rulesVersion !== rules.version;
  const isDue = dueAt !== undefined && dueAt <= now;
  const readsHistory = rules.replayed.length > 0 || [...state.leaves.values()].some(isNotKept);
  const isTouched = events.length > 0 || newAttributes !== undefined || isBatchNew === true;
  if (readsHistory && (isBehind || isDue || isTouched || again.length > 0)) return true;
  return (
    isBehind && [...rules.leaves.values()].some((leaf) => leaf.since > state.rulesVersion && mayHoldRows(leaf, state))
  );
}

function mayHoldRows({ eventTypes }: CompiledLeaf, state: ProfileState): boolean {
  return eventTypes === 'any' || [...eventTypes].some((type) => state.eventTypes.has(type));
}
