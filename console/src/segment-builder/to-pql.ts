/**
 * The rule as PQL. What was read and did not change is written as it was read; rows that are not finished are left out.
 */
import type { Expression } from '#shared/pql/ast.ts';
import { print } from '#shared/pql/printer.ts';
import { ANY } from '#shared/pql/types.ts';
import {
  type Attribute,
  type EventRow,
  type Group,
  type Joint,
  LEVEL,
  type Level,
  type Moment,
  type Node,
  type Operand,
  type Path,
  type Pattern,
  type PlainWhen,
  type Scalar,
  type Scope,
  type Sequence,
  type Span,
  type Step,
  type Test,
  type When,
} from './model.ts';

export interface Written {
  readonly text: string;
  readonly level: Level;
}

/** Empty where no row is finished: a rule that isn't there is no PQL. */
export const toPql = (root: Group): string => writeNode(root, 'profile')?.text ?? '';

/** As an operand; `undefined` for what isn't finished. */
export function writeNode(node: Node, scope: Scope): Written | undefined {
  if (node.origin !== undefined) return node.origin;
  switch (node.kind) {
    case 'group':
      return writeGroup(node, scope);
    case 'attribute':
      return writeAttribute(node, scope);
    case 'event':
      return writeEvent(node);
    case 'sequence':
      return writeSequence(node);
    case 'segment': {
      const text = `inSegment(${quote(node.segmentId)})`;
      return node.in ? { text, level: LEVEL.atom } : not({ text, level: LEVEL.atom });
    }
    case 'code':
      return node.text.trim() === '' ? undefined : { text: closed(node.text), level: LEVEL.open };
  }
}

/** A comment at the end would swallow what is written behind it. */
const closed = (text: string): string => (/\/\/[^\n]*$/.test(text) ? `${text}\n` : text);

const bracketed = ({ text, level }: Written, least: Level): string => (level < least ? `(${text})` : text);

const not = (written: Written): Written => ({ text: `not (${written.text})`, level: LEVEL.not });

function writeGroup(group: Group, scope: Scope): Written | undefined {
  const joined = joinChildren(group, scope);
  if (joined === undefined) return undefined;
  const { frame, mode } = group;
  // Without a bracket or a `not` of its own the frame binds as what it holds.
  if (frame !== undefined && (frame.level > joined.level || frame.level === LEVEL.not)) {
    return { text: frame.before + joined.text + frame.after, level: frame.level };
  }
  const text = frame === undefined ? joined.text : frame.before + joined.text + frame.after;
  return mode === 'none' ? not({ ...joined, text }) : { text, level: joined.level };
}

function joinChildren({ mode, children, frame }: Group, scope: Scope): Written | undefined {
  const [word, level] = mode === 'all' ? (['and', LEVEL.and] as const) : (['or', LEVEL.or] as const);
  const written = children.flatMap((child) => {
    const part = writeNode(child, scope);
    return part === undefined ? [] : [{ part, joint: frame?.joints[child.id] }];
  });
  const [first] = written;
  if (first === undefined) return undefined;
  if (written.length === 1) return { ...first.part, text: remarks(first.joint) + first.part.text };
  // Operands of one word bind tighter than the word: `a or (b or c)` keeps its brackets.
  const least = (level + 1) as Level;
  const text = written.map(({ part, joint }, index) => {
    const operand = bracketed(part, least);
    if (index === 0) return remarks(joint) + operand;
    const spelled = joint?.word.toLowerCase() === word ? joint.word : word;
    return `${joint?.lead ?? ' '}${spelled}${joint?.trail ?? ' '}${operand}`;
  });
  return { text: text.join(''), level };
}

/** Comments that stood before a row which is now the first. */
function remarks(joint: Joint | undefined): string {
  if (joint === undefined) return '';
  const text = joint.lead.trim() + (joint.lead.includes('//') ? '\n' : '') + joint.trail;
  return text.trim() === '' ? '' : text.trimStart();
}

function writeAttribute({ path, of, test, negated }: Attribute, scope: Scope): Written | undefined {
  if (path.length === 0) return undefined;
  const written = writeTest(writePath(path, of, scope), test, scope);
  if (written === undefined) return undefined;
  return negated ? not(written) : written;
}

function writeTest(path: string, test: Test, scope: Scope): Written | undefined {
  const { comparison, atom } = LEVEL;
  switch (test.op) {
    case 'exists':
      return { text: `${path}.isNotNull()`, level: atom };
    case 'missing':
      return { text: `${path}.isNull()`, level: atom };
    case 'holds':
      return { text: path, level: atom };
    case 'in':
    case 'notIn':
      if (test.values.length === 0) return undefined;
      return { text: `${path} ${test.op} [${test.values.map(writeScalar).join(', ')}]`, level: comparison };
    case 'occurs':
      return writeOccurs(path, test.when, scope);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'doesNotContain':
    case 'doesNotStartWith':
    case 'doesNotEndWith':
    case 'like':
    case 'matches': {
      if (test.value === undefined) return undefined;
      const text = `${path}.${test.op}(${quote(test.value)}${test.ignoreCase ? ', false' : ''})`;
      return { text, level: atom };
    }
    default: {
      if (test.operand === undefined || (test.operand.kind === 'path' && test.operand.path.length === 0))
        return undefined;
      return { text: `${path} ${test.op} ${writeOperand(test.operand, scope)}`, level: comparison };
    }
  }
}

const writeOperand = (operand: Operand, scope: Scope): string =>
  operand.kind === 'value' ? writeScalar(operand.value) : writePath(operand.path, operand.of, scope);

const NOWHERE = { start: 0, end: 0, line: 1, column: 1 };

/** Back-ticks where a name needs them are the printer's business. */
function writePath(path: Path, of: 'item' | 'person', scope: Scope): string {
  const [first = '', ...rest] = path;
  const name: Expression = { kind: 'name', name: first, span: NOWHERE, type: ANY };
  const expression = rest.reduce<Expression>(
    (object, field) => ({ kind: 'field', object, name: field, span: NOWHERE, type: ANY }),
    name,
  );
  const text = print(expression);
  return of === 'person' && scope === 'event' ? `^${text.startsWith('`') ? '.' : ''}${text}` : text;
}

export function quote(text: string): string {
  return print({ kind: 'literal', value: text, literalType: 'string', span: NOWHERE, type: ANY });
}

const writeScalar = (value: Scalar): string => (typeof value === 'string' ? quote(value) : String(value));

function writeOccurs(path: string, when: When, scope: Scope): Written {
  if (when.form !== 'range') return { text: `${path} occurs ${writeWhen(when, scope)}`, level: LEVEL.comparison };
  const far = `${path} occurs <= ${writeSpan(when.far)} before now`;
  return { text: `(${path} occurs >= ${writeSpan(when.near)} before now and ${far})`, level: LEVEL.atom };
}

function writeWhen(when: PlainWhen, scope: Scope): string {
  switch (when.form) {
    case 'distance':
      return `${when.op} ${writeSpan(when)} ${when.direction} ${writeMoment(when.moment, scope)}`;
    case 'direction':
      return `${when.direction} ${writeMoment(when.moment, scope)}`;
    case 'on':
      return when.moment.kind === 'period' ? writeMoment(when.moment, scope) : `on ${writeMoment(when.moment, scope)}`;
    case 'between':
      return `between ${writeMoment(when.from, scope)} and ${writeMoment(when.to, scope)}`;
  }
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['century', 'centuries'],
  ['millennium', 'millennia'],
]);

export const writeSpan = ({ count, unit }: Span): string =>
  `${count} ${count === 1 ? unit : (IRREGULAR.get(unit) ?? `${unit}s`)}`;

const DAYS = { last: 'yesterday', this: 'today', next: 'tomorrow' } as const;

function writeMoment(moment: Moment, scope: Scope): string {
  switch (moment.kind) {
    case 'now':
      return 'now';
    case 'period':
      return moment.unit === 'day' ? DAYS[moment.which] : `${moment.which} ${moment.unit}`;
    case 'day':
      return `date(${moment.year}, ${moment.month}, ${moment.day})`;
    case 'instant':
      return quote(moment.text);
    case 'path':
      return writePath(moment.path, moment.of, scope);
  }
}

function writeEvent(row: EventRow): Written | undefined {
  const events = `xEvent${writeFilter(row)}`;
  const written = writeFold(events, row);
  if (written === undefined) return undefined;
  return row.did ? written : not(written);
}

function writeFold(events: string, { fold }: EventRow): Written | undefined {
  const { comparison, atom } = LEVEL;
  switch (fold.kind) {
    case 'count':
      return { text: `${events}.count() ${fold.op} ${fold.count}`, level: comparison };
    case 'between': {
      const text = `(let times = ${events}.count() in times >= ${fold.from} and times <= ${fold.to})`;
      return { text, level: atom };
    }
    case 'first':
    case 'last':
      return writeOccurs(`${events}.timestamp.${fold.kind === 'first' ? 'min' : 'max'}()`, fold.when, 'profile');
    default: {
      const { field, op, value } = fold;
      if (field === undefined || value === undefined) return undefined;
      const text = `${events}.${fold.kind}(${writePath(field, 'item', 'event')}) ${op} ${value}`;
      return { text, level: comparison };
    }
  }
}

function writeFilter(pattern: Pattern): string {
  const text = conditionOf(pattern);
  return text === undefined ? '' : `[${text}]`;
}

function conditionOf({ types, where, when }: Pattern): string | undefined {
  const type = types.length === 0 ? [] : [{ text: writeTypes(types), level: LEVEL.comparison }];
  const time = when === undefined ? [] : [writeOccurs('timestamp', when, 'event')];
  const filters = where === undefined ? [] : filtersOf(where);
  const all: readonly Written[] = [...type, ...filters, ...time];
  if (all.length === 0) return undefined;
  if (all.length === 1) return all[0]?.text;
  return all.map((each) => bracketed(each, LEVEL.not)).join(' and ');
}

/** Filters that must all hold stand beside type and time, each for itself. */
function filtersOf(where: Group): readonly Written[] {
  const isPlain = where.mode === 'all' && where.origin === undefined;
  const parts = isPlain ? where.children : [where];
  return parts.flatMap((part) => writeNode(part, 'event') ?? []);
}

function writeTypes(types: readonly string[]): string {
  const [only] = types;
  if (types.length === 1 && only !== undefined) return `eventType = ${quote(only)}`;
  return `eventType in [${types.map(quote).join(', ')}]`;
}

function writeSequence({ steps }: Sequence): Written | undefined {
  if (!steps.some(({ excluded }) => !excluded)) return undefined;
  let previous: string | undefined;
  const written = steps.map((step, index) => {
    const label = labelOf(index);
    const text = `${label}: ${writeStep(step, previous)}`;
    if (!step.excluded) previous = label;
    return text;
  });
  return { text: `chain(xEvent, timestamp, [${written.join(', ')}])`, level: LEVEL.atom };
}

/** A, B, … Z, AA, AB: as on a spreadsheet. */
const labelOf = (index: number): string =>
  (index >= 26 ? labelOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

function writeStep(step: Step, previous: string | undefined): string {
  // A step of every event asks nothing of it but to be one.
  const what = `WHAT(${conditionOf(step) ?? 'true'})`;
  if (step.excluded) return `not ${what}`;
  const gaps = previous === undefined ? [] : gapsOf(step).map((gap) => `${gap} after ${previous}`);
  const when = gaps.length === 0 ? '' : ` WHEN(${gaps.join(' and ')})`;
  return `${what}${when}${step.count === 1 ? '' : ` COUNT(>= ${step.count})`}`;
}

const gapsOf = ({ after, within }: Step): string[] => [
  ...(after === undefined ? [] : [`> ${writeSpan(after)}`]),
  ...(within === undefined ? [] : [`<= ${writeSpan(within)}`]),
];
