/** Random rules as the canvas holds them, in the form in which text is read: no group that text could not tell apart. */
import type {
  Attribute,
  EventRow,
  Fold,
  Group,
  Mode,
  Moment,
  NewId,
  Node,
  Operand,
  Pattern,
  PlainWhen,
  Scalar,
  Scope,
  Sequence,
  Span,
  Step,
  Test,
  When,
} from '#console/src/segment-builder/model.ts';
import type { Choices } from '../pql/choices.ts';

interface World {
  readonly c: Choices;
  readonly newId: NewId;
}

const FIELDS: Readonly<Record<Scope, readonly (readonly string[])[]>> = {
  profile: [['n'], ['s'], ['homeAddress', 'city'], ['loyalty', 'tier'], ['missing'], ['in'], ['a b']],
  event: [['price'], ['sku'], ['commerce', 'order', 'priceTotal'], ['missing'], ['from', 'x']],
};
const TIMES: Readonly<Record<Scope, readonly (readonly string[])[]>> = { profile: [['t'], ['iso']], event: [['at']] };
const VALUES: readonly Scalar[] = ['a', 'b', '', 'view', '5', 'it "is"', '한', 5, 2.5, -1, 0, true, false];
const TEXTS = ['a', 'ab', '%b', ''];
const TYPES = ['view', 'buy', 'a', 'commerce.productViews'];
const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;

export const ruleOf = (c: Choices, newId: NewId): Group => {
  const { mode, children } = groupOf({ c, newId }, 'profile', 0);
  const isLone = children.length === 1 && mode !== 'none';
  return { kind: 'group', id: newId(), mode: isLone ? 'all' : mode, children };
};

function groupOf(world: World, scope: Scope, depth: number): Group {
  const { c, newId } = world;
  const mode = c.of<Mode>(['all', 'any', 'none']);
  const count = depth === 0 ? 1 + c.below(4) : 2 + c.below(2);
  const children = Array.from({ length: count }, () => nodeOf(world, scope, depth + 1));
  // Alone, a group is told from its only child by nothing in the text.
  const lone = children.length === 1 && children[0]?.kind === 'group' ? [rowOf(world, scope)] : children;
  const single = lone.length === 1 && mode === 'none' ? [...lone, rowOf(world, scope)] : lone;
  return { kind: 'group', id: newId(), mode, children: single };
}

function nodeOf(world: World, scope: Scope, depth: number): Node {
  return depth < 3 && world.c.chance(30) ? groupOf(world, scope, depth) : rowOf(world, scope);
}

function rowOf(world: World, scope: Scope): Node {
  const { c, newId } = world;
  const attribute = () => attributeOf(world, scope);
  if (scope === 'event') return attribute();
  return c.from<Node>(
    attribute,
    attribute,
    () => eventOf(world),
    () => eventOf(world),
    () => sequenceOf(world),
    () => ({ kind: 'segment', id: newId(), segmentId: c.of(['in', 'out']), in: c.chance(50) }),
    () => ({ kind: 'code', id: newId(), text: c.of(['tags.count() > 1', 's.lower() = "a"', 'n + m > 2']) }),
  );
}

function attributeOf(world: World, scope: Scope): Attribute {
  const { c, newId } = world;
  const of = scope === 'event' && c.chance(20) ? 'person' : 'item';
  const fields = of === 'person' ? FIELDS.profile : FIELDS[scope];
  const isTime = of === 'item' && c.chance(20);
  const test: Test = isTime ? { op: 'occurs', when: whenOf(c) } : testOf(c, scope);
  const path = c.of(isTime ? TIMES[scope] : fields);
  return { kind: 'attribute', id: newId(), path, of, test, negated: c.chance(25) };
}

function testOf(c: Choices, scope: Scope): Test {
  return c.from<Test>(
    () => ({ op: c.of(COMPARISONS), operand: operandOf(c, scope) }),
    () => ({ op: c.of(['in', 'notIn']), values: [c.of(VALUES), ...c.times(2, () => c.of(VALUES))] }),
    () => ({ op: c.of(['exists', 'missing', 'holds']) }),
    () => {
      const op = c.of(['contains', 'startsWith', 'doesNotEndWith', 'like', 'matches'] as const);
      const ignoresCase = op !== 'like' && op !== 'matches' && c.chance(30);
      return { op, value: op === 'matches' ? '^a' : c.of(TEXTS), ...(ignoresCase ? { ignoreCase: true } : {}) };
    },
  );
}

function operandOf(c: Choices, scope: Scope): Operand {
  if (c.chance(75)) return { kind: 'value', value: c.of(VALUES) };
  const of = scope === 'event' && c.chance(60) ? 'person' : 'item';
  return { kind: 'path', path: c.of(FIELDS[of === 'person' ? 'profile' : scope]), of };
}

const spanOf = (c: Choices): Span => ({ count: c.of([0, 1, 2, 3, 24, 30]), unit: c.of(UNITS) });

function momentOf(c: Choices): Moment {
  return c.from<Moment>(
    () => ({ kind: 'now' }),
    () => ({ kind: 'period', which: c.of(['this', 'last', 'next']), unit: c.of(['day', 'week', 'month', 'year']) }),
    () => ({ kind: 'day', year: 2024, month: c.of([2, 3]), day: c.of([1, 29]) }),
    () => ({ kind: 'instant', text: '2024-02-29T00:00:00Z' }),
    () => ({ kind: 'path', path: ['t'], of: 'item' }),
  );
}

const whenOf = (c: Choices): When =>
  c.chance(20) ? { form: 'range', near: spanOf(c), far: spanOf(c) } : plainWhenOf(c);

function plainWhenOf(c: Choices): PlainWhen {
  return c.from<PlainWhen>(
    () => {
      const direction = c.of(['before', 'after'] as const);
      return { form: 'distance', op: c.of(COMPARISONS), ...spanOf(c), direction, moment: momentOf(c) };
    },
    () => ({ form: 'direction', direction: c.of(['before', 'after']), moment: momentOf(c) }),
    () => ({ form: 'on', moment: momentOf(c) }),
    () => ({ form: 'between', from: momentOf(c), to: momentOf(c) }),
  );
}

function patternOf(world: World): Pattern {
  const { c } = world;
  const types = [c.of(TYPES), ...c.times(1, () => c.of(TYPES))].slice(0, c.of([1, 1, 1, 2, 0]));
  const where = c.chance(45) ? whereOf(world) : undefined;
  const when = c.chance(60) ? whenOf(c) : undefined;
  return { types, ...(when === undefined ? {} : { when }), ...(where === undefined ? {} : { where }) };
}

function whereOf(world: World): Group {
  const where = groupOf(world, 'event', 1);
  const [first] = where.children;
  if (where.mode !== 'all' || first === undefined) return where;
  return world.c.chance(50) ? { ...where, children: [attributeOf(world, 'event')] } : where;
}

function foldOf(c: Choices): Fold {
  return c.from<Fold>(
    () => ({ kind: 'count', op: '>=', count: 1 + c.below(3) }),
    () => ({ kind: 'count', op: c.of(['<=', '=']), count: 1 + c.below(3) }),
    () => ({ kind: 'between', from: c.below(3), to: c.below(5) }),
    () => {
      const kind = c.of(['sum', 'average', 'min', 'max', 'distinctCount'] as const);
      return { kind, field: c.of(FIELDS.event), op: c.of(COMPARISONS), value: c.of([0, 2, 2.5, -1]) };
    },
    () => ({ kind: c.of(['first', 'last']), when: plainWhenOf(c) }),
  );
}

function eventOf(world: World): EventRow {
  const { c, newId } = world;
  return { kind: 'event', id: newId(), did: c.chance(70), fold: foldOf(c), ...patternOf(world) };
}

function sequenceOf(world: World): Sequence {
  const { c, newId } = world;
  const first: Step = { id: newId(), ...patternOf(world), excluded: false, count: 1 + c.below(2) };
  const more = c.times(3, (): Step => {
    const excluded = c.chance(30);
    const gaps = excluded
      ? {}
      : { ...(c.chance(40) ? { after: spanOf(c) } : {}), ...(c.chance(40) ? { within: spanOf(c) } : {}) };
    return { id: newId(), ...patternOf(world), excluded, count: excluded ? 1 : 1 + c.below(2), ...gaps };
  });
  return { kind: 'sequence', id: newId(), steps: [first, ...more] };
}

/** What a rule says, without the ids and the texts that it was read from. */
export function saidBy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(saidBy);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'id' && key !== 'origin' && key !== 'frame');
  return Object.fromEntries(kept.map(([key, inner]) => [key, saidBy(inner)]));
}

/** The same rule as if it had been made on the canvas: nothing of it can be copied from a text. */
export function forgetText<Kind>(value: Kind): Kind {
  if (Array.isArray(value)) return value.map(forgetText) as Kind;
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'origin' && key !== 'frame');
  return Object.fromEntries(kept.map(([key, inner]) => [key, forgetText(inner)])) as Kind;
}
