/**
 * One change of a setting that the rules carry, together with the rules that follow from it: read, decide, build the
 * artifact, commit on condition that nothing of what was read has changed; else all over again.
 */
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { buildRules, NO_RULES, type RulesArtifact, type RulesChange } from '#shared/segment/rules.ts';
import type { RulesResource, RulesResourceCommit, RulesResourceStore } from '#shared/segment/rules-resource-store.ts';
import type { ProfileSettingsPorts } from './ports.ts';

/** What is there now: every setting of the kind, and the rules. */
export interface Standing<Resource> {
  readonly all: readonly Resource[];
  readonly rules: RulesArtifact;
}

export interface Decision<Resource> {
  readonly before?: Resource;
  /** Absent: it is deleted. */
  readonly after?: Resource;
  /** Absent: evaluators need not know. */
  readonly change?: RulesChange;
  /** Decided by the sandbox's destinations as well: their revision. */
  readonly destinations?: number;
}

interface Commit<Resource extends RulesResource> {
  readonly sandboxName: SandboxName;
  readonly store: RulesResourceStore<Resource>;
  /** Called again with what is there by then if another writer was faster. Undefined where there is nothing to do. */
  readonly decide: (
    standing: Standing<Resource>,
  ) => Decision<Resource> | undefined | Promise<Decision<Resource> | undefined>;
}

const COMMIT_ATTEMPTS_MAX = 12;

/** What was there at the end, and the decision that was committed. */
export async function commitSetting<Resource extends RulesResource>(
  { sandboxName, store, decide }: Commit<Resource>,
  ports: ProfileSettingsPorts,
): Promise<{ readonly rules: RulesArtifact; readonly decision: Decision<Resource> | undefined }> {
  for (let attempt = 1; attempt <= COMMIT_ATTEMPTS_MAX; attempt++) {
    if (attempt > 1) await ports.pause(attempt);
    const standing = await readStanding(sandboxName, store, ports);
    const decision = await decide(standing);
    if (decision === undefined) return { rules: standing.rules, decision };
    const { before, after, change, destinations } = decision;
    const rules = change === undefined ? standing.rules : buildRules(standing.rules, change);
    const held = destinations === undefined ? {} : { destinations };
    const parts = { sandboxName, ...(before && { before }), ...(after && { after }), ...held };
    const next = change === undefined ? {} : { rules: await put(sandboxName, standing.rules, rules, ports) };
    if ((await store.commit({ ...parts, ...next })) === 'committed') return { rules, decision };
  }
  throw new Problem('unavailable', 'Too many changes of the rules at once; nothing was changed. Try again.');
}

export async function readStanding<Resource extends RulesResource>(
  sandboxName: SandboxName,
  store: RulesResourceStore<Resource>,
  { segments, artifacts }: Pick<ProfileSettingsPorts, 'segments' | 'artifacts'>,
): Promise<Standing<Resource>> {
  const pointer = await segments.findRules(sandboxName);
  const rules = pointer === undefined ? NO_RULES : await artifacts.get(pointer.artifactKey);
  return { all: await store.list(sandboxName), rules };
}

async function put(
  sandboxName: SandboxName,
  previous: RulesArtifact,
  rules: RulesArtifact,
  { artifacts, newId }: ProfileSettingsPorts,
): Promise<RulesResourceCommit<never>['rules']> {
  const { rulesVersion, nextSegmentOrdinal } = rules;
  const artifactKey = `rules/${sandboxName}/${rulesVersion}-${newId()}.json`;
  await artifacts.put(artifactKey, rules);
  return { previousVersion: previous.rulesVersion, next: { rulesVersion, artifactKey, nextSegmentOrdinal } };
}
