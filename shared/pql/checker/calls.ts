/** Calls against their signatures: number and types of arguments, case flags, literals, what can be seen to be wrong. */
import type { Call, Expression } from '../ast.ts';
import { FUNCTIONS, ITEM_SIGNATURES, type Signature, type Slot } from '../functions.ts';
import { compilePattern, isPattern } from '../regex.ts';
import { closest } from '../suggestion.ts';
import { isRealDate } from '../time/calendar.ts';
import { ANY, DOUBLE, describe, isNumeric, STRING, TIMESTAMP, type Type } from '../types.ts';
import { coerce, coerceLiterals, isLiteral } from './literals.ts';
import type { Check } from './scope.ts';

/** `call` with its arguments checked already. */
export function checkCall(check: Check, call: Call, args: readonly Expression[]): Expression {
  const signature = FUNCTIONS.get(call.fn);
  if (signature === undefined) return unknownFunction(check, call, args);
  const flagged = takeCaseFlag(signature, call, args);
  if (!checkCount(check, call, signature, flagged.args.length)) return { ...call, args, type: ANY };
  const coerced = coerceArguments(check, call, signature, flagged.args);
  const type = lifted(signature, coerced, signature.returns(coerced.map((argument) => argument.type)));
  const checked: Call = { ...call, ...flagged, args: coerced, type };
  inspect(check, checked);
  return checked;
}

function unknownFunction(check: Check, call: Call, args: readonly Expression[]): Expression {
  const near = closest(call.fn, [...FUNCTIONS.keys(), ...ITEM_SIGNATURES.keys()]);
  const known = ITEM_SIGNATURES.has(call.fn);
  const message = known ? `"${call.fn}" needs a list` : `there is no function "${call.fn}"`;
  check.error(
    call.span,
    known ? 'PQL3002' : 'PQL3001',
    message,
    near && !known ? `did you mean "${near}"?` : undefined,
  );
  return { ...call, args, type: ANY };
}

/** Only behind at least one argument besides the receiver: `equals(true)` compares with true. */
function takeCaseFlag(
  signature: Signature,
  call: Call,
  args: readonly Expression[],
): Partial<Call> & Pick<Call, 'args'> {
  const last = args.at(-1);
  const isFlag = args.length > 2 && last?.kind === 'literal' && typeof last.value === 'boolean';
  if (!signature.takesCaseFlag || call.ignoreCase || !isFlag) return { args };
  return last.value === false ? { args: args.slice(0, -1), ignoreCase: true } : { args: args.slice(0, -1) };
}

function checkCount(check: Check, call: Call, signature: Signature, count: number): boolean {
  const min = signature.required ?? signature.takes.length;
  const max = signature.rest === undefined ? signature.takes.length : Number.POSITIVE_INFINITY;
  if (count >= min && count <= max) return true;
  const wanted = max === min ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
  const hint = signature.takesCaseFlag && count === max + 1 ? 'the case flag is written true or false' : undefined;
  const message = `"${call.fn}" takes ${wanted} arguments with what it is called on, not ${count}`;
  check.error(call.span, 'PQL3002', message, hint);
  return false;
}

const COMPARISONS = new Set(['=', '!=', '<', '<=', '>', '>=']);
/** Functions that compare their arguments with one another, and which argument sets the type. */
const COMPARING = new Set([
  ...COMPARISONS,
  ...['equals', 'notEqualTo', 'in', 'notIn', 'intersects', 'intersection', 'subsetOf', 'supersetOf', 'includes'],
]);

function coerceArguments(check: Check, call: Call, signature: Signature, args: readonly Expression[]): Expression[] {
  const taken = args.map((argument, index) => {
    const slot = signature.takes[index] ?? signature.rest ?? 'any';
    return take(check, call.fn, argument, slot, index === 0 && signature.lifts === true);
  });
  if (COMPARING.has(call.fn)) return compareArguments(check, call, taken);
  if (call.fn === 'get') return [taken[0] as Expression, coerce(check, taken[1] as Expression, keyOf(taken[0]?.type))];
  return taken;
}

const keyOf = (map: Type | undefined): Type => (map?.kind === 'map' ? map.key : ANY);

const SLOT_TYPES: ReadonlyMap<Slot, Type> = new Map<Slot, Type>([
  ['string', STRING],
  ['number', DOUBLE],
  ['quantity', DOUBLE],
  ['time', TIMESTAMP],
]);

/** The argument as the slot needs it: a literal converted, another type reported. */
export function take(check: Check, fn: string, argument: Expression, slot: Slot, lifts = false): Expression {
  if (argument.kind === 'lambda') {
    check.error(argument.span, 'PQL3010', `"${fn}" takes no lambda here`);
    return argument;
  }
  const wanted = SLOT_TYPES.get(slot);
  if (argument.kind === 'literal' && wanted !== undefined) return coerce(check, argument, wanted);
  const type = lifts && argument.type.kind === 'list' ? argument.type.item : argument.type;
  if (!accepts(slot, type)) check.error(argument.span, 'PQL3003', `"${fn}" does not take a ${describe(type)} here`);
  return argument;
}

/** Objects are let through wherever a schema may know less than its data: they come to null. */
function accepts(slot: Slot, { kind }: Type): boolean {
  if (slot === 'any' || kind === 'any' || kind === 'null') return true;
  switch (slot) {
    case 'string':
      return kind === 'string' || kind === 'object';
    case 'number':
      return kind === 'integer' || kind === 'double' || kind === 'object';
    case 'quantity':
      return kind === 'integer' || kind === 'double' || kind === 'timestamp' || kind === 'object';
    case 'time':
      return kind === 'timestamp' || kind === 'interval' || kind === 'date' || kind === 'object';
    case 'list':
      return kind === 'list' || kind === 'object';
    case 'map':
      return kind === 'map' || kind === 'object';
    case 'collection':
      return kind === 'list' || kind === 'map' || kind === 'object';
    case 'place':
      return kind === 'object' || kind === 'map';
  }
}

function lifted(signature: Signature, args: readonly Expression[], result: Type): Type {
  const lifts = signature.lifts === true && args[0]?.type.kind === 'list' && result.kind !== 'boolean';
  return lifts ? { kind: 'list', item: result } : lifts || !signature.lifts ? result : openResult(args[0], result);
}

/** On a receiver of unknown type the result may be a list of results. */
function openResult(receiver: Expression | undefined, result: Type): Type {
  return receiver?.type.kind === 'any' && result.kind !== 'boolean' ? ANY : result;
}

function compareArguments(check: Check, call: Call, args: readonly Expression[]): Expression[] {
  const [left, ...rest] = args as [Expression, ...Expression[]];
  if (COMPARISONS.has(call.fn) || rest.length === 1) {
    const [first, second] = comparePair(check, left, rest[0] as Expression);
    warnUnlike(check, call, first, second);
    return [first, second];
  }
  return [left, ...rest.map((argument) => comparePair(check, left, argument)[1])];
}

function comparePair(check: Check, left: Expression, right: Expression): readonly [Expression, Expression] {
  if (isLiteral(left) && isLiteral(right)) {
    return left.kind === right.kind ? coerceLiterals(check, left, right) : coerceToItems(check, left, right);
  }
  if (isLiteral(left)) return [coerce(check, left, right.type), right];
  return [left, coerceItems(check, right, left.type)];
}

function coerceToItems(check: Check, left: Expression, right: Expression): readonly [Expression, Expression] {
  const items = right.type.kind === 'list' ? right.type.item : right.type;
  return items.kind === 'any'
    ? [coerce(check, left, items), coerce(check, right, ANY)]
    : [coerce(check, left, items), right];
}

/** A written list may hold literals beside paths: `x in [1, y]`. */
const coerceItems = (check: Check, node: Expression, type: Type): Expression =>
  isLiteral(node) || node.kind === 'list' ? coerce(check, node, type) : node;

function warnUnlike(check: Check, call: Call, left: Expression, right: Expression): void {
  if (left.type.kind === 'null' || right.type.kind === 'null') {
    check.warn(call.span, 'PQL4001', 'a comparison with null never holds', 'use isNull() or isNotNull()');
    return;
  }
  if (!COMPARISONS.has(call.fn)) return;
  const scalar = left.type.kind === 'list' && right.type.kind !== 'list' ? left.type.item : left.type;
  if (call.fn.startsWith('<') || call.fn.startsWith('>')) {
    for (const { type, span } of [left, right]) {
      if (type.kind === 'boolean') check.error(span, 'PQL3003', `"${call.fn}" does not take a boolean`);
    }
  }
  if (alike(scalar, right.type)) return;
  const message = `a ${describe(scalar)} never compares with a ${describe(right.type)}`;
  check.warn(call.span, 'PQL4001', message);
}

function alike(left: Type, right: Type): boolean {
  if (left.kind === 'any' || right.kind === 'any' || left.kind === 'null' || right.kind === 'null') return true;
  if (left.kind === 'list' && right.kind === 'list') return alike(left.item, right.item);
  return familyOf(left) === familyOf(right);
}

function familyOf(type: Type): string {
  if (isNumeric(type) || type.kind === 'timestamp' || type.kind === 'interval') return 'number';
  return type.kind === 'map' ? 'object' : type.kind;
}

/** What is wrong whatever the profile holds. */
function inspect(check: Check, { fn, args, span, ignoreCase }: Call): void {
  const [first, second] = args;
  if (fn === 'matches' || fn === 'regexGroup') {
    if (second?.kind === 'literal' && typeof second.value === 'string') {
      const pattern = compilePattern(second.value, ignoreCase === true);
      if (!isPattern(pattern)) check.error(second.span, 'PQL3008', `this pattern can't be used: ${pattern.refused}`);
    }
  }
  if (fn === 'inSegment' && (first?.kind !== 'literal' || typeof first.value !== 'string')) {
    check.error(first?.span ?? span, 'PQL3013', 'a segment is named by a string');
  }
  if (fn === 'date' && args.every((argument) => argument.kind === 'literal')) {
    const [year, month, day] = args.map((argument) => (argument as { value: unknown }).value as number);
    if (!isRealDate(year as number, month as number, day as number)) {
      check.error(span, 'PQL3009', `there is no such day: ${year}-${month}-${day}`);
    }
  }
}
