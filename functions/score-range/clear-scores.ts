/** Takes scores away: of people who left the population, and of everybody where the instance was deleted. */
import type { WakeUps } from '#shared/batch/wake-ups.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { decodeBatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults, type BatchFindings, type BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import type { ProfileSegments, SegmentProfile } from '#shared/profile/profile-segments.ts';
import type { PropensityStore } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun } from '#shared/propensity/run.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

interface LeavePorts {
  readonly results: BatchResultsStore;
  readonly wakeUps: WakeUps;
}

interface ClearPorts extends LeavePorts {
  readonly store: Pick<PropensityStore, 'findInstance'>;
  readonly segments: ProfileSegments;
  readonly rules: RulesStore;
}

/** Whoever is told is told again when this is repeated: a process may have died between the two. */
export async function leaveFindings(
  findings: readonly BatchFindings[],
  isRead: boolean,
  { results, wakeUps }: LeavePorts,
): Promise<void> {
  if (findings.length === 0) return;
  await addBatchResults(findings, results);
  if (!isRead) return;
  await wakeUps.send(
    'batch',
    findings.map(({ key }) => key),
  );
}

/** `at`: no score of that instant or before counts any more. Whoever has none and never had one is left alone. */
export function takenFrom(
  profiles: readonly SegmentProfile[],
  instanceId: string,
  at: number,
): readonly BatchFindings[] {
  return profiles
    .filter(({ stored }) => isAnswered(stored.batch?.data, instanceId, at))
    .map(({ key }) => ({ key, results: { ...NO_BATCH_RESULTS, unscored: new Map([[instanceId, at]]) } }));
}

/** One that this very run took away is told of again: see above. */
function isAnswered(batch: Uint8Array | undefined, instanceId: string, at: number): boolean {
  if (batch === undefined) return false;
  const { scores, unscored } = decodeBatchResults(batch);
  return scores.has(instanceId) || unscored.get(instanceId) === at;
}

/** Returns how many had a score. Where there is an instance after all, somebody failed to delete it: its scores stay. */
export async function clearSegment(
  { sandboxName, instanceId, asOf }: PropensityRun,
  { number, of }: { readonly number: number; readonly of: number },
  ports: ClearPorts,
): Promise<number> {
  invariant(asOf, 'a run has its instant since it was planned');
  if ((await ports.store.findInstance(sandboxName, instanceId)) !== undefined) return 0;
  const { profiles } = await ports.segments.read(sandboxName, number, of);
  const findings = takenFrom(profiles, instanceId, asOf);
  const rules = await ports.rules.current(sandboxName);
  await leaveFindings(findings, rules.readingBatch.length > 0, ports);
  return findings.length;
}
