/** The tree as `pql/json`. A path's first name stays a fieldLookup without object, unless a variable has that name. */
import type { Declaration, Expression, Literal, Step, When } from '../ast.ts';
import { writeCount } from '../printer.ts';

export interface PqlJson {
  readonly nodeType: string;
  readonly [property: string]: unknown;
}

type Bound = ReadonlySet<string>;

export function toJson(expression: Expression): PqlJson {
  return encode(expression, new Set());
}

const fnApply = (fnName: string, params: readonly PqlJson[]): PqlJson => ({ nodeType: 'fnApply', fnName, params });
const varRef = (varName: string): PqlJson => ({ nodeType: 'varRef', varName });
const text = (value: string): PqlJson => ({ nodeType: 'literal', literalType: 'String', value });
const integer = (value: number): PqlJson => ({ nodeType: 'literal', literalType: 'Integer', value });

const LITERAL_TYPES: Readonly<Record<Literal['literalType'], string>> = {
  string: 'String',
  integer: 'Integer',
  double: 'Double',
  boolean: 'Boolean',
  null: 'Null',
  timestamp: 'Timestamp',
};

function encode(node: Expression, bound: Bound): PqlJson {
  const inner = (child: Expression) => encode(child, bound);
  switch (node.kind) {
    case 'literal':
      return { nodeType: 'literal', literalType: LITERAL_TYPES[node.literalType], value: node.value };
    case 'list':
      return { nodeType: 'literal', literalType: 'List', value: node.items.map(inner) };
    case 'object': {
      const value = node.entries.map((entry) => ({ key: entry.key, value: inner(entry.value) }));
      return { nodeType: 'literal', literalType: 'Object', value };
    }
    case 'field':
      return { nodeType: 'fieldLookup', fieldName: node.name, object: inner(node.object) };
    case 'call': {
      const flag: PqlJson[] = node.ignoreCase ? [{ nodeType: 'literal', literalType: 'Boolean', value: false }] : [];
      return fnApply(node.fn === 'negate' ? '-' : node.fn, [...node.args.map(inner), ...flag]);
    }
    case 'itemCall': {
      const body = node.body === undefined ? [] : [inner(node.body)];
      return fnApply(node.fn, [inner(node.list), ...body, ...node.args.map(inner)]);
    }
    case 'lambda': {
      const params = node.params.map(({ name }) => ({ varName: name }));
      return { nodeType: 'fnCreate', params, body: encode(node.body, binding(bound, node.params)) };
    }
    case 'occurs':
      return fnApply('occurs', [inner(node.operand), ...encodeWhen(node.when, bound)]);
    default:
      return encodeBinding(node, bound);
  }
}

const binding = (bound: Bound, names: readonly { readonly name: string }[]): Bound =>
  new Set([...bound, ...names.map(({ name }) => name)]);

function encodeBinding(node: Expression, bound: Bound): PqlJson {
  switch (node.kind) {
    case 'let': {
      const range = encode(node.value, bound);
      const declaration = { nodeType: 'varDecl', varName: node.binding.name, range };
      return fnApply('let', [declaration, encode(node.body, binding(bound, [node.binding]))]);
    }
    case 'select':
      return fnApply('select', encodeDeclarations(node.declarations, bound));
    case 'quantifier':
      return fnApply(node.fn, encodeDeclarations(node.declarations, bound));
    case 'fold': {
      const body = node.body ? [encode(node.body, binding(bound, node.declarations))] : [];
      return fnApply(node.fn, [...encodeDeclarations(node.declarations, bound), ...body]);
    }
    case 'chain':
      return fnApply('chain', [
        encode(node.source, bound),
        encode(node.time, bound),
        ...encodeSteps(node.steps, bound),
      ]);
    default:
      return encodeReference(node, bound);
  }
}

function encodeReference(node: Expression, bound: Bound): PqlJson {
  switch (node.kind) {
    case 'name':
      return bound.has(node.name) ? varRef(node.name) : { nodeType: 'fieldLookup', fieldName: node.name };
    case 'variable':
      return varRef(node.name);
    case 'this':
      return varRef('this');
    case 'climb':
      return varRef('^'.repeat(node.levels));
    case 'item':
      return varRef(node.depth === 0 ? 'this' : '^'.repeat(node.depth));
    case 'events':
      return { nodeType: 'fieldLookup', fieldName: 'xEvent' };
    case 'parameter':
      return { nodeType: 'parameterReference', position: node.position };
    case 'period':
      return fnApply('period', [text(node.which), text(node.unit)]);
    case 'now':
      return fnApply('now', []);
    default:
      return { nodeType: 'parameterReference', position: 1 };
  }
}

function encodeDeclarations(declarations: readonly Declaration[], bound: Bound): PqlJson[] {
  let inner = bound;
  return declarations.map(({ name, source, condition }) => {
    const range = encode(source, inner);
    inner = binding(inner, [{ name }]);
    const where = condition === undefined ? {} : { where: encode(condition, inner) };
    return { nodeType: 'varDecl', varName: name, range, ...where };
  });
}

/** `["<=", 3, "day", "before", R]`, `["before", R]`, `["on", R]` or `["between", A, B]`. */
function encodeWhen(when: When, bound: Bound): PqlJson[] {
  switch (when.form) {
    case 'on':
      return [text('on'), encode(when.reference, bound)];
    case 'between':
      return [text('between'), encode(when.from, bound), encode(when.to, bound)];
    case 'direction':
      return [text(when.direction), encode(when.reference, bound)];
    case 'distance': {
      const { operator, count, unit, direction, reference } = when;
      return [text(operator), integer(count), text(unit), text(direction), encode(reference, bound)];
    }
  }
}

function encodeSteps(steps: readonly Step[], bound: Bound): PqlJson[] {
  let labelled = bound;
  return steps.map(({ name, what, where, when, count }) => {
    const step = {
      nodeType: 'chainStep',
      label: name,
      what: encode(what, bound),
      where: where.map((condition) => encode(condition, bound)),
      when: when.map((each) => fnApply('when', encodeWhen(each, labelled))),
      count: writeCount(count),
    };
    labelled = binding(labelled, [{ name }]);
    return step;
  });
}
