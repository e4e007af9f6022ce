import { describe, expect, test } from 'vitest';
import { type ExplainOptions, type Explanation, type ExplanationNode, explain } from '#shared/pql/explain/index.ts';
import { EVIDENCE_MAX, NODES_MAX, TEXT_LENGTH_MAX, VALUE_ITEMS_MAX } from '#shared/pql/explain/limits.ts';
import { check, type EvaluationInput, hasErrors, normalizeEvents, parse } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2025-11-04T12:00:00Z');

interface Person {
  readonly profile?: Readonly<Record<string, unknown>>;
  /** `buy 10`: an event of that type, so many days ago. */
  readonly did?: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly isMember?: boolean;
}

function inputOf({ profile = {}, did = [], isMember = false }: Person): EvaluationInput {
  const events = did.map((each, index) => {
    if (typeof each !== 'string') return { _id: `e${index + 1}`, timestamp: NOW, ...each };
    const [eventType, days] = each.split(' ');
    return { _id: `e${index + 1}`, eventType, timestamp: NOW - Number(days) * DAY_MS };
  });
  return { profile, events: normalizeEvents(events), now: NOW, inSegment: () => isMember };
}

function explained(source: string, person: Person = {}, options: ExplainOptions = {}): Explanation {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
  if (hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics));
  return explain(expression, inputOf(person), options);
}

function find({ root }: Explanation, kind: ExplanationNode['kind']): ExplanationNode {
  const all = (node: ExplanationNode): ExplanationNode[] => [node, ...node.children.flatMap(all)];
  const found = all(root).find((node) => node.kind === kind);
  if (found === undefined) throw new Error(`no part is a ${kind}`);
  return found;
}

const BOUGHT = 'xEvent[eventType = "buy" and timestamp occurs <= 90 days before now]';

describe('a count in a window', () => {
  const explanation = explained(`${BOUGHT}.count() >= 3`, { did: ['buy 10', 'buy 40', 'buy 100', 'view 1'] });

  test('says how many there are, how many are wanted and how many are missing', () => {
    expect(explanation.outcome).toBe(false);
    expect(explanation.root.need).toEqual({ have: 2, comparison: '>=', want: 3, unit: 'events', shortBy: 1 });
  });

  test('lists what counted and until when it does, and what only just does not, with why', () => {
    const { evidence } = find(explanation, 'filter');
    const eventType = 'buy';
    expect(evidence).toEqual({
      matched: 2,
      total: 4,
      truncated: false,
      events: [
        { eventId: 'e1', timestamp: NOW - 10 * DAY_MS, eventType, matched: true, countsUntil: NOW + 80 * DAY_MS + 1 },
        { eventId: 'e2', timestamp: NOW - 40 * DAY_MS, eventType, matched: true, countsUntil: NOW + 50 * DAY_MS + 1 },
        {
          eventId: 'e3',
          timestamp: NOW - 100 * DAY_MS,
          eventType,
          matched: false,
          why: ['timestamp occurs <= 90 days before now'],
        },
      ],
    });
  });

  test('says of each condition for how many events it holds', () => {
    expect(find(explanation, 'filter').children).toMatchObject([
      { kind: 'condition', text: 'eventType = "buy"', passed: 3 },
      { kind: 'condition', text: 'timestamp occurs <= 90 days before now', passed: 3 },
    ]);
  });

  test('that is missed and can only fall stays as it is', () => {
    expect(explanation.nextFlip).toBeUndefined();
  });

  test('that is met says when it no longer will be: when the oldest event that is needed leaves', () => {
    const { outcome, nextFlip } = explained(`${BOUGHT}.count() >= 2`, { did: ['buy 10', 'buy 40', 'buy 60'] });
    expect({ outcome, nextFlip }).toEqual({ outcome: true, nextFlip: { at: NOW + 50 * DAY_MS + 1, certain: true } });
  });

  test('that is exceeded says by how many', () => {
    const { root } = explained(`${BOUGHT}.count() < 2`, { did: ['buy 10', 'buy 40', 'buy 60'] });
    expect(root.need).toEqual({ have: 3, comparison: '<', want: 2, unit: 'events', overBy: 2 });
  });
});

describe('other numbers', () => {
  test('an attribute short of a number says by how much', () => {
    const { root } = explained('loyalty.points >= 100', { profile: { loyalty: { points: 40 } } });
    expect(root.need).toEqual({ have: 40, comparison: '>=', want: 100, shortBy: 60 });
    expect(root.children).toMatchObject([{ kind: 'attribute', text: 'loyalty.points', value: 40 }]);
  });

  test('a number that stands on the left is read from the right', () => {
    const { root } = explained('100 <= loyalty.points', { profile: { loyalty: { points: 40 } } });
    expect(root.need).toMatchObject({ have: 40, comparison: '>=', want: 100 });
  });

  test('an absent attribute is nothing, which is neither too little nor too much', () => {
    const { outcome, root } = explained('loyalty.points < 100');
    expect({ outcome, need: root.need }).toEqual({ outcome: false, need: { have: null, comparison: '<', want: 100 } });
  });

  test('a sum shows what each event contributes', () => {
    const did = [
      { eventType: 'buy', commerce: { order: { priceTotal: 70 } } },
      { eventType: 'buy', commerce: { order: { priceTotal: 50 } } },
      { eventType: 'buy' },
    ];
    const explanation = explained(`${BOUGHT}.commerce.order.priceTotal.sum() > 200`, { did });

    expect(explanation.root.need).toEqual({ have: 120, comparison: '>', want: 200, shortBy: 80 });
    expect(find(explanation, 'filter').evidence?.events.map(({ contributes }) => contributes)).toEqual([null, 50, 70]);
  });

  test('a fold over a declaration shows it too', () => {
    const did = [{ eventType: 'buy', commerce: { order: { priceTotal: 70 } } }, 'view 3'];
    const source = '(sum X.commerce.order.priceTotal over X from xEvent where X.eventType = "buy") > 200';
    expect(find(explained(source, { did }), 'aggregate').evidence).toMatchObject({
      matched: 1,
      total: 2,
      events: [{ eventId: 'e1', contributes: 70 }],
    });
  });
});

describe('what decides', () => {
  const person = { profile: { homeAddress: { countryCode: 'KR' } }, did: ['view 1'] };
  const textsOf = ({ deciding }: Explanation) => deciding.map(({ text }) => text);

  test('of a conjunction that holds is every part of it', () => {
    const { deciding } = explained('homeAddress.countryCode = "KR" and xEvent.count() > 0', person);
    expect(deciding).toMatchObject([
      { text: 'homeAddress.countryCode = "KR"', start: 0, end: 30, outcome: true },
      { text: 'xEvent.count() > 0', outcome: true },
    ]);
  });

  test('of one that does not is a part that fails', () => {
    const explanation = explained('homeAddress.countryCode = "KR" and xEvent.count() > 1', person);
    expect(textsOf(explanation)).toEqual(['xEvent.count() > 1']);
    expect(explanation.root.children.map(({ decisive, sensitive }) => ({ decisive, sensitive }))).toEqual([
      { decisive: false, sensitive: false },
      { decisive: true, sensitive: true },
    ]);
  });

  test('takes the fewest conditions', () => {
    const two = '(homeAddress.countryCode = "KR" and xEvent.count() > 0)';
    const explanation = explained(`${two} or inSegment("a")`, { ...person, isMember: true });
    expect(textsOf(explanation)).toEqual(['inSegment("a")']);
  });

  test('counts a condition that stands twice once', () => {
    const explanation = explained(
      '(inSegment("a") or homeAddress.countryCode = "KR") and homeAddress.countryCode = "KR"',
      {
        ...person,
        isMember: true,
      },
    );
    expect(textsOf(explanation)).toEqual(['homeAddress.countryCode = "KR"']);
  });

  test('is nothing where there is nothing to decide', () => {
    expect(explained('true or inSegment("a")')).toMatchObject({ outcome: true, deciding: [] });
  });

  test('by no single condition leaves none sensitive', () => {
    const { root } = explained('xEvent.count() > 0 or homeAddress.countryCode = "KR"', person);
    expect(root.children.map(({ sensitive }) => sensitive)).toEqual([false, false]);
  });
});

describe('a sequence', () => {
  const source =
    'chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "cart") WHEN(<= 2 days after A), C: WHAT(eventType = "buy")])';

  test('says how far it is fulfilled, and which events each step could take', () => {
    const { root } = explained(source, { did: ['view 9', 'cart 8', 'cart 3'] });

    expect(root.need).toEqual({ have: 2, comparison: '>=', want: 3, unit: 'steps', shortBy: 1 });
    expect(root.children).toMatchObject([
      { kind: 'step', text: 'A: WHAT(eventType = "view")', reached: true, passed: 1 },
      { kind: 'step', text: 'B: WHAT(eventType = "cart") WHEN(<= 2 days after A)', reached: true, passed: 2 },
      { kind: 'step', text: 'C: WHAT(eventType = "buy")', reached: false, passed: 0 },
    ]);
    expect(root.children[1]?.evidence?.events.map(({ eventId }) => eventId)).toEqual(['e3', 'e2']);
  });

  test('that is fulfilled has reached every step', () => {
    const { outcome, root } = explained(source, { did: ['view 9', 'cart 8', 'buy 3'] });
    expect({ outcome, have: root.need?.have }).toEqual({ outcome: true, have: 3 });
  });
});

describe('lists', () => {
  test('where every item must comply, those that do not come first', () => {
    const did = [{ eventType: 'view' }, { eventType: 'buy' }];
    const { root } = explained('xEvent.forall(eventType = "buy")', { did });
    expect(root.evidence).toMatchObject({ matched: 1, total: 2 });
    expect(root.evidence?.events.find(({ matched }) => !matched)).toMatchObject({ why: ['eventType = "buy"'] });
    expect(root.need).toEqual({ have: 1, comparison: '>=', want: 2, unit: 'events', shortBy: 1 });
  });

  test('of one person’s pairs of events, those count for which the other can be found', () => {
    const source =
      'exists X from xEvent where X.eventType = "view", Y from xEvent where Y.eventType = "buy" and Y.timestamp > X.timestamp';
    const { root } = explained(source, { did: ['view 20', 'buy 10', 'view 1'] });
    expect(root.evidence?.events).toMatchObject([
      {
        eventId: 'e3',
        matched: false,
        why: ['exists Y from xEvent where Y.eventType = "buy" and Y.timestamp > X.timestamp'],
      },
      { eventId: 'e1', matched: true },
    ]);
  });

  test('that are no events are counted and not listed', () => {
    const profile = { orders: [{ total: 5 }, { total: 50 }] };
    const { root } = explained('orders[total > 10].count() >= 2', { profile });
    expect(root.need).toMatchObject({ have: 1, want: 2, unit: 'items' });
    expect(root.children[0]?.children[0]?.evidence).toEqual({ matched: 1, total: 2, events: [], truncated: false });
  });
});

describe('a binding', () => {
  const source = 'let bought = xEvent[eventType = "buy"] in bought.count() >= 2 and bought.count() < 5';

  test('is shown with its value, and the conditions below it decide', () => {
    const { root, deciding } = explained(source, { did: ['buy 1', 'buy 2'] });
    expect(root.children).toMatchObject([
      { kind: 'filter', value: ['e2', 'e1'] },
      { kind: 'and', outcome: true, decisive: true },
    ]);
    expect(deciding.map(({ text }) => text)).toEqual(['bought.count() >= 2', 'bought.count() < 5']);
  });
});

describe('time', () => {
  test('an event that leaves the retention takes its part with it', () => {
    const options = { retentionMs: 30 * DAY_MS };
    const explanation = explained('xEvent[eventType = "buy"].count() >= 1', { did: ['buy 10'] }, options);
    expect(explanation.nextFlip).toEqual({ at: NOW + 20 * DAY_MS, certain: true });
    expect(find(explanation, 'filter').evidence?.events).toMatchObject([{ countsUntil: NOW + 20 * DAY_MS }]);
  });

  test('a membership that ends by itself ends what asks for it', () => {
    const end = NOW + DAY_MS;
    const segments = {
      isMember: (_: string, at: number) => at < end,
      nextFlip: (_: string, at: number) => (at < end ? end : undefined),
    };
    const { outcome, nextFlip } = explained('inSegment("a")', {}, { segments });
    expect({ outcome, nextFlip }).toEqual({ outcome: true, nextFlip: { at: end, certain: true } });
  });

  test('a part may change though the whole does not', () => {
    const did = ['buy 89', 'view 1'];
    const { nextFlip, root } = explained(`${BOUGHT}.count() >= 1 or xEvent.count() > 0`, { did });
    expect(nextFlip).toBeUndefined();
    expect(root.children[0]?.nextFlip).toEqual({ at: NOW + DAY_MS + 1, certain: true });
  });

  test('what moves with the clock in no known way is only said not to change before an instant', () => {
    const { nextFlip } = explained('(now - birthday) > 5', { profile: { birthday: NOW - 5 - DAY_MS } });
    expect(nextFlip).toMatchObject({ certain: false });
  });
});

describe('size', () => {
  test('of the evidence is bounded: the newest are listed, all are counted', () => {
    const did = Array.from({ length: EVIDENCE_MAX + 1 }, () => ({ eventType: 'buy' }));
    const explanation = explained('xEvent[eventType = "buy"].count() > 0', { did });
    const { evidence } = find(explanation, 'filter');
    expect(evidence).toMatchObject({ matched: EVIDENCE_MAX + 1, truncated: true });
    expect(evidence?.events).toHaveLength(EVIDENCE_MAX);
    expect(explanation.truncated).toBe(true);
  });

  test('of the tree is bounded, and the node says that parts were left out', () => {
    const source = Array.from({ length: NODES_MAX }, (_, index) => `n = ${index}`).join(' or ');
    const { root, truncated, deciding } = explained(source, { profile: { n: NODES_MAX - 1 } });
    expect(root.truncated && truncated).toBe(true);
    expect(root.children).toHaveLength(NODES_MAX - 1);
    expect(deciding).toMatchObject([{ text: `n = ${NODES_MAX - 1}` }]);
  });

  test('of texts and values is bounded', () => {
    const texts = `[${Array.from({ length: 500 }, (_, index) => `"${index}"`).join(', ')}]`;
    const { root } = explained(`tags.intersects(${texts})`, {
      profile: { tags: Array(VALUE_ITEMS_MAX + 1).fill('x') },
    });
    expect(root.text).toHaveLength(TEXT_LENGTH_MAX + 1);
    expect(root.children[0]?.value).toHaveLength(VALUE_ITEMS_MAX);
    expect(root.truncated && root.children[0]?.truncated).toBe(true);
  });

  test('within the bounds is whole', () => {
    expect(explained(`${BOUGHT}.count() >= 3`, { did: ['buy 1'] }).truncated).toBe(false);
  });
});
