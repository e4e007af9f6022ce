/** Shoal's side: stored profiles evaluated as `evaluate-range` does it, and the compiled conditions without any state. */
import { evaluateProfile, type JobView } from '#shared/batch/evaluate-profile.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { encodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { EMPTY_STATE } from '#shared/profile/profile-state.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import { type ProfileItem, updateProfile } from '#shared/segment/profile-update.ts';
import { publish } from '../rules.ts';
import { definitionPql } from '../workload/pql.ts';
import type { Population } from './people.ts';

const RETENTION_MS = 1096 * 86_400_000;
const COMMON = { source: {}, sandboxName: 'prod' } as const;

type Counter = (from: number, to: number) => Promise<readonly number[]>;

/** As streaming left the profile. */
async function storedProfile(population: Population, pi: number, rules: CompiledRules): Promise<StoredProfile> {
  const { asOf: now } = population;
  const identities = [{ namespace: 'CRMID', id: `c${pi}`, primary: true }];
  const attributes = population.profiles[pi] as Readonly<Record<string, unknown>>;
  const items: ProfileItem[] = [
    { ...COMMON, kind: 'profile', identities, datasetId: 'crm', timestamp: 0, attributes },
    ...(population.events[pi] ?? []).map(({ id, pi: _pi, profileId: _profileId, ts, type, ...fields }) => {
      const event = { ...fields, _id: id, timestamp: ts, eventType: type };
      return { ...COMMON, kind: 'event', identities, event, declared: ts } as const;
    }),
  ];
  const fresh = { version: 0, state: EMPTY_STATE, dueAt: undefined, attributes: NO_ATTRIBUTES };
  const { next } = await updateProfile(fresh, items, {
    rules,
    now,
    retentionMs: RETENTION_MS,
    committed: async () => [],
  });
  invariant(next && next.spilled === undefined, 'a new profile keeps all of its events');
  const { encoded: state, dueAt } = next;
  return { version: 1, state, ...(dueAt !== undefined && { dueAt }), attributes: encodeAttributes(next.attributes) };
}

export async function segmentJob(population: Population, people: number): Promise<Counter> {
  const rules = publish(population.segments);
  const stored: StoredProfile[] = [];
  for (let pi = 0; pi < people; pi++) stored.push(await storedProfile(population, pi, rules));
  const { definitions } = rules;
  const { asOf } = population;
  const view: JobView = { rules, definitions, scheduled: undefined, asOf, retentionMs: RETENTION_MS, saysAll: false };
  return async (from, to) => {
    const counts = population.segments.map(() => 0);
    for (const profile of stored.slice(from, to)) {
      const { memberships } = await evaluateProfile(profile, view, async () => []);
      for (const [ordinal, { status }] of memberships) {
        if (status === 'realized') counts[ordinal - 1] = (counts[ordinal - 1] ?? 0) + 1;
      }
    }
    return counts;
  };
}

/** Of definitions over attributes. */
export async function evaluatorAlone({ segments, profiles, asOf }: Population): Promise<Counter> {
  const plans = segments.map((segment) => analyzeDefinition({ expression: definitionPql(segment) }).plan);
  return async (from, to) => {
    const counts = segments.map(() => 0);
    for (const profile of profiles.slice(from, to)) {
      const context = { profile, rows: () => [], now: asOf, inSegment: () => false };
      for (const [index, plan] of plans.entries()) {
        if (plan.evaluate(context)) counts[index] = (counts[index] ?? 0) + 1;
      }
    }
    return counts;
  };
}
