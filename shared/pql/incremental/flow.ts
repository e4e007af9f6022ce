/**
 * Follows the rows of each leaf, and the profile's attributes, through an expression: which fields are read of them, and
 * where the answer depends on the clock.
 */
import type { Binding, Declaration, Expression, When } from '../ast.ts';
import { whenReferences } from '../tree.ts';

/** Where a value comes from: a field of a leaf's rows, or of the profile. */
export interface Origin {
  readonly source: number | 'profile';
  readonly path: readonly string[];
}

/** A part whose answer may change as time passes: what is compared with the clock, and how. */
export type ClockTerm =
  | { readonly kind: 'occurs'; readonly of: Origin | Expression; readonly when: When }
  /** Compared with `now` itself. */
  | { readonly kind: 'instant'; readonly of: Origin | Expression }
  /** Changes with the calendar day. */
  | { readonly kind: 'midnight' }
  /** Rests on the clock in a way that has no known next change. */
  | { readonly kind: 'unknown' };

export interface Usage {
  /** Fields read, by leaf; an empty path is the whole event. */
  readonly fields: ReadonlyMap<number, readonly (readonly string[])[]>;
  /** Leaves whose rows' order matters beyond their time. */
  readonly ordered: ReadonlySet<number>;
  readonly clock: readonly ClockTerm[];
}

interface Environment {
  /** Innermost first; undefined where the item is no row and no part of the profile. */
  readonly scopes: readonly (Origin | undefined)[];
  readonly variables: ReadonlyMap<number, Origin | undefined>;
}

const PASS_ITEMS: ReadonlySet<string> = new Set(['filter', 'topN', 'bottomN']);
const NEED_ORDER: ReadonlySet<string> = new Set(['topN', 'bottomN', 'head', 'groupBy', 'map']);
const TODAY: ReadonlySet<string> = new Set(['currentYear', 'currentMonth', 'currentDayOfMonth']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const UNORDERED_FOLDS: ReadonlySet<string> = new Set(['count', 'min', 'max', 'distinctCount', 'exists', 'forall']);

export function usageOf(tree: Expression): Usage {
  const tracer = new Tracer();
  tracer.read(tree, { scopes: [], variables: new Map() }, 'presence');
  return tracer;
}

type Purpose = 'presence' | 'value';

class Tracer implements Usage {
  readonly fields = new Map<number, (readonly string[])[]>();
  readonly ordered = new Set<number>();
  readonly clock: ClockTerm[] = [];

  /** Reads a node for what it yields; for `presence` a list of rows is only asked whether it is empty. */
  read(node: Expression, environment: Environment, purpose: Purpose): void {
    const origin = this.#follow(node, environment);
    if (origin === undefined || (purpose === 'presence' && origin.path.length === 0)) return;
    this.#need(origin);
    if (origin.source !== 'profile' && purpose === 'value') this.ordered.add(origin.source);
  }

  #need({ source, path }: Origin): void {
    if (source === 'profile') return;
    const known = this.fields.get(source) ?? [];
    if (!known.some((other) => other.join('\0') === path.join('\0'))) this.fields.set(source, [...known, path]);
  }

  /** The rows or attributes that a node stands for, having read everything else below it. */
  #follow(node: Expression, environment: Environment): Origin | undefined {
    switch (node.kind) {
      case 'events':
        return node.leaf === undefined ? undefined : { source: node.leaf, path: [] };
      case 'profile':
        return { source: 'profile', path: [] };
      case 'item':
        return environment.scopes[node.depth];
      case 'variable':
        return environment.variables.get(node.slot);
      case 'field': {
        const origin = this.#follow(node.object, environment);
        return origin && { ...origin, path: [...origin.path, node.name] };
      }
      case 'let':
        return this.#follow(node.body, this.#bind(environment, node.binding, this.#follow(node.value, environment)));
      case 'itemCall':
        return this.#followItemCall(node, environment);
      case 'call':
        return this.#followCall(node, environment);
      default:
        this.#readBelow(node, environment);
        return undefined;
    }
  }

  #bind(environment: Environment, { slot }: Binding, origin: Origin | undefined): Environment {
    return { ...environment, variables: new Map([...environment.variables, [slot, origin]]) };
  }

  #followItemCall(node: Extract<Expression, { kind: 'itemCall' }>, environment: Environment): Origin | undefined {
    const items = this.#follow(node.list, environment);
    if (items && items.path.length > 0) this.#need(items);
    if (items && NEED_ORDER.has(node.fn)) this.#order(items);
    for (const argument of node.args) this.read(argument, environment, 'value');
    if (node.body) this.#readBody(node.fn, node.body, items, environment);
    else if (items && node.fn !== 'count' && node.fn !== 'exists') this.#need(items);
    if (items && node.fn === 'sum') this.#order(items);
    if (items && node.fn === 'average') this.#order(items);
    return PASS_ITEMS.has(node.fn) ? items : undefined;
  }

  #order({ source }: Origin): void {
    if (source !== 'profile') this.ordered.add(source);
  }

  #readBody(fn: string, body: Expression, items: Origin | undefined, environment: Environment): void {
    const purpose = fn === 'filter' || fn === 'exists' || fn === 'forall' ? 'presence' : 'value';
    const asked = UNORDERED_FOLDS.has(fn) || purpose === 'presence' ? 'presence' : 'value';
    if (body.kind !== 'lambda') {
      this.#readField(body, { ...environment, scopes: [items, ...environment.scopes] }, asked);
      return;
    }
    const inner = body.params.reduce((known, param) => this.#bind(known, param, items), environment);
    this.#readField(body.body, inner, asked);
  }

  /** A body that is a plain field is a value to fold, not a list to keep in order. */
  #readField(node: Expression, environment: Environment, purpose: Purpose): void {
    const origin = this.#follow(node, environment);
    if (origin && (origin.path.length > 0 || purpose === 'value')) this.#need(origin);
  }

  #followCall(node: Extract<Expression, { kind: 'call' }>, environment: Environment): Origin | undefined {
    if (TODAY.has(node.fn)) this.clock.push({ kind: 'midnight' });
    if (COMPARISONS.has(node.fn) && node.args.some(({ kind }) => kind === 'now'))
      return this.#compareNow(node, environment);
    const [first] = node.args;
    if (node.fn === 'head' && first) {
      const items = this.#follow(first, environment);
      if (items) this.#order(items);
      return items;
    }
    const purpose =
      node.fn === 'and' || node.fn === 'or' || node.fn === 'not' || node.fn === 'count' ? 'presence' : 'value';
    for (const argument of node.args) this.read(argument, environment, purpose);
    return undefined;
  }

  #compareNow(node: Extract<Expression, { kind: 'call' }>, environment: Environment): undefined {
    const other = node.args.find(({ kind }) => kind !== 'now');
    if (other) this.#clockTerm(other, environment, (of) => ({ kind: 'instant', of }));
    return undefined;
  }

  /** Reads what is compared with the clock, and notes how to find the next change. */
  #clockTerm(operand: Expression, environment: Environment, term: (of: Origin | Expression) => ClockTerm): void {
    const origin = this.#follow(operand, environment);
    if (origin) this.#need(origin);
    if (origin) this.clock.push(term(origin));
    else this.clock.push(isClosed(operand, 0, new Set()) ? term(operand) : { kind: 'unknown' });
  }

  #readBelow(node: Expression, environment: Environment): void {
    switch (node.kind) {
      case 'now':
        this.clock.push({ kind: 'unknown' });
        return;
      case 'period':
        this.clock.push({ kind: 'unknown' });
        return;
      case 'list':
        for (const item of node.items) this.read(item, environment, 'value');
        return;
      case 'object':
        for (const { value } of node.entries) this.read(value, environment, 'value');
        return;
      case 'lambda':
        this.read(node.body, environment, 'value');
        return;
      case 'occurs':
        this.#readOccurs(node.operand, [node.when], environment);
        return;
      case 'chain':
        this.#readChain(node, environment);
        return;
      case 'select':
      case 'quantifier':
      case 'fold':
        this.#readDeclarations(node, environment);
        return;
      default:
        return;
    }
  }

  #readOccurs(operand: Expression, whens: readonly When[], environment: Environment): void {
    for (const when of whens) {
      const references = whenReferences(when);
      const onClock = references.some(({ kind }) => kind === 'now' || kind === 'period');
      if (onClock) this.#clockTerm(operand, environment, (of) => ({ kind: 'occurs', of, when }));
      else this.read(operand, environment, 'value');
      for (const reference of references) {
        if (reference.kind !== 'now' && reference.kind !== 'period') this.read(reference, environment, 'value');
      }
    }
  }

  #readChain(node: Extract<Expression, { kind: 'chain' }>, environment: Environment): void {
    const items = this.#follow(node.source, environment);
    if (items) this.#order(items);
    const inner = { ...environment, scopes: [items, ...environment.scopes] };
    for (const { what, where } of node.steps) {
      for (const condition of [what, ...where]) this.read(condition, inner, 'presence');
    }
    this.read(node.time, inner, 'value');
    const whens = node.steps.flatMap(({ when }) => when);
    if (whens.length > 0) this.#readOccurs(node.time, whens, inner);
    // What comes behind the last event taken is counted up to now, so an event of the future changes it on arriving there.
    if (node.steps.at(-1)?.count.positive === false)
      this.#clockTerm(node.time, inner, (of) => ({ kind: 'instant', of }));
  }

  #readDeclarations(
    node: Extract<Expression, { kind: 'select' | 'quantifier' | 'fold' }>,
    environment: Environment,
  ): void {
    let inner = environment;
    for (const declaration of node.declarations) inner = this.#declare(declaration, inner);
    if (node.kind === 'quantifier') return;
    const last = node.declarations.at(-1) as Declaration;
    if (node.kind === 'fold' && node.body) this.#readField(node.body, inner, 'value');
    if (node.kind === 'fold' && node.fn === 'count') return;
    const yielded = node.kind === 'fold' ? [last] : node.declarations;
    for (const { slot } of yielded) {
      const origin = inner.variables.get(slot);
      if (origin) this.#order(origin);
      if (origin && !(node.kind === 'fold' && node.body)) this.#need(origin);
    }
  }

  #declare(declaration: Declaration, environment: Environment): Environment {
    const items = this.#follow(declaration.source, environment);
    if (items && items.path.length > 0) this.#need(items);
    const inner = this.#bind(environment, declaration, items);
    if (declaration.condition) this.read(declaration.condition, inner, 'presence');
    return inner;
  }
}

const comparesNow = (fn: string, argument: Expression) => COMPARISONS.has(fn) && argument.kind === 'now';

/** Whether its value needs no enclosing item and no variable from outside, and changes only where another clock term does. */
function isClosed(node: Expression, depth: number, bound: ReadonlySet<number>): boolean {
  if (node.kind === 'item') return node.depth < depth;
  if (node.kind === 'variable') return bound.has(node.slot);
  return closedBelow(node, depth, bound);
}

function closedBelow(node: Expression, depth: number, bound: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case 'field':
      return isClosed(node.object, depth, bound);
    case 'call':
      return node.args.every((argument) => isClosed(argument, depth, bound) || comparesNow(node.fn, argument));
    case 'occurs':
      // What it makes of the clock is a term of its own: up to that term's next change this node stays as it is.
      return [node.operand, ...whenReferences(node.when)].every(
        (part) => part.kind === 'now' || part.kind === 'period' || isClosed(part, depth, bound),
      );
    case 'itemCall': {
      const { list, body, args } = node;
      const outside = [list, ...args].every((part) => isClosed(part, depth, bound));
      if (body?.kind !== 'lambda') return outside && (body === undefined || isClosed(body, depth + 1, bound));
      const inner = new Set([...bound, ...body.params.map(({ slot }) => slot)]);
      return outside && isClosed(body.body, depth, inner);
    }
    case 'list':
      return node.items.every((item) => isClosed(item, depth, bound));
    case 'profile':
    case 'events':
    case 'literal':
      return true;
    default:
      return false;
  }
}
