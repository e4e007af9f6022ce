/**
 * Keeps scores up to date between runs: whoever's profile has a new version is scored again by the models in use. What a
 * score is written for may write the profile once more; then the score is the same, and nothing follows.
 */
import type { WakeUps } from '#shared/batch/wake-ups.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import { NO_BATCH_RESULTS, type PropensityScore } from '#shared/profile/batch-results.ts';
import { addBatchResults, type BatchFindings, type BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import {
  type ProfileKey,
  type ProfileStore,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';
import { type PeoplePorts, readPerson } from '#shared/propensity/known-people.ts';
import { isSameScore } from '#shared/propensity/score.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { ReadyModel } from './ready-models.ts';

export interface RescorePorts extends Pick<PeoplePorts, 'history'> {
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly rules: RulesStore;
  /** The models in use of active instances. */
  readonly models: (sandboxName: string) => Promise<readonly ReadyModel[]>;
  readonly results: BatchResultsStore;
  readonly wakeUps: WakeUps;
  readonly retentionMs: number;
  readonly now: () => number;
}

const PEOPLE_AT_ONCE = 16;

/** `keys`: of the profiles that have changed, each as often as it did. Returns how many scores became others. */
export async function scoreChangedProfiles(keys: readonly ProfileKey[], ports: RescorePorts): Promise<number> {
  const distinct = [...new Map(keys.map((key) => [profileKeyText(key), key])).values()];
  let changed = 0;
  for (const sandboxName of new Set(distinct.map((key) => key.sandboxName))) {
    const models = await ports.models(sandboxName);
    const ofSandbox = distinct.filter((key) => key.sandboxName === sandboxName);
    if (models.length > 0) changed += await rescore(sandboxName, ofSandbox, models, ports);
  }
  return changed;
}

async function rescore(
  sandboxName: string,
  keys: readonly ProfileKey[],
  models: readonly ReadyModel[],
  ports: RescorePorts,
): Promise<number> {
  const rules = await ports.rules.current(sandboxName);
  const stored = await ports.profiles.read(keys);
  const known = await ports.results.read(keys);
  const findings: BatchFindings[] = [];
  await eachOf(keys, PEOPLE_AT_ONCE, async (key) => {
    const profile = stored.get(profileKeyText(key));
    if (profile === undefined || profile.parked) return;
    const before = known.get(profileKeyText(key))?.results.scores ?? new Map<string, PropensityScore>();
    const now = ports.now();
    const answers = await answersOf(key, profile, models, { ...ports, rulesNow: rules, instant: now });
    const others = answers.flatMap(([id, score]) =>
      score && !isSameScore(before.get(id), score) ? [[id, score] as const] : [],
    );
    const lost = answers.flatMap(([id, score]) => (score === undefined && before.has(id) ? [[id, now] as const] : []));
    if (others.length + lost.length === 0) return;
    findings.push({ key, results: { ...NO_BATCH_RESULTS, scores: new Map(others), unscored: new Map(lost) } });
  });
  if (findings.length === 0) return 0;
  const written = await addBatchResults(findings, ports.results);
  if (rules.readingBatch.length > 0 && written.length > 0) await ports.wakeUps.send('batch', written);
  return findings.length;
}

interface Looking extends RescorePorts {
  readonly rulesNow: Awaited<ReturnType<RulesStore['current']>>;
  readonly instant: number;
}

/** By instance; no score of one whose population the person is not of. */
async function answersOf(
  key: ProfileKey,
  stored: StoredProfile,
  models: readonly ReadyModel[],
  { rulesNow: rules, retentionMs, instant: now, history }: Looking,
): Promise<readonly (readonly [string, PropensityScore | undefined])[]> {
  const person = await readPerson({ key, stored }, { history }, { rules, now, retentionMs });
  if (person === undefined) return [];
  return models.map(({ instanceId, scorer, compiled }) => [
    instanceId,
    compiled.isEligible(person, now) ? scorer.score(compiled.valuesAsOf(person, now), now) : undefined,
  ]);
}
