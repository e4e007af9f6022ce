/**
 * Names, types and literals. Every name becomes a reference to what it means, every node gets its type, and a literal
 * takes the type of what stands opposite. What can't be is a diagnostic; unknown paths are "any" and pass.
 */
import { unreachable } from '../kernel/invariant.ts';
import type {
  Binding,
  Chain,
  Checked,
  Declaration,
  Expression,
  Field,
  Fold,
  ItemCall,
  Lambda,
  Occurs,
  Step,
  When,
} from './ast.ts';
import { checkCall, take } from './checker/calls.ts';
import { Check, fieldOf, profileAt, resolveName, type Scope, withItem, withVariable } from './checker/scope.ts';
import { type Diagnostic, errorAt } from './diagnostic.ts';
import { ITEM_SIGNATURES } from './functions.ts';
import type { Schema } from './schema.ts';
import { UTC, zoneOf } from './time/zone.ts';
import { ANY, BOOLEAN, DOUBLE, INTEGER, listOf, NULL, objectOf, TIMESTAMP, type Type, unify } from './types.ts';

export interface CheckOptions {
  readonly mode: 'segment' | 'value';
  /** IANA name; UTC unless given. */
  readonly timeZone?: string | undefined;
}

export interface CheckResult {
  /** Worth evaluating only without errors among the diagnostics. */
  readonly expression: Checked;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(expression: Expression, schema: Schema, options: CheckOptions): CheckResult {
  const zone = zoneOf(options.timeZone);
  if (zone === undefined) {
    const message = `there is no time zone ${JSON.stringify(options.timeZone)}`;
    return { expression, diagnostics: [errorAt(expression.span, 'PQL3012', message)] };
  }
  const state = new Check(schema, zone ?? UTC);
  const checked = checkQuery(state, expression);
  const diagnostics = state.diagnostics.toSorted((left, right) => left.start - right.start);
  return { expression: checked, diagnostics };
}

/** `(P) => …` at the root names the profile. */
function checkQuery(state: Check, expression: Expression): Expression {
  const scope: Scope = { variables: new Map(), items: [] };
  if (expression.kind !== 'lambda') return infer(state, scope, expression);
  const [profile, second] = expression.params;
  if (second !== undefined) {
    state.error(second.span, 'PQL3006', 'a query is about one profile: it has one parameter');
  }
  const variables = new Map(profile === undefined ? [] : [[profile.name, { kind: 'profile' } as const]]);
  return infer(state, { ...scope, variables }, expression.body);
}

function infer(state: Check, scope: Scope, node: Expression): Expression {
  switch (node.kind) {
    case 'list':
    case 'object':
    case 'literal':
      return inferWritten(state, scope, node);
    case 'name':
    case 'this':
    case 'climb':
    case 'parameter':
      return inferReference(state, scope, node);
    case 'field':
      return inferField(state, scope, node);
    case 'call':
      return checkCall(
        state,
        node,
        node.args.map((argument) => infer(state, scope, argument)),
      );
    case 'itemCall':
      return inferItemCall(state, scope, node);
    case 'let': {
      const value = infer(state, scope, node.value);
      if (value.kind === 'lambda') state.error(value.span, 'PQL3010', 'a variable holds no lambda');
      const binding = state.bind(node.binding);
      const body = infer(state, withVariable(scope, binding, value.type), node.body);
      return { ...node, binding, value, body, type: body.type };
    }
    case 'lambda':
      state.error(node.span, 'PQL3010', 'a lambda stands only where a function evaluates it per item');
      return { ...node, type: { kind: 'function', result: ANY } };
    case 'select':
    case 'quantifier':
    case 'fold':
      return inferQueryForm(state, scope, node);
    case 'occurs':
      return inferOccurs(state, scope, node);
    case 'chain':
      return inferChain(state, scope, node);
    case 'now':
    case 'period':
    case 'profile':
    case 'events':
    case 'item':
    case 'variable':
      return node;
    default:
      return unreachable(node);
  }
}

function inferWritten(
  state: Check,
  scope: Scope,
  node: Extract<Expression, { kind: 'list' | 'object' | 'literal' }>,
): Expression {
  if (node.kind === 'literal') return node;
  if (node.kind === 'list') {
    const items = node.items.map((item) => infer(state, scope, item));
    const item = items.map(({ type }) => type).reduce(unify, NULL);
    return { ...node, items, type: listOf(item.kind === 'null' ? ANY : item) };
  }
  const entries = node.entries.map(({ key, value }) => ({ key, value: infer(state, scope, value) }));
  const types = entries.map(({ key, value }) => [key, value.type] as const);
  return { ...node, entries, type: objectOf(Object.fromEntries(types)) };
}

function inferReference(
  state: Check,
  scope: Scope,
  node: Extract<Expression, { kind: 'name' | 'this' | 'climb' | 'parameter' }>,
): Expression {
  const { span } = node;
  switch (node.kind) {
    case 'name':
      return resolveName(state, scope, node.name, span);
    case 'parameter':
      if (node.position !== 1)
        state.error(span, 'PQL3006', `there is no parameter $${node.position}: $1 is the profile`);
      return profileAt(state, span);
    default: {
      const depth = node.kind === 'climb' ? node.levels : 0;
      const type = scope.items[scope.items.length - 1 - depth];
      if (type !== undefined) return { kind: 'item', depth, span, type };
      if (depth > scope.items.length) {
        const hint = `there are ${scope.items.length} scopes here`;
        state.error(span, 'PQL3005', '"^" climbs past the profile', hint);
      }
      return profileAt(state, span);
    }
  }
}

function inferField(state: Check, scope: Scope, node: Field): Expression {
  return fieldOf(state, infer(state, scope, node.object), node.name, node.span);
}

const itemOf = (type: Type): Type => {
  if (type.kind === 'list') return type.item;
  return type.kind === 'map' ? type.value : ANY;
};

function inferItemCall(state: Check, scope: Scope, node: ItemCall): Expression {
  const list = take(state, node.fn, infer(state, scope, node.list), 'collection');
  const signature = ITEM_SIGNATURES.get(node.fn);
  const count = (node.body === undefined ? 0 : 1) + node.args.length;
  const [min, max] = signature?.args ?? [0, 0];
  if (signature === undefined || count < min || count > max) {
    const wanted = min === max ? `${min}` : `${min} to ${max}`;
    state.error(node.span, 'PQL3002', `"${node.fn}" takes ${wanted} arguments, not ${count}`);
    return { ...node, list, type: ANY };
  }
  const args = node.args.map((argument) => take(state, node.fn, infer(state, scope, argument), 'number'));
  const body = node.body && inferBody(state, scope, node.fn, list.type, node.body);
  if (node.fn === 'filter' && body?.kind === 'literal' && typeof body.value === 'number') {
    state.warn(body.span, 'PQL4002', 'a number is no condition: this keeps every item', 'use topN, bottomN or head');
  }
  return { ...node, list, body, args, type: signature.returns(list.type, body?.type ?? NULL) };
}

function inferBody(state: Check, scope: Scope, fn: string, list: Type, body: Expression): Expression {
  if (body.kind !== 'lambda') return infer(state, withItem(scope, itemOf(list)), body);
  const takesPair = fn === 'map' && list.kind !== 'list';
  if (body.params.length === 0 || body.params.length > (takesPair ? 2 : 1)) {
    const message = takesPair ? 'one parameter, or key and group' : 'one parameter, the item';
    state.error(body.span, 'PQL3010', `"${fn}" calls its lambda with ${message}`);
    return body;
  }
  const params = bindAll(state, body.params);
  const types = params.length === 2 ? [list.kind === 'map' ? list.key : ANY, itemOf(list)] : [itemOf(list)];
  const inner = params.reduce((outer, param, index) => withVariable(outer, param, types[index] ?? ANY), scope);
  const result = infer(state, inner, body.body);
  const type: Type = fn === 'map' ? { kind: 'function', result: result.type } : result.type;
  return { ...body, params, body: result, type } satisfies Lambda;
}

function bindAll(state: Check, bindings: readonly Binding[]): Binding[] {
  const names = new Set<string>();
  return bindings.map((binding) => {
    if (names.has(binding.name)) state.error(binding.span, 'PQL3011', `"${binding.name}" is declared twice`);
    names.add(binding.name);
    return state.bind(binding);
  });
}

function inferQueryForm(
  state: Check,
  scope: Scope,
  node: Extract<Expression, { kind: 'select' | 'quantifier' | 'fold' }>,
): Expression {
  const { declarations, inner } = inferDeclarations(state, scope, node.declarations);
  const itemTypes = declarations.map(({ name, source }) => [name, itemOf(source.type)] as const);
  const last = itemTypes.at(-1)?.[1] ?? ANY;
  if (node.kind === 'quantifier') return { ...node, declarations, type: BOOLEAN };
  if (node.kind === 'select') {
    const item = itemTypes.length === 1 ? last : objectOf(Object.fromEntries(itemTypes));
    return { ...node, declarations, type: listOf(item) };
  }
  const body = node.body && infer(state, inner, node.body);
  return { ...node, declarations, body, type: foldType(node, body?.type ?? last) };
}

function foldType({ fn }: Fold, folded: Type): Type {
  if (fn === 'count') return INTEGER;
  if (fn === 'sum' || fn === 'average') return DOUBLE;
  return folded.kind === 'list' ? folded.item : folded;
}

function inferDeclarations(state: Check, scope: Scope, declarations: readonly Declaration[]) {
  let inner = scope;
  const names = new Set<string>();
  const checked = declarations.map((declaration): Declaration => {
    if (names.has(declaration.name)) {
      state.error(declaration.span, 'PQL3011', `"${declaration.name}" is declared twice`);
    }
    names.add(declaration.name);
    const source = take(state, 'from', infer(state, inner, declaration.source), 'collection');
    const binding = state.bind(declaration);
    inner = withVariable(inner, binding, itemOf(source.type));
    const condition = declaration.condition && infer(state, inner, declaration.condition);
    return { ...binding, source, condition };
  });
  return { declarations: checked, inner };
}

function inferOccurs(state: Check, scope: Scope, node: Occurs): Expression {
  const operand = take(state, 'occurs', infer(state, scope, node.operand), 'time', true);
  return { ...node, operand, when: inferWhen(state, scope, node.when), type: BOOLEAN };
}

function inferWhen(state: Check, scope: Scope, when: When): When {
  const reference = (node: Expression) => take(state, 'occurs', infer(state, scope, node), 'time');
  if (when.form === 'between') return { ...when, from: reference(when.from), to: reference(when.to) };
  return { ...when, reference: reference(when.reference) };
}

function inferChain(state: Check, scope: Scope, node: Chain): Expression {
  const source = take(state, 'chain', infer(state, scope, node.source), 'list');
  const inner = withItem(scope, itemOf(source.type));
  const time = take(state, 'chain', infer(state, inner, node.time), 'time');
  const names = new Set<string>();
  let labelled: Scope = {
    ...scope,
    variables: new Map([
      ...scope.variables,
      ...node.steps.map(
        ({ name }) => [name, { kind: 'forbidden', reason: `"${name}" is not an earlier step` }] as const,
      ),
    ]),
  };
  const steps = node.steps.map((step): Step => {
    if (names.has(step.name)) state.error(step.span, 'PQL3011', `"${step.name}" labels two steps`);
    names.add(step.name);
    const checked = inferStep(state, inner, labelled, step);
    labelled = step.count.positive ? withVariable(labelled, checked, TIMESTAMP) : withoutEvent(labelled, step.name);
    return checked;
  });
  return { ...node, source, time, steps, type: BOOLEAN };
}

function withoutEvent(scope: Scope, name: string): Scope {
  const reason = `"${name}" counts events and so names none`;
  return { ...scope, variables: new Map(scope.variables).set(name, { kind: 'forbidden', reason }) };
}

function inferStep(state: Check, item: Scope, labelled: Scope, step: Step): Step {
  return {
    ...state.bind(step),
    what: infer(state, item, step.what),
    where: step.where.map((condition) => infer(state, item, condition)),
    when: step.when.map((when) => inferWhen(state, labelled, when)),
    count: step.count,
  };
}
