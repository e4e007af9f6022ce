/** Which events a part rests on, why others were not counted, and until when each still counts. */
import type { Expression } from '../ast.ts';
import { childrenOf } from '../incremental/tree.ts';
import type { ExperienceEvent, Value } from '../value.ts';
import type { Evidence, EvidenceEvent } from './explanation.ts';
import { EVIDENCE_MAX } from './limits.ts';
import { filtered, judgesEachAlone, type ListUse } from './list-use.ts';
import { showValue } from './shown-value.ts';
import type { World } from './world.ts';

export interface ListFindings {
  readonly evidence: Evidence;
  /** For each condition, how many items meet it. */
  readonly passed: readonly number[];
}

export interface EvidenceRequest {
  readonly use: ListUse;
  readonly close: (node: Expression) => Expression;
  /** Only so many conditions are told apart. */
  readonly conditions: readonly { readonly node: Expression; readonly text: string }[];
  /** A list in step with the matching items: what each contributes. */
  readonly contributions?: Expression | undefined;
  readonly eventsMax: number;
}

/** Undefined where there is no list to go through: null, or a map. */
export function findEvidence(world: World, request: EvidenceRequest): ListFindings | undefined {
  const { use, close, conditions, contributions, eventsMax } = request;
  const items = world.value(close(use.list));
  const matching = world.value(close(use.matching));
  if (!Array.isArray(items) || !Array.isArray(matching)) return undefined;
  const met = conditions.map(({ node }) => world.value(close(filtered(use.list, node))) as readonly Value[]);
  const events = items.filter((item): item is ExperienceEvent & Value => world.events.has(item));
  const sets = met.map((passing) => new Set<unknown>(passing));
  const tests = sets.map((passing, index) => ({ passing, isOfType: asksForType(conditions[index]?.node) }));
  const ranked = rank(events, new Set<unknown>(matching), tests, use.asserts === true);
  const chosen = ranked.slice(0, Math.min(EVIDENCE_MAX, eventsMax)).sort((left, right) => left.index - right.index);
  const values = contributions && world.value(close(contributions));
  const describe = describer(world, request, matching, Array.isArray(values) ? values : undefined);
  return {
    evidence: {
      matched: matching.length,
      total: items.length,
      events: chosen.map(describe),
      truncated: ranked.length > chosen.length,
    },
    passed: met.map(({ length }) => length),
  };
}

interface Candidate {
  readonly event: ExperienceEvent;
  readonly matched: boolean;
  readonly failed: readonly number[];
  /** 0 is the newest. */
  readonly index: number;
}

interface Test {
  readonly passing: ReadonlySet<unknown>;
  /** Whether it asks what type an event is of: one of another type is no near miss. */
  readonly isOfType: boolean;
}

/** Whether a condition asks for the type of the very item. */
function asksForType(condition: Expression | undefined): boolean {
  if (condition === undefined) return false;
  if (condition.kind !== 'lambda') return readsType(condition, (of, depth) => of.kind === 'item' && of.depth === depth);
  const slots = new Set(condition.params.map(({ slot }) => slot));
  return readsType(condition.body, (of) => of.kind === 'variable' && slots.has(of.slot));
}

function readsType(node: Expression, isItem: (of: Expression, depth: number) => boolean, depth = 0): boolean {
  if (node.kind === 'field' && node.name === 'eventType' && isItem(node.object, depth)) return true;
  return childrenOf(node).some((child) => readsType(child.node, isItem, depth + (child.scoped ? 1 : 0)));
}

/**
 * What is worth showing, the newest first: what matched, then near misses, right in type and in something. Where every
 * item must comply, what does not comes first.
 */
function rank(
  events: readonly ExperienceEvent[],
  matching: ReadonlySet<unknown>,
  tests: readonly Test[],
  asserts: boolean,
): readonly Candidate[] {
  const newestFirst = [...events].reverse().map((event, index): Candidate => {
    const failed = tests.flatMap(({ passing }, condition) => (passing.has(event) ? [] : [condition]));
    return { event, failed, matched: matching.has(event), index };
  });
  const matched = newestFirst.filter((candidate) => candidate.matched);
  const missed = newestFirst.filter((candidate) => !candidate.matched);
  if (asserts) return [...missed, ...matched];
  const isNear = ({ failed }: Candidate) =>
    failed.length < tests.length && !failed.some((condition) => tests[condition]?.isOfType);
  return [...matched, ...missed.filter(isNear)];
}

function describer(
  world: World,
  { use, close, conditions }: EvidenceRequest,
  matching: readonly Value[],
  contributions: readonly Value[] | undefined,
): (candidate: Candidate) => EvidenceEvent {
  const whole = close(use.matching);
  const flipOf = judgesEachAlone(whole) ? world.flipOf(whole) : undefined;
  const places = new Map<unknown, number>(matching.map((item, index) => [item, index]));
  return ({ event, matched, failed }) => {
    const { _id: eventId, timestamp, eventType } = event;
    const why = failed.flatMap((condition) => conditions[condition]?.text ?? []);
    const flip = matched ? flipOf?.({ outcome: true, events: [event] }) : undefined;
    const place = places.get(event);
    const contributed = place === undefined ? undefined : contributions?.[place];
    return {
      eventId: String(eventId),
      timestamp,
      ...(typeof eventType === 'string' ? { eventType } : {}),
      matched,
      ...(matched || why.length === 0 ? {} : { why }),
      ...(contributed === undefined ? {} : { contributes: showValue(contributed, world.events).value }),
      ...(flip?.certain ? { countsUntil: flip.at } : {}),
    };
  };
}
