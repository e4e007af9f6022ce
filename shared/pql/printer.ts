/**
 * The tree as canonical text. Parentheses stand only where the grammar needs them. A checked tree prints too: its
 * references become the shortest path that means the same where it stands.
 */
import { unreachable } from '../kernel/invariant.ts';
import type { Call, Chain, Declaration, Expression, ItemCall, Literal, Period, Step, StepCount, When } from './ast.ts';
import { RESERVED } from './parser/words.ts';
import { formatInstant } from './time/instant.ts';

/** How tightly a form binds: what is printed inside a tighter place gets parentheses. */
const LEVEL = { open: 0, or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, unary: 7, postfix: 8 } as const;
type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** Where in the tree: how many item scopes are open, and which names variables have taken. */
interface Place {
  readonly depth: number;
  readonly taken: ReadonlySet<string>;
  /** Whether a bare `in` would end the binding of a `let`. */
  readonly isBinding: boolean;
}

export function print(expression: Expression): string {
  return write(expression, LEVEL.open, { depth: 0, taken: new Set(), isBinding: false });
}

const BINARY: ReadonlyMap<string, Level> = new Map([
  ...['=', '!=', '<', '<=', '>', '>=', 'like', 'matches', 'in', 'notIn'].map((fn) => [fn, LEVEL.comparison] as const),
  ['+', LEVEL.sum],
  ['-', LEVEL.sum],
  ['*', LEVEL.product],
  ['/', LEVEL.product],
  ['%', LEVEL.product],
]);

function write(node: Expression, least: Level, place: Place): string {
  const level = levelOf(node);
  const needsBrackets = level < least || (place.isBinding && node.kind === 'call' && node.fn === 'in');
  if (!needsBrackets) return writeBare(node, place);
  return `(${writeBare(node, { ...place, isBinding: false })})`;
}

function levelOf(node: Expression): Level {
  switch (node.kind) {
    case 'let':
    case 'select':
    case 'quantifier':
    case 'fold':
    case 'lambda':
      return LEVEL.open;
    case 'occurs':
      return LEVEL.comparison;
    case 'call':
      return levelOfCall(node);
    case 'literal':
      return typeof node.value === 'number' && (node.value < 0 || Object.is(node.value, -0))
        ? LEVEL.unary
        : LEVEL.postfix;
    default:
      return LEVEL.postfix;
  }
}

function levelOfCall({ fn, args, ignoreCase }: Call): Level {
  if (args.length >= 2 && fn === 'or') return LEVEL.or;
  if (args.length >= 2 && fn === 'and') return LEVEL.and;
  if (fn === 'not' && args.length === 1) return LEVEL.not;
  if (fn === 'negate' && args.length === 1) return LEVEL.unary;
  return args.length === 2 && !ignoreCase ? (BINARY.get(fn) ?? LEVEL.postfix) : LEVEL.postfix;
}

const bracketed = (place: Place): Place => ({ ...place, isBinding: false });
const inside = (node: Expression, place: Place): string => write(node, LEVEL.open, bracketed(place));
const nameOf = (name: string): string => (/^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name) ? name : `\`${name}\``);

/** As the first name of a path. */
const firstName = (name: string): string =>
  RESERVED.has(name.toLowerCase()) || FIRST_WORDS.has(name.toLowerCase()) ? `\`${name}\`` : nameOf(name);

const FIRST_WORDS: ReadonlySet<string> = new Set([
  ...['now', 'exists', 'forall', 'sum', 'average', 'min', 'max', 'count', 'chain', 'select'],
  ...['today', 'yesterday', 'tomorrow', 'last', 'next', 'before', 'after', 'on', 'between', 'to'],
]);

function writeBare(node: Expression, place: Place): string {
  switch (node.kind) {
    case 'literal':
      return writeLiteral(node);
    case 'list':
      return `[${node.items.map((item) => inside(item, place)).join(', ')}]`;
    case 'object':
      return `{${node.entries.map(({ key, value }) => `${writeString(key)}: ${inside(value, place)}`).join(', ')}}`;
    case 'call':
      return writeCall(node, place);
    case 'itemCall':
      return writeItemCall(node, place);
    case 'lambda': {
      const params = node.params.map(({ name }) => firstName(name)).join(', ');
      return `(${params}) => ${write(node.body, LEVEL.open, taking(place, node.params))}`;
    }
    case 'let': {
      const value = write(node.value, LEVEL.open, { ...place, isBinding: true });
      const body = write(node.body, LEVEL.open, taking(place, [node.binding]));
      return `let ${firstName(node.binding.name)} = ${value} in ${body}`;
    }
    case 'select':
      return `select ${writeDeclarations(node.declarations, 'where', place).text}`;
    case 'quantifier':
      return `${node.fn} ${writeDeclarations(node.declarations, node.fn === 'forall' ? ':' : 'where', place).text}`;
    case 'fold': {
      const { text, inner } = writeDeclarations(node.declarations, 'where', place);
      return node.body ? `${node.fn} ${write(node.body, LEVEL.or, inner)} over ${text}` : `${node.fn} ${text}`;
    }
    case 'occurs':
      return `${write(node.operand, LEVEL.sum, place)} occurs ${writeWhen(node.when, place)}`;
    case 'chain':
      return writeChain(node, place);
    default:
      return writeReference(node, place);
  }
}

const taking = (place: Place, bindings: readonly { readonly name: string }[]): Place => ({
  ...place,
  taken: new Set([...place.taken, ...bindings.map(({ name }) => name)]),
});

function writeReference(node: Expression, place: Place): string {
  switch (node.kind) {
    case 'name':
    case 'variable':
      return firstName(node.name);
    case 'this':
      return 'this';
    case 'climb':
      return `${'^'.repeat(node.levels)}this`;
    case 'parameter':
      return `$${node.position}`;
    case 'profile':
      return '$1';
    case 'events':
      return 'xEvent';
    case 'item':
      return node.depth === 0 ? 'this' : `${'^'.repeat(node.depth)}this`;
    case 'now':
      return 'now';
    case 'period':
      return writePeriod(node);
    case 'field':
      return writeField(node, place);
    default:
      return unreachable(node as never);
  }
}

function writeField({ object, name }: Extract<Expression, { kind: 'field' }>, place: Place): string {
  if (object.kind === 'climb') return `${'^'.repeat(object.levels)}.${nameOf(name)}`;
  if (object.kind === 'item' && object.depth > 0) return `${'^'.repeat(object.depth)}.${nameOf(name)}`;
  const isBare =
    (object.kind === 'profile' && place.depth === 0) || (object.kind === 'item' && isPlain(object.type, name));
  if (isBare && !place.taken.has(name) && name !== 'xEvent') return firstName(name);
  return `${write(object, LEVEL.postfix, place)}.${nameOf(name)}`;
}

/** A name that the item's declared type lacks would be looked for further out. */
const isPlain = (type: Expression['type'], name: string): boolean =>
  type.kind === 'any' || type.kind === 'map' || (type.kind === 'object' && type.fields.has(name));

function writeLiteral({ value, literalType }: Literal): string {
  if (literalType === 'timestamp' && typeof value === 'number') return writeTimestamp(value);
  if (typeof value === 'string') return writeString(value);
  if (literalType !== 'double' || typeof value !== 'number') return String(value);
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A time that ISO text can't hold stays a number. */
function writeTimestamp(value: number): string {
  const isPlainYear = value >= -62_167_219_200_000 && value < 253_402_300_800_000 && Number.isInteger(value);
  return isPlainYear ? JSON.stringify(formatInstant(value)) : String(value);
}

const writeString = (value: string): string => `"${value.replace(/["\\]|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, writeEscape)}"`;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
]);

const writeEscape = (character: string): string =>
  SHORT_ESCAPES.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** These take no receiver. */
const PREFIX_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['if', 'date', 'currentYear', 'currentMonth', 'currentDayOfMonth', 'inSegment', 'mapEntry'],
]);

function writeCall(node: Call, place: Place): string {
  const { fn, args, ignoreCase } = node;
  const [first, second] = args as [Expression, Expression];
  const level = levelOf(node);
  if (level === LEVEL.or || level === LEVEL.and) {
    return args.map((argument) => write(argument, (level + 1) as Level, place)).join(` ${fn} `);
  }
  if (level === LEVEL.not) return `not ${write(first, LEVEL.not, place)}`;
  if (level === LEVEL.unary) return `-${write(first, LEVEL.postfix, place)}`;
  if (level === LEVEL.comparison) return `${write(first, LEVEL.sum, place)} ${fn} ${write(second, LEVEL.sum, place)}`;
  if (level === LEVEL.sum || level === LEVEL.product) {
    return `${write(first, level, place)} ${fn} ${write(second, (level + 1) as Level, place)}`;
  }
  const flag = ignoreCase ? ['false'] : [];
  const isPrefix = first === undefined || PREFIX_FUNCTIONS.has(fn);
  const written = (isPrefix ? args : args.slice(1)).map((argument) => inside(argument, place));
  const call = `${nameOf(fn)}(${[...written, ...flag].join(', ')})`;
  return isPrefix ? call : `${write(first, LEVEL.postfix, place)}.${call}`;
}

function writeItemCall({ fn, list, body, args }: ItemCall, place: Place): string {
  const source = write(list, LEVEL.postfix, place);
  const inner = body?.kind === 'lambda' ? place : { ...place, depth: place.depth + 1 };
  const written = body === undefined ? [] : [inside(body, inner)];
  if (fn === 'filter' && body !== undefined && body.kind !== 'lambda') return `${source}[${written[0]}]`;
  return `${source}.${fn}(${[...written, ...args.map((argument) => inside(argument, place))].join(', ')})`;
}

function writeDeclarations(declarations: readonly Declaration[], separator: string, place: Place) {
  let inner = place;
  const written = declarations.map((declaration) => {
    const source = write(declaration.source, LEVEL.or, inner);
    inner = taking(inner, [declaration]);
    const head = `${firstName(declaration.name)} from ${source}`;
    if (declaration.condition === undefined) return head;
    const space = separator === ':' ? ' : ' : ` ${separator} `;
    return `${head}${space}${write(declaration.condition, LEVEL.or, inner)}`;
  });
  return { text: written.join(', '), inner };
}

function writeWhen(when: When, place: Place): string {
  const reference = (node: Expression) => writeTime(node, place);
  switch (when.form) {
    case 'on':
      return `on ${reference(when.reference)}`;
    case 'direction':
      return `${when.direction} ${reference(when.reference)}`;
    case 'between':
      return `between ${reference(when.from)} and ${reference(when.to)}`;
    case 'distance': {
      const unit = when.count === 1 ? when.unit : pluralOf(when.unit);
      return `${when.operator} ${when.count} ${unit} ${when.direction} ${reference(when.reference)}`;
    }
  }
}

function pluralOf(unit: string): string {
  if (unit === 'century') return 'centuries';
  return unit === 'millennium' ? 'millennia' : `${unit}s`;
}

/**
 * A path that begins with a word of time needs its backticks, which `firstName` writes. A written list needs
 * parentheses: `on [` would be a filter of a path named `on`.
 */
function writeTime(node: Expression, place: Place): string {
  if (node.kind === 'period') return writePeriod(node);
  const text = write(node, LEVEL.sum, place);
  return text.startsWith('[') ? `(${text})` : text;
}

const DAYS = { this: 'today', last: 'yesterday', next: 'tomorrow' } as const;
const writePeriod = ({ which, unit }: Period): string => (unit === 'day' ? DAYS[which] : `${which} ${unit}`);

function writeChain({ source, time, steps }: Chain, place: Place): string {
  const item = { ...bracketed(place), depth: place.depth + 1 };
  const written: string[] = [];
  let labelled = bracketed(place);
  for (const step of steps) {
    written.push(writeStep(step, item, labelled));
    labelled = taking(labelled, [step]);
  }
  return `chain(${inside(source, place)}, ${write(time, LEVEL.postfix, item)}, [${written.join(', ')}])`;
}

function writeStep({ name, what, where, when, count }: Step, item: Place, labelled: Place): string {
  const isAbsent = count.max === 0 && !count.positive && count.except === undefined;
  const parts = [`${nameOf(name)}: ${isAbsent ? 'not ' : ''}WHAT(${inside(what, item)})`];
  for (const condition of where) parts.push(`WHERE(${inside(condition, item)})`);
  if (when.length > 0) parts.push(`WHEN(${when.map((each) => writeWhen(each, labelled)).join(' and ')})`);
  if (!isAbsent && !(count.positive && count.min === 1)) parts.push(`COUNT(${writeCount(count)})`);
  return parts.join(' ');
}

export function writeCount({ min, max, except, positive }: StepCount): string {
  if (positive) return `>= ${min}`;
  if (except !== undefined) return `!= ${except}`;
  if (max < 0) return '< 0';
  if (max === Number.POSITIVE_INFINITY) return `>= ${min}`;
  if (min === max) return `= ${min}`;
  return min === 0 ? `<= ${max}` : `${min} to ${max}`;
}
