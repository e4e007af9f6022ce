/**
 * The oracle: what an expression means, by walking the checked tree for each evaluation. Written to be obviously
 * right, slow, and apart from the compiler, so that each can show the other's mistakes. Nothing in production runs it.
 */
import { InvariantViolation } from '../kernel/invariant.ts';
import type { Call, Chain, Checked, Comparison, Declaration, Expression, ItemCall, Lambda, Step, When } from './ast.ts';
import type { CompileOptions } from './compiler.ts';
import { VALUE_DEPTH_MAX } from './limits.ts';
import { holdsChain } from './oracle/chain.ts';
import { compares, equalsAny, includes, intersection, isIn, isNotIn, operandOf, setTest } from './oracle/compare.ts';
import { FUNCTIONS } from './oracle/functions.ts';
import { type Body, filter, fold, foldable, groupBy, map, ranked } from './oracle/items.ts';
import { occurs, toInstant, toTime } from './oracle/time.ts';
import { elementsOf, isList, isNumber, isString, lookUp, orNull, toBoolean } from './oracle/values.ts';
import { unitAround } from './time/calendar.ts';
import { parseInstant } from './time/instant.ts';
import { UTC, type Zone, zoneOf } from './time/zone.ts';
import type { EvaluationInput, Value } from './value.ts';

interface Scope {
  readonly input: EvaluationInput;
  readonly zone: Zone;
  /** The innermost last. */
  readonly items: readonly Value[];
  readonly variables: ReadonlyMap<number, Value>;
}

export function interpret(checked: Checked, input: EvaluationInput, { mode, timeZone }: CompileOptions): Value {
  const scope: Scope = { input, zone: zoneOf(timeZone) ?? UTC, items: [], variables: new Map() };
  const value = evaluate(checked, scope);
  return mode === 'segment' ? toBoolean(value) : value;
}

const bind = (scope: Scope, slot: number, value: Value): Scope => ({
  ...scope,
  variables: new Map(scope.variables).set(slot, value),
});

const enter = (scope: Scope, item: Value): Scope => ({ ...scope, items: [...scope.items, item] });

function evaluate(node: Expression, scope: Scope): Value {
  const { input, zone } = scope;
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'list':
      return node.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, evaluate(value, scope)]));
    case 'profile':
      return input.profile;
    case 'events':
      return node.leaf === undefined || input.rows === undefined ? input.events : input.rows(node.leaf);
    case 'item':
      return orNull(scope.items.at(-1 - node.depth));
    case 'variable':
      return orNull(scope.variables.get(node.slot));
    case 'now':
      return input.now;
    case 'period':
      return unitAround(input.now, { last: -1, this: 0, next: 1 }[node.which], node.unit, zone);
    case 'field': {
      const value = lookUp(evaluate(node.object, scope), node.name);
      return node.stored === undefined ? value : toStoredInstants(value, zone);
    }
    case 'call':
      return evaluateCall(node, scope);
    case 'itemCall':
      return evaluateItemCall(node, scope);
    case 'let':
      return evaluate(node.body, bind(scope, node.binding.slot, evaluate(node.value, scope)));
    case 'occurs':
      return evaluateOccurs(evaluate(node.operand, scope), node.when, scope);
    case 'chain':
      return evaluateChain(node, scope);
    default:
      return evaluateQuery(node, scope);
  }
}

function toStoredInstants(value: Value, zone: Zone, depth = 0): Value {
  if (depth > VALUE_DEPTH_MAX) return null;
  if (isList(value))
    return value.map((item) => toStoredInstants(item, zone, depth + 1)).filter((item) => item !== null);
  if (isNumber(value)) return value;
  return isString(value) ? parseInstant(value, zone) : null;
}

function evaluateCall(node: Call, scope: Scope): Value {
  const value = (index: number) => evaluate(node.args[index] as Expression, scope);
  const operand = (index: number) => operandOf(node.args[index] as Expression, value(index));
  switch (node.fn) {
    case 'and':
      return node.args.every((argument) => toBoolean(evaluate(argument, scope)));
    case 'or':
      return node.args.some((argument) => toBoolean(evaluate(argument, scope)));
    case 'not':
      return !toBoolean(value(0));
    case 'if':
      return toBoolean(value(0)) ? value(1) : value(2);
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compares(node.fn satisfies Comparison, operand(0), operand(1));
    case 'equals':
    case 'notEqualTo': {
      const operands = node.args.map((_, index) => operand(index));
      return equalsAny(node.fn === 'equals' ? '=' : '!=', operands, node.ignoreCase === true);
    }
    case 'in':
      return isIn(operand(0), operand(1));
    case 'notIn':
      return isNotIn(operand(0), operand(1));
    case 'includes':
      return includes(operand(0), operand(1));
    case 'intersects':
    case 'subsetOf':
    case 'supersetOf':
      return setTest(node.fn, operand(0), operand(1));
    case 'intersection':
      return intersection(operand(0), operand(1));
    case 'inSegment': {
      const segment = value(0);
      return isString(segment) && (scope.input.inSegment?.(segment) ?? false);
    }
    default:
      return applyFunction(node, scope);
  }
}

function applyFunction(node: Call, scope: Scope): Value {
  const apply = FUNCTIONS.get(node.fn);
  if (apply === undefined) throw new InvariantViolation(`the oracle knows no function ${node.fn}`);
  const args = node.args.map((argument) => evaluate(argument, scope));
  return apply(args, { zone: scope.zone, now: scope.input.now, call: node });
}

function evaluateItemCall(node: ItemCall, scope: Scope): Value {
  const list = evaluate(node.list, scope);
  const body = bodyOf(node.body, scope);
  const items = elementsOf(list);
  switch (node.fn) {
    case 'filter':
      return filter(list, body);
    case 'map':
      return map(list, body, node.type.kind === 'map', node.body?.kind === 'lambda');
    case 'exists':
      if (node.body === undefined) return (items ?? []).length > 0;
      return (items ?? []).some((item) => toBoolean(body(item, null)));
    case 'forall':
      return (items ?? []).every((item) => toBoolean(body(item, null)));
    case 'groupBy':
      return groupBy(list, body);
    case 'topN':
    case 'bottomN':
      return ranked(node.fn, list, body, evaluate(node.args[0] as Expression, scope));
    default:
      return fold(node.fn, foldable((items ?? []).map((item) => body(item, null))));
  }
}

function bodyOf(node: Expression | undefined, scope: Scope): Body {
  if (node === undefined) return (item) => item;
  if (node.kind === 'lambda') return lambdaOf(node, scope);
  return (item) => evaluate(node, enter(scope, item));
}

function lambdaOf({ params, body }: Lambda, scope: Scope): Body {
  const [first, second] = params.map(({ slot }) => slot) as [number, number | undefined];
  if (second === undefined) return (item) => evaluate(body, bind(scope, first, item));
  return (item, key) => evaluate(body, bind(bind(scope, first, key), second, item));
}

/** The scopes of all tuples that pass their conditions, in order. */
function tuplesOf(declarations: readonly Declaration[], scope: Scope): Scope[] {
  const [declaration, ...rest] = declarations;
  if (declaration === undefined) return [scope];
  const items = elementsOf(evaluate(declaration.source, scope)) ?? [];
  const scopes = items.map((item) => bind(scope, declaration.slot, item));
  const { condition } = declaration;
  const passing = scopes.filter((inner) => condition === undefined || toBoolean(evaluate(condition, inner)));
  return passing.flatMap((inner) => tuplesOf(rest, inner));
}

function holdsForAll(declarations: readonly Declaration[], scope: Scope): boolean {
  const [declaration, ...rest] = declarations;
  if (declaration === undefined) return true;
  const { source, condition, slot } = declaration;
  return (elementsOf(evaluate(source, scope)) ?? [])
    .map((item) => bind(scope, slot, item))
    .every((inner) => (condition === undefined || toBoolean(evaluate(condition, inner))) && holdsForAll(rest, inner));
}

function evaluateQuery(node: Expression, scope: Scope): Value {
  switch (node.kind) {
    case 'quantifier':
      if (node.fn === 'forall') return holdsForAll(node.declarations, scope);
      return tuplesOf(node.declarations, scope).length > 0;
    case 'select': {
      const valueIn = (inner: Scope, slot: number) => orNull(inner.variables.get(slot));
      const [only, ...more] = node.declarations;
      return tuplesOf(node.declarations, scope).map((inner) =>
        more.length === 0
          ? valueIn(inner, only?.slot ?? -1)
          : Object.fromEntries(node.declarations.map(({ name, slot }) => [name, valueIn(inner, slot)])),
      );
    }
    case 'fold': {
      const last = node.declarations.at(-1)?.slot ?? -1;
      const { body } = node;
      const values = tuplesOf(node.declarations, scope).map((inner) =>
        body === undefined ? orNull(inner.variables.get(last)) : evaluate(body, inner),
      );
      return node.fn === 'count' ? values.filter((value) => value !== null).length : fold(node.fn, foldable(values));
    }
    default:
      throw new InvariantViolation(`${node.kind} is left after checking`);
  }
}

function evaluateOccurs(operand: Value, when: When, scope: Scope): boolean {
  const holdsFor = (item: Value) => {
    const instant = toInstant(item, scope.zone);
    return instant !== null && isInWhen(instant, when, scope);
  };
  return isList(operand) ? operand.some((item) => holdsFor(orNull(item))) : holdsFor(operand);
}

function isInWhen(instant: number, when: When, scope: Scope): boolean {
  const time = (node: Expression) => toTime(evaluate(node, scope), scope.zone);
  const resolved =
    when.form === 'between' ? { reference: time(when.from), to: time(when.to) } : { reference: time(when.reference) };
  return occurs(instant, when, resolved, scope.zone);
}

function evaluateChain({ source, time, steps }: Chain, scope: Scope): boolean {
  const list = evaluate(source, scope);
  const timeOf = (item: Value) => toInstant(evaluate(time, enter(scope, item)), scope.zone);
  const oracleSteps = steps.map((step) => stepOf(step, scope));
  return holdsChain(isList(list) ? list : [], timeOf, oracleSteps, scope.input.now);
}

function stepOf({ slot, count, what, where, when }: Step, scope: Scope) {
  return {
    slot,
    count,
    isMatch: (item: Value) => [what, ...where].every((condition) => toBoolean(evaluate(condition, enter(scope, item)))),
    isInTime: (at: number, labels: ReadonlyMap<number, number>) => {
      const named = [...labels].reduce((outer, [label, value]) => bind(outer, label, value), scope);
      return when.every((each) => isInWhen(at, each, named));
    },
  };
}
