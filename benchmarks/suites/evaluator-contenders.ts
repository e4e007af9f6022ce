/**
 * Each contender sees the same updates: one to three of a profile's 22 attributes take other values. Those that know no
 * changes evaluate every definition and compare with what held before, as their users have to.
 */
import { randomFrom } from '#local/simulator/random.ts';
import { compilePql } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { AttributeIndex } from '#shared/segment/attribute-index.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import { celMatcher } from '../peers/cel-js.ts';
import { jsonLogicMatcher } from '../peers/json-logic.ts';
import { jsonRulesMatcher } from '../peers/json-rules-engine.ts';
import type { Matcher } from '../peers/matcher.ts';
import { mingoMatcher, siftMatcher } from '../peers/mongo-queries.ts';
import type { Contender, Entry } from '../race.ts';
import type { Attributes, Segment, Workload } from '../workload/model.ts';
import { definitionPql } from '../workload/pql.ts';

export const OURS = 'shoal';
const MATCHERS: Readonly<Record<string, (segments: readonly Segment[]) => Matcher>> = {
  'shoal, every definition': closuresMatcher,
  'json-logic-engine': jsonLogicMatcher,
  '@marcbachmann/cel-js': celMatcher,
  mingo: mingoMatcher,
  sift: siftMatcher,
  'json-rules-engine': jsonRulesMatcher,
};
export const CONTENDERS: readonly string[] = [OURS, ...Object.keys(MATCHERS)];

const PROFILES = 20;
const UPDATES = 256;

interface Update {
  readonly pi: number;
  readonly before: Attributes;
  readonly after: Attributes;
}

export async function prepareEvaluator({ name, segments: count, seed }: Entry, workload: Workload): Promise<Contender> {
  const segments = workload.makeSegments(count, { seed: seed + 41, mix: { attr: 1 } });
  const { profiles, updates } = updatesOf(workload, seed);
  if (name === OURS) return touchedOnly(segments, profiles, updates);
  return everyDefinition((MATCHERS[name] as (typeof MATCHERS)[string])(segments), count, profiles, updates);
}

/** There and back again, so that they can be repeated for ever. */
function updatesOf(workload: Workload, seed: number) {
  const random = randomFrom(seed);
  const profiles = workload.makeProfiles(PROFILES, seed);
  const donors = workload.makeProfiles(UPDATES, seed + 1000);
  const names = Object.keys(profiles[0] as Attributes);
  const current = [...profiles];
  const there = donors.map((donor): Update => {
    const pi = random.below(PROFILES);
    const before = current[pi] as Attributes;
    const changed = Array.from({ length: 1 + random.below(3) }, () => random.pick(names));
    const after = { ...before, ...Object.fromEntries(changed.map((name) => [name, donor[name]])) };
    current[pi] = after;
    return { pi, before, after };
  });
  const back = there.toReversed().map(({ pi, before, after }): Update => ({ pi, before: after, after: before }));
  return { profiles, updates: [...there, ...back] };
}

const updateAt = (updates: readonly Update[], index: number) => updates[index % updates.length] as Update;

async function everyDefinition(
  matches: Matcher,
  count: number,
  profiles: readonly Attributes[],
  updates: readonly Update[],
): Promise<Contender> {
  const held = profiles.map(() => new Uint8Array(count));
  for (const [pi, profile] of profiles.entries()) await matches(profile, held[pi] as Uint8Array);
  let next = new Uint8Array(count);
  let changes = 0;
  const settle = (pi: number) => {
    const before = held[pi] as Uint8Array<ArrayBuffer>;
    for (let definition = 0; definition < count; definition++) {
      if (before[definition] !== next[definition]) changes += 1;
    }
    held[pi] = next;
    next = before;
  };
  const step = (index: number) => {
    const { pi, after } = updateAt(updates, index);
    const pending = matches(after, next);
    return pending === undefined ? void settle(pi) : pending.then(() => settle(pi));
  };
  const answer = (index: number) => textOf(held[updateAt(updates, index).pi] as Uint8Array);
  return { step, answer, changes: () => changes };
}

const textOf = (holds: Uint8Array) => Buffer.from(holds).toString('latin1');

function closuresMatcher(segments: readonly Segment[]): Matcher {
  const evaluates = segments.map((segment) => {
    const compiled = compilePql(definitionPql(segment), defaultSchema, { mode: 'segment' });
    if (!compiled.ok) throw new Error(`${segment.id} does not compile`);
    return compiled.value.evaluate;
  });
  return (profile, holds) => {
    const input = { profile, events: [], now: 0 };
    for (let index = 0; index < evaluates.length; index++) {
      holds[index] = (evaluates[index] as (typeof evaluates)[number])(input) === true ? 1 : 0;
    }
    return undefined;
  };
}

/** As the service does it (shared/segment/evaluation.ts): only definitions that the change may concern. */
function touchedOnly(
  segments: readonly Segment[],
  profiles: readonly Attributes[],
  updates: readonly Update[],
): Contender {
  const definitions = segments.map((segment, index) => ({
    ...analyzeDefinition({ expression: definitionPql(segment) }),
    index,
  }));
  const attributeIndex = new AttributeIndex(definitions);
  const contextOf = (profile: Attributes) => ({ profile, rows: () => [], now: 0, inSegment: () => false });
  const held = profiles.map((profile) =>
    Uint8Array.from(definitions, ({ plan }) => (plan.evaluate(contextOf(profile)) ? 1 : 0)),
  );
  let changes = 0;
  const step = (index: number) => {
    const { pi, before, after } = updateAt(updates, index);
    const holds = held[pi] as Uint8Array;
    const context = contextOf(after);
    for (const [{ plan, index }, known] of attributeIndex.changed(before, after)) {
      const now = (known ?? plan.evaluate(context)) ? 1 : 0;
      if (holds[index] !== now) changes += 1;
      holds[index] = now;
    }
    return undefined;
  };
  const answer = (index: number) => textOf(held[updateAt(updates, index).pi] as Uint8Array);
  return { step, answer, changes: () => changes };
}
