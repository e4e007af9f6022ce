/** `pql/json` to the tree that the same text would give. */
import { fail, ok, type Result } from '../../kernel/result.ts';
import type { Declaration, Expression, Literal } from '../ast.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { DECLARATIONS_MAX } from '../limits.ts';
import { booleanLiteral, call, nullLiteral, numberLiteral, stringLiteral } from '../parser/nodes.ts';
import { COMPARISONS, FOLDS, QUANTIFIERS, RESERVED, UNITS, WHICH } from '../parser/words.ts';
import { findTooDeep } from '../tree.ts';
import { ANY, INTERVAL, TIMESTAMP } from '../types.ts';
import { decodeStep, decodeWhen } from './decode-time.ts';
import {
  JsonFailure,
  type JsonObject,
  NOWHERE,
  type Place,
  property,
  readList,
  readName,
  readNode,
  readObject,
  readText,
  within,
} from './reader.ts';

export function fromJson(value: unknown): Result<Expression, readonly Diagnostic[]> {
  try {
    const expression = decode(value, { at: '$', depth: 1, budget: { nodes: 0 } });
    const tooDeep = findTooDeep(expression);
    return tooDeep === undefined ? ok(expression) : fail([tooDeep]);
  } catch (failure) {
    if (failure instanceof JsonFailure) return fail([failure.diagnostic]);
    throw failure;
  }
}

type Decode = (node: JsonObject, place: Place) => Expression;

const NODES: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['literal', decodeLiteral],
  ['fieldLookup', decodeField],
  ['parameterReference', decodeParameter],
  ['varRef', decodeVariable],
  ['fnCreate', decodeLambda],
  ['fnApply', decodeApply],
]);

function decode(value: unknown, place: Place): Expression {
  const node = readNode(value, place);
  const nodeType = readText(node, 'nodeType', place);
  const decodeNode = NODES.get(nodeType);
  if (decodeNode === undefined) {
    throw new JsonFailure('PQL2201', `${place.at}.nodeType`, `there is no node ${JSON.stringify(nodeType)} here`);
  }
  return decodeNode(node, place);
}

function decodeLiteral(node: JsonObject, place: Place): Expression {
  const literalType = readText(node, 'literalType', place);
  const value = property(node, 'value') ?? null;
  if (literalType === 'List') return decodeList(node, place);
  if (literalType === 'Object') return decodeObject(node, place);
  const literal = LITERALS.get(literalType)?.(value);
  if (literal === undefined) {
    throw new JsonFailure('PQL2201', place.at, `${JSON.stringify(value)} is no literal of type ${literalType}`);
  }
  return literal;
}

type MakeLiteral = (value: unknown) => Literal | undefined;

const isNumeral = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const LITERALS: ReadonlyMap<string, MakeLiteral> = new Map<string, MakeLiteral>([
  ['String', (value) => (typeof value === 'string' ? stringLiteral(value, NOWHERE) : undefined)],
  ['Integer', (value) => (Number.isInteger(value) ? numberLiteral(value as number, true, NOWHERE) : undefined)],
  ['Double', (value) => (isNumeral(value) ? numberLiteral(value, false, NOWHERE) : undefined)],
  ['Boolean', (value) => (typeof value === 'boolean' ? booleanLiteral(value, NOWHERE) : undefined)],
  ['Null', (value) => (value === null ? nullLiteral(NOWHERE) : undefined)],
  ['Timestamp', decodeTimestamp],
]);

function decodeTimestamp(value: unknown): Literal | undefined {
  if (typeof value === 'string') return stringLiteral(value, NOWHERE);
  if (!isNumeral(value)) return undefined;
  return { ...numberLiteral(value, true, NOWHERE), literalType: 'timestamp', type: TIMESTAMP };
}

function decodeList(node: JsonObject, place: Place): Expression {
  const items = readList(node, 'value', place).map((item, index) => decode(item, within(place, `.value[${index}]`)));
  return { kind: 'list', items, span: NOWHERE, type: ANY };
}

function decodeObject(node: JsonObject, place: Place): Expression {
  const entries = readList(node, 'value', place).map((item, index) => {
    const at = within(place, `.value[${index}]`);
    const entry = readObject(item, at);
    return { key: readText(entry, 'key', at), value: decode(property(entry, 'value'), within(at, '.value')) };
  });
  return { kind: 'object', entries, span: NOWHERE, type: ANY };
}

/** Without an object it is the first name of a path. */
function decodeField(node: JsonObject, place: Place): Expression {
  const name = readName(node, 'fieldName', place);
  const object = property(node, 'object');
  if (object === undefined || object === null) return { kind: 'name', name, span: NOWHERE, type: ANY };
  return { kind: 'field', name, object: decode(object, within(place, '.object')), span: NOWHERE, type: ANY };
}

function decodeParameter(node: JsonObject, place: Place): Expression {
  const position = property(node, 'position');
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) {
    throw new JsonFailure('PQL2201', `${place.at}.position`, 'a whole number is needed');
  }
  return { kind: 'parameter', position, span: NOWHERE, type: ANY };
}

function decodeVariable(node: JsonObject, place: Place): Expression {
  const name = readName(node, 'varName', place);
  if (name === 'this') return { kind: 'this', span: NOWHERE, type: ANY };
  if (/^\^+$/.test(name)) return { kind: 'climb', levels: name.length, span: NOWHERE, type: ANY };
  return { kind: 'name', name, span: NOWHERE, type: ANY };
}

function decodeLambda(node: JsonObject, place: Place): Expression {
  const params = readList(node, 'params', place).map((item, index) => {
    const at = within(place, `.params[${index}]`);
    return { name: readName(readObject(item, at), 'varName', at), slot: -1, span: NOWHERE };
  });
  if (params.length === 0) throw new JsonFailure('PQL2201', `${place.at}.params`, 'a lambda has parameters');
  return {
    kind: 'lambda',
    params,
    body: decode(property(node, 'body'), within(place, '.body')),
    span: NOWHERE,
    type: ANY,
  };
}

/** Symbols can be written only between two operands; a word can be a method of any number of them. */
const SYMBOLS: ReadonlySet<string> = new Set([...COMPARISONS.keys(), '+', '-', '*', '/', '%']);

function decodeApply(node: JsonObject, place: Place): Expression {
  const fn = readText(node, 'fnName', place);
  const params = readList(node, 'params', place);
  const isDeclaration = (param: unknown) =>
    typeof param === 'object' && param !== null && property(param as JsonObject, 'nodeType') === 'varDecl';
  if (params.some(isDeclaration)) return decodeQuery(fn, params, place);
  const special = SPECIAL.get(fn);
  if (special !== undefined) return special(params, place);
  const args = params.map((param, index) => decode(param, within(place, `.params[${index}]`)));
  if (fn === '-' && args.length === 1) return call('negate', args, NOWHERE);
  checkOperator(fn, args.length, place);
  return call(fn === '!' ? 'not' : fn, args, NOWHERE);
}

function checkOperator(fn: string, count: number, place: Place): void {
  if ((SYMBOLS.has(fn) && count !== 2) || (fn === '!' && count !== 1)) {
    throw new JsonFailure('PQL3002', place.at, `"${fn}" does not take ${count} params`);
  }
  if (SYMBOLS.has(fn) || fn === '!') return;
  const isPlain = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(fn) && !RESERVED.has(fn.toLowerCase());
  // After a dot any back-ticked name is a method's.
  if (count === 0 ? !isPlain : fn === '' || fn.includes('`')) {
    throw new JsonFailure('PQL3001', `${place.at}.fnName`, `there is no function ${JSON.stringify(fn)}`);
  }
}

type DecodeParams = (params: readonly unknown[], place: Place) => Expression;

const SPECIAL: ReadonlyMap<string, DecodeParams> = new Map<string, DecodeParams>([
  ['now', () => ({ kind: 'now', span: NOWHERE, type: TIMESTAMP })],
  ['period', decodePeriod],
  ['occurs', decodeOccurs],
  ['chain', decodeChain],
]);

function decodePeriod(params: readonly unknown[], place: Place): Expression {
  const [first, second] = params.map((param, index) =>
    readText(readObject(param, place), 'value', within(place, `.params[${index}]`)),
  );
  const [which, unit] = [WHICH.get(first ?? ''), UNITS.get(second ?? '')];
  if (which === undefined || unit === undefined) {
    throw new JsonFailure('PQL2201', `${place.at}.params`, 'this, last or next, and a unit of time are needed');
  }
  return { kind: 'period', which, unit, span: NOWHERE, type: INTERVAL };
}

function decodeOccurs(params: readonly unknown[], place: Place): Expression {
  const operand = decode(params[0], within(place, '.params[0]'));
  const when = decodeWhen(params.slice(1), place, decode);
  return { kind: 'occurs', operand, when, span: NOWHERE, type: ANY };
}

function decodeChain([source, time, ...steps]: readonly unknown[], place: Place): Expression {
  return {
    kind: 'chain',
    source: decode(source, within(place, '.params[0]')),
    time: decode(time, within(place, '.params[1]')),
    steps: steps.map((step, index) => decodeStep(step, within(place, `.params[${index + 2}]`), decode)),
    span: NOWHERE,
    type: ANY,
  };
}

function decodeQuery(fn: string, params: readonly unknown[], place: Place): Expression {
  const declarations: Declaration[] = [];
  const bodies: Expression[] = [];
  params.forEach((param, index) => {
    const at = within(place, `.params[${index}]`);
    if (property(readObject(param, at), 'nodeType') === 'varDecl') declarations.push(decodeDeclaration(param, at));
    else bodies.push(decode(param, at));
  });
  const [first] = declarations as [Declaration];
  const [body] = bodies;
  if (declarations.length > DECLARATIONS_MAX) {
    throw new JsonFailure('PQL2105', place.at, `at most ${DECLARATIONS_MAX} declarations (DECLARATIONS_MAX)`);
  }
  const base = { declarations, span: NOWHERE, type: ANY } as const;
  const [quantifier, fold] = [QUANTIFIERS.get(fn), FOLDS.get(fn)];
  if (fn === 'let' && body && declarations.length === 1 && bodies.length === 1 && first.condition === undefined) {
    const binding = { name: first.name, slot: -1, span: NOWHERE };
    return { kind: 'let', binding, value: first.source, body, span: NOWHERE, type: ANY };
  }
  if (fn === 'select' && body === undefined) return { kind: 'select', ...base };
  if (quantifier !== undefined && body === undefined) return { kind: 'quantifier', fn: quantifier, ...base };
  if (fold !== undefined && bodies.length <= 1) return { kind: 'fold', fn: fold, body, ...base };
  throw new JsonFailure('PQL2201', place.at, `"${fn}" does not take these declarations`);
}

function decodeDeclaration(param: unknown, place: Place): Declaration {
  const node = readNode(param, place);
  const where = property(node, 'where');
  return {
    name: readName(node, 'varName', place),
    slot: -1,
    span: NOWHERE,
    source: decode(property(node, 'range'), within(place, '.range')),
    condition: where === undefined || where === null ? undefined : decode(where, within(place, '.where')),
  };
}
