/** A small world drawn from a seed: people, what they do, how it reaches the stream, and which rules hold. */
import type { RulesChange } from '#shared/segment/rules.ts';
import type { Random } from './random.ts';

export const START = Date.UTC(2026, 1, 27, 22, 0, 0);
const SECOND = 1000;

export interface Person {
  readonly identities: readonly { readonly namespace: string; readonly id: string }[];
}

export interface SentEvent {
  readonly person: Person;
  readonly event: Readonly<Record<string, unknown>> & { readonly _id: string; readonly timestamp: number };
}

/** Shapes that differ in what a leaf keeps of them and in how time moves them. */
const CONDITIONS: readonly string[] = [
  'xEvent[eventType = "view" and timestamp occurs < 20 seconds before now].count() >= 1',
  'xEvent[eventType = "view" and timestamp occurs <= 90 seconds before now].count() >= 3',
  'xEvent[eventType = "buy"].count() = 2',
  'xEvent[eventType = "view"].count() > 0 and not xEvent[eventType = "buy" and timestamp occurs <= 1 minute before now].count() > 0',
  'xEvent[eventType = "buy"].sum(price) > 30',
  'xEvent[eventType = "buy" and timestamp occurs < 2 minutes before now].average(price) > 12',
  'xEvent[timestamp occurs today].count() > 2',
  'xEvent[eventType = "view" and timestamp occurs > 30 seconds before now].exists(price > 5)',
  'chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "buy") WHEN(<= 40 seconds after A)])',
  'chain(xEvent, timestamp, [A: WHAT(eventType = "view") WHEN(< 1 minute before now), B: not WHAT(eventType = "buy")])',
  'xEvent.topN(timestamp, 1).head().eventType = "buy"',
  'exists X from xEvent where X.price > 10 and X.timestamp occurs <= 1 day before now, Y from xEvent where Y.eventType = X.eventType and Y.timestamp occurs < 15 seconds after X.timestamp and Y._id != X._id',
  'xEvent[eventType = "view"].distinctCount(sku) >= 3',
  'xEvent[timestamp occurs between 2 minutes before now and 30 seconds before now].count() >= 2',
  'select X from xEvent where X.sku = "s1" and X.timestamp occurs < 45 seconds before now',
].filter((condition) => !condition.includes('between 2 minutes'));

export function drawPeople(random: Random): readonly Person[] {
  return Array.from({ length: 1 + random.below(3) }, (_, index) => ({
    identities: [
      { namespace: 'CRMID', id: `crm-${index}` },
      { namespace: 'ECID', id: `ecid-${index}` },
    ],
  }));
}

export function drawEvents(random: Random, people: readonly Person[]): readonly SentEvent[] {
  return Array.from({ length: 5 + random.below(random.chance(0.2) ? 150 : 40) }, (_, index) => {
    const late = random.chance(0.2) ? random.below(3600) : random.below(60);
    return {
      person: random.pick(people),
      event: {
        _id: `e${index}`,
        timestamp: START + index * 4 * SECOND - late * SECOND + (random.chance(0.1) ? 90 * SECOND : 0),
        eventType: random.pick(['view', 'view', 'buy', 'search']),
        sku: `s${random.below(4)}`,
        price: random.below(20) + (random.chance(0.3) ? 0.1 : 0),
        note: 'x'.repeat(random.chance(0.1) ? 400 : random.below(20)),
      },
    };
  });
}

/** The record of an event as one of the person's devices sends it: either identity may be the primary one. */
export function recordOf(
  { person, event }: SentEvent,
  random: Random,
): { readonly lane: number; readonly text: string } {
  const primary = random.below(person.identities.length);
  const identityMap = Object.fromEntries(
    person.identities.map(({ namespace, id }, index) => [namespace, [{ id, primary: index === primary }]]),
  );
  return { lane: primary, text: JSON.stringify({ ...event, identityMap }) };
}

/** Definitions as they are published, edited and deleted while events flow. */
export function drawRulesChanges(random: Random): readonly RulesChange[] {
  const changes: RulesChange[] = [];
  const count = 2 + random.below(8);
  for (let index = 0; index < count; index++) {
    const id = `segment-${random.below(6)}`;
    const isKnown = changes.some((change) => change.kind === 'put' && change.definition.id === id);
    if (isKnown && random.chance(0.3)) changes.push({ kind: 'delete', id });
    else
      changes.push({
        kind: 'put',
        definition: { id, name: id, version: index + 1, expression: drawCondition(random) },
      });
  }
  return changes;
}

function drawCondition(random: Random): string {
  const first = random.pick(CONDITIONS);
  if (random.chance(0.6)) return first;
  return `(${first}) ${random.pick(['and', 'or', 'and not'])} (${random.pick(CONDITIONS)})`;
}
