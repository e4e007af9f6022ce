/** A row as a sentence of the reader's language: what the canvas shows, and what a screen reader says. */
import type { BuilderMessages } from '../messages/en-builder.ts';
import { type Part, plain } from '../messages/parts.ts';
import type {
  Attribute,
  EventRow,
  Group,
  Moment,
  Node,
  Operand,
  Path,
  Pattern,
  PlainWhen,
  Scalar,
  Scope,
  SegmentRow,
  Step,
  Test,
  When,
} from './model.ts';

/** What fields, event types and segments are called. */
export interface Names {
  field(path: Path, scope: Scope): string;
  event(type: string): string;
  /** `undefined` for a segment that is gone. */
  segment(id: string): string | undefined;
}

export interface Wording {
  readonly words: BuilderMessages['sentence'];
  readonly names: Names;
}

/** Of rows with slots; groups, sequences and code are drawn in ways of their own. */
export function partsOf(node: Attribute | EventRow | SegmentRow, scope: Scope, wording: Wording): readonly Part[] {
  switch (node.kind) {
    case 'attribute':
      return attributeParts(node, scope, wording);
    case 'event':
      return eventParts(node, wording);
    case 'segment': {
      const { words, names } = wording;
      return words.segment(node.in ? words.in : words.notIn, names.segment(node.segmentId) ?? words.unknownSegment);
    }
  }
}

/** The whole of it, filters and steps included. */
export function sentenceOf(node: Node, scope: Scope, wording: Wording): string {
  const { words } = wording;
  switch (node.kind) {
    case 'group': {
      const rows = node.children.map((child) => sentenceOf(child, scope, wording));
      return rows.length === 0 ? words.meet[node.mode] : `${words.meet[node.mode]}: ${joined(rows, node, wording)}`;
    }
    case 'event':
      return `${plain(eventParts(node, wording))}${whereOf(node.where, wording)}`;
    case 'sequence': {
      const steps = node.steps.map((step) => plain([stepWords(step, wording)]) + whereOf(step.where, wording));
      return `${words.sequence}: ${steps.join(' → ')}`;
    }
    case 'code':
      return `PQL ${node.text}`;
    default:
      return plain(partsOf(node, scope, wording));
  }
}

const joined = (rows: readonly string[], { mode }: Group, { words }: Wording): string =>
  rows.join(` ${words.joined[mode]} `);

function whereOf(where: Group | undefined, wording: Wording): string {
  if (where === undefined || where.children.length === 0) return '';
  const rows = where.children.map((child) => sentenceOf(child, 'event', wording));
  return `, ${wording.words.where[where.mode]}: ${joined(rows, where, wording)}`;
}

export const eventsOf = ({ types }: Pattern, { words, names }: Wording): string =>
  types.length === 0 ? words.anyEvent : words.list(types.map((type) => names.event(type)));

export function stepWords(step: Step, wording: Wording): string {
  const { words } = wording;
  const events = eventsOf(step, wording);
  if (step.excluded) return words.excluded(events);
  const gaps = [
    ...(step.after === undefined ? [] : [words.after(words.span(step.after.count, step.after.unit))]),
    ...(step.within === undefined ? [] : [words.within(words.span(step.within.count, step.within.unit))]),
    ...(step.count === 1 ? [] : [words.stepCount(step.count)]),
    ...(step.when === undefined ? [] : [whenWords(step.when, 'event', wording)]),
  ];
  return [events, ...gaps].join(', ');
}

/** A step with its slots; the first has nothing before it that it could follow on. */
export function stepParts(step: Step, isFirst: boolean, wording: Wording): readonly Part[] {
  const { words } = wording;
  const events = eventsOf(step, wording);
  const when = step.when === undefined ? words.anyTime : whenWords(step.when, 'event', wording);
  if (step.excluded) return words.excludedRow(events, when);
  return words.stepRow(isFirst ? undefined : gapWords(step, words), events, step.count, when);
}

export function gapWords({ after, within }: Step, words: Wording['words']): string {
  const parts = [
    ...(after === undefined ? [] : [words.after(words.span(after.count, after.unit))]),
    ...(within === undefined ? [] : [words.within(words.span(within.count, within.unit))]),
  ];
  return parts.length === 0 ? words.anyTime : parts.join(', ');
}

function attributeParts(node: Attribute, scope: Scope, wording: Wording): readonly Part[] {
  const { words, names } = wording;
  const isChosen = node.path.length > 0;
  const name = isChosen ? names.field(node.path, node.of === 'person' ? 'profile' : scope) : words.missingField;
  const field = node.of === 'person' ? words.theirs(name) : name;
  return words.attribute(field, testWords(node, words), valueWords(node.test, scope, wording));
}

export function testWords({ test, negated }: Pick<Attribute, 'test' | 'negated'>, words: Wording['words']): string {
  if (!negated) return words.tests[test.op];
  const own = new Map<string, string>(Object.entries(words.negatedTests)).get(test.op);
  return own ?? words.negated(words.tests[test.op]);
}

/** `undefined` for tests that take no value. */
export function valueWords(test: Test, scope: Scope, wording: Wording): string | undefined {
  const { words } = wording;
  switch (test.op) {
    case 'exists':
    case 'missing':
    case 'holds':
      return undefined;
    case 'occurs':
      return whenWords(test.when, scope, wording);
    case 'in':
    case 'notIn':
      return test.values.length === 0
        ? words.missingValue
        : words.list(test.values.map((value) => scalarWords(value, words)));
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'doesNotContain':
    case 'doesNotStartWith':
    case 'doesNotEndWith':
    case 'like':
    case 'matches':
      return test.value ?? words.missingValue;
    default:
      return test.operand === undefined ? words.missingValue : operandWords(test.operand, scope, wording);
  }
}

export const scalarWords = (value: Scalar, words: Wording['words']): string =>
  typeof value === 'boolean' ? words.truth[`${value}`] : String(value);

function operandWords(operand: Operand, scope: Scope, { words, names }: Wording): string {
  if (operand.kind === 'value') return scalarWords(operand.value, words);
  if (operand.path.length === 0) return words.missingField;
  const name = names.field(operand.path, operand.of === 'person' ? 'profile' : scope);
  return operand.of === 'person' ? words.theirs(name) : name;
}

function eventParts(row: EventRow, wording: Wording): readonly Part[] {
  const { words, names } = wording;
  const { fold } = row;
  const did = row.did ? words.did : words.didNot;
  const events = eventsOf(row, wording);
  const when = row.when === undefined ? words.anyTime : whenWords(row.when, 'event', wording);
  switch (fold.kind) {
    case 'count':
      return words.count(did, events, words.folds[fold.op], fold.count, when);
    case 'between':
      return words.between(did, events, words.folds.between, fold.from, fold.to, when);
    case 'first':
    case 'last':
      return words.extreme(did, events, words.folds[fold.kind], whenWords(fold.when, 'profile', wording), when);
    default: {
      const field = fold.field === undefined ? words.missingValue : names.field(fold.field, 'event');
      const amount = fold.value === undefined ? words.missingValue : String(fold.value);
      return words.measure(did, events, words.folds[fold.kind], field, words.tests[fold.op], amount, when);
    }
  }
}

export function whenWords(when: When, scope: Scope, wording: Wording): string {
  const { words } = wording;
  if (when.form !== 'range') return plainWhenWords(when, scope, wording);
  return words.when.range(words.span(when.near.count, when.near.unit), words.span(when.far.count, when.far.unit));
}

function plainWhenWords(when: PlainWhen, scope: Scope, wording: Wording): string {
  const { words } = wording;
  const moment = (of: Moment) => momentWords(of, scope, wording);
  switch (when.form) {
    case 'distance':
      return distanceWords(when, moment(when.moment), words);
    case 'direction':
      return words.when[when.direction](moment(when.moment));
    case 'on':
      return words.when.on(moment(when.moment));
    case 'between':
      return words.when.between(moment(when.from), moment(when.to));
  }
}

function distanceWords(
  { op, count, unit, direction, moment }: Extract<PlainWhen, { form: 'distance' }>,
  from: string,
  words: Wording['words'],
): string {
  const [span, comparison] = [words.span(count, unit), words.tests[op]];
  if (moment.kind !== 'now') return words.when.distance(comparison, span, direction, from);
  if (direction === 'before') {
    if (op === '<=') return words.when.inLast(span);
    if (op === '>') return words.when.notInLast(span);
    return op === '=' ? words.when.exactlyAgo(span) : words.when.otherAgo(comparison, span);
  }
  if (op === '<=') return words.when.inNext(span);
  return op === '>' ? words.when.later(span) : words.when.otherAhead(comparison, span);
}

function momentWords(moment: Moment, scope: Scope, { words, names }: Wording): string {
  switch (moment.kind) {
    case 'now':
      return words.now;
    case 'period':
      return words.period(moment.which, moment.unit);
    case 'day':
      return words.day(moment.year, moment.month, moment.day);
    case 'instant':
      return moment.text;
    case 'path': {
      const name = names.field(moment.path, moment.of === 'person' ? 'profile' : scope);
      return moment.of === 'person' ? words.theirs(name) : name;
    }
  }
}
