/** Random PQL text that parses and mostly passes the checker, over the fields that `inputs.ts` makes. */
import type { Choices } from './choices.ts';
import {
  COMPARISONS,
  COUNTS,
  type ItemKind,
  NAMES,
  NUMBERS,
  PATTERNS,
  type PathKind,
  REFERENCES,
  STRINGS,
  UNITS,
} from './vocabulary.ts';

interface Scope {
  readonly c: Choices;
  readonly depth: number;
  /** What a bare path starts at. */
  readonly item: ItemKind;
  readonly outer: number;
  readonly variables: readonly { readonly name: string; readonly kind: 'event' | 'order' | 'any' }[];
  /** Inside the binding of a let, where a bare `in` must not stand. */
  readonly isBinding: boolean;
}

type Make = (scope: Scope) => string;

export const expressionText = (c: Choices): string =>
  root({ c, depth: 0, item: 'profile', outer: 0, variables: [], isBinding: false });

/** A chain alone: the search over assignments deserves more than its share of random expressions. */
export const chainText = (c: Choices): string =>
  chain({ c, depth: 4, item: 'profile', outer: 0, variables: [], isBinding: false });

const root: Make = (s) =>
  s.c.from(
    () => boolean(s),
    () => boolean(s),
    () => boolean(s),
    () => any(s),
    () => queryForm(s),
  );

const deeper = (s: Scope): Scope => ({ ...s, depth: s.depth + 1 });
const into = (s: Scope, item: Scope['item']): Scope => ({ ...deeper(s), item, outer: s.outer + 1, isBinding: false });
const brackets = (s: Scope): Scope => ({ ...deeper(s), isBinding: false });
const isLeaf = (s: Scope): boolean => s.depth > 4;

function path(s: Scope, kind: PathKind): string {
  const c = s.c;
  const own = () => c.of(NAMES[s.item][kind]);
  const bound = s.variables.length > 0 ? [() => variablePath(s, kind)] : [];
  const climbing = s.outer > 0 ? [() => `$1.${c.of(NAMES.profile[kind])}`] : [];
  return c.from(own, own, ...bound, ...climbing);
}

function variablePath(s: Scope, kind: PathKind): string {
  const { name, kind: of } = s.c.of(s.variables);
  if (of === 'any') return name;
  const field = s.c.of(NAMES[of][kind]);
  return field === 'this' ? name : `${name}.${field}`;
}

export const number: Make = (s) => {
  const { c } = s;
  if (isLeaf(s))
    return c.from(
      () => c.of(NUMBERS),
      () => path(s, 'number'),
    );
  const d = deeper(s);
  return c.from(
    () => c.of(NUMBERS),
    () => path(s, 'number'),
    () => `${list(d)}.count()`,
    () => `(${number(d)} ${c.of(['+', '-', '*', '/', '%'])} ${number(d)})`,
    () => `${path(d, 'number')}.${c.of(['abs', 'round', 'floor', 'ceil'])}()`,
    () => `${string(d)}.length()`,
    () => `${path(d, 'time')}.${c.of(['getYear', 'getMonth', 'getDayOfMonth', 'getHour', 'dayOfWeek'])}()`,
    () => c.of(['currentYear()', 'currentMonth()', 'currentDayOfMonth()']),
    () =>
      collection(
        d,
        (source, inner) => `${source}.${c.of(['sum', 'average', 'min', 'max', 'distinctCount'])}(${number(inner)})`,
      ),
    () => `${path(d, 'list')}.${c.of(['sum', 'average', 'min', 'max', 'distinctCount'])}()`,
    () => `-${path(d, 'number')}`,
    () => `if(${boolean(brackets(d))}, ${number(brackets(d))}, ${number(brackets(d))})`,
    () => `(${fold(brackets(d))})`,
  );
};

export const string: Make = (s) => {
  const { c } = s;
  if (isLeaf(s))
    return c.from(
      () => c.of(STRINGS),
      () => path(s, 'string'),
    );
  const d = deeper(s);
  return c.from(
    () => c.of(STRINGS),
    () => path(s, 'string'),
    () => `${path(d, 'string')}.${c.of(['lower', 'upper', 'trim'])}()`,
    () => `${string(d)}.concat(${string(brackets(d))}, ${c.of(['"x"', '1', 'n', 'missing'])})`,
    () => `${path(d, 'string')}.substr(${c.of(['0', '1', '2'])}${c.of(['', ', 1', ', 5'])})`,
    () => `${path(d, 'string')}.replace("a", ${string(brackets(d))})`,
    () => `${path(d, 'string')}.regexGroup("(a)(b)?", ${c.of(['0', '1', '2', '3'])})`,
  );
};

function reference(s: Scope): string {
  const { c } = s;
  return c.from(
    () => c.of(REFERENCES),
    () => c.of(['date(2024, 2, 29)', 'date(2024, 3, 1)', '"2024-02-29T00:00:00Z"']),
    () => path(s, 'time'),
  );
}

export function when(s: Scope): string {
  const { c } = s;
  return c.from(
    () =>
      `${c.of(['<', '<=', '=', '!=', '>', '>='])} ${c.of(['0', '1', '2', '3', '24'])} ${c.of(UNITS)} ${c.of(['before', 'after', 'from'])} ${reference(s)}`,
    () => `${c.of(['before', 'after', 'on'])} ${reference(s)}`,
    () => reference(s),
    () => `between ${reference(s)} and ${reference(s)}`,
  );
}

/** A list of objects with the kind of scope that its items open. */
function collection(s: Scope, use: (source: string, inner: Scope) => string): string {
  const { c } = s;
  const filtered = (source: string, item: Scope['item']) =>
    c.chance(40) && !isLeaf(s) ? `${source}[${boolean(into(s, item))}]` : source;
  const profile = s.item === 'profile' ? '' : '$1.';
  return c.from(
    () => use(filtered('xEvent', 'event'), into(s, 'event')),
    () => use(filtered(`${profile}orders`, 'order'), into(s, 'order')),
    () => use(`${profile}tags`, into(s, 'scalar')),
    () => use(`${profile}numbers`, into(s, 'scalar')),
    () => use('xEvent.productListItems', into(s, 'order')),
  );
}

export const list: Make = (s) => {
  const { c } = s;
  if (isLeaf(s))
    return c.from(
      () => path(s, 'list'),
      () => 'xEvent',
    );
  const d = deeper(s);
  return c.from(
    () => path(s, 'list'),
    () => collection(d, (source) => source),
    () => collection(d, (source) => `${source}.${c.of(['price', 'total', 'tags', 'timestamp', 'storeId'])}`),
    () => collection(d, (source, inner) => `${source}.filter(${boolean(inner)})`),
    () => collection(d, (source, inner) => `${source}.map(${any(inner)})`),
    () =>
      collection(
        d,
        (source, inner) => `${source}.${c.of(['topN', 'bottomN'])}(${any(inner)}, ${c.of(['0', '1', '2'])})`,
      ),
    () => `${list(d)}.distinct()`,
    () => `${path(d, 'list')}.intersection(${literals(c)})`,
    () => literals(c),
    () => `${path(d, 'string')}.split("a")`,
    () =>
      collection(
        d,
        (source, inner) =>
          `${source}.groupBy(${path(inner, 'any')}).${c.of(['keys()', 'values()', 'get("a")', 'map((K, G) => G.count())'])}`,
      ),
    () => lambda(d),
    () => `(${select(brackets(d))})`,
  );
};

function lambda(s: Scope): string {
  return collection({ ...s }, (source, inner) => {
    const kind = inner.item === 'event' ? 'event' : inner.item === 'order' ? 'order' : 'any';
    const scope = brackets({ ...s, variables: [...s.variables, { name: 'v', kind }] });
    return `${source}.${s.c.of(['map', 'filter'])}(${s.c.of(['(v)', 'v'])} => ${boolean(scope)})`;
  });
}

const literals = (c: Choices): string =>
  `[${c
    .from(
      () => c.times(4, () => c.of(STRINGS)),
      () => c.times(4, () => c.of(NUMBERS)),
    )
    .join(', ')}]`;

export const any: Make = (s) => {
  const { c } = s;
  const d = deeper(s);
  if (isLeaf(s)) return path(s, 'any');
  return c.from(
    () => path(s, 'any'),
    () => number(s),
    () => string(s),
    () => path(s, 'time'),
    () => list(s),
    () => `${list(d)}.head()`,
    () => boolean(s),
    () => `{a: ${any(brackets(d))}, "b c": ${number(brackets(d))}}`,
  );
};

export const boolean: Make = (s) => {
  const { c } = s;
  if (isLeaf(s)) return comparison(s);
  const d = deeper(s);
  return c.from(
    () => comparison(d),
    () => comparison(d),
    () => `(${boolean(brackets(d))} and ${boolean(brackets(d))})`,
    () => `(${boolean(brackets(d))} or ${boolean(brackets(d))} or ${boolean(brackets(d))})`,
    () => `(not ${boolean(brackets(d))})`,
    () => stringTest(d),
    () => membership(d),
    () => `(${path(d, 'time')} occurs ${when(brackets(d))})`,
    () => collection(d, (source) => `(${source}.timestamp occurs ${when(brackets(d))})`),
    () => `${path(d, 'any')}.${c.of(['isNull', 'isNotNull'])}()`,
    () => collection(d, (source, inner) => `${source}.${c.of(['exists', 'forall'])}(${boolean(inner)})`),
    () => path(d, 'boolean'),
    () => chain(brackets(d)),
    () => `(${quantifier(brackets(d))})`,
    () =>
      `(let w = ${any({ ...d, isBinding: true })} in ${boolean(brackets({ ...d, variables: [...d.variables, { name: 'w', kind: 'any' }] }))})`,
    () => c.of(['inSegment("in")', 'inSegment("out")']),
    () => `geo.within(${number(brackets(d))}, 0, 1000000)`,
    () => c.of(['true', 'false']),
  );
};

function comparison(s: Scope): string {
  const { c } = s;
  const operator = c.of(COMPARISONS);
  return c.from(
    () =>
      `(${path(s, 'any')} ${operator} ${c.from(
        () => c.of(STRINGS),
        () => c.of(NUMBERS),
        () => c.of(['true', 'false']),
      )})`,
    () => `(${number(s)} ${operator} ${number(s)})`,
    () => `(${string(s)} ${operator} ${string(s)})`,
    () => `(${path(s, 'any')} ${operator} ${path(s, 'any')})`,
    () => `(${path(s, 'list')} ${operator} ${literals(c)})`,
    () => `(${path(s, 'time')} ${operator} ${c.of(['now', 'date(2024, 2, 29)', '"2024-02-29T12:00:00Z"'])})`,
    () => `(${c.of(NUMBERS)} ${operator} ${path(s, 'any')})`,
  );
}

function stringTest(s: Scope): string {
  const { c } = s;
  const receiver = c.from(
    () => path(s, 'string'),
    () => path(s, 'any'),
    () => path(s, 'list'),
  );
  const flag = c.of(['', ', false', ', true']);
  return c.from(
    () =>
      `${receiver}.${c.of(['startsWith', 'doesNotStartWith', 'endsWith', 'doesNotEndWith', 'contains', 'doesNotContain'])}(${string(brackets(s))}${flag})`,
    () => `(${receiver} like ${c.of(PATTERNS)})`,
    () => `(${receiver} matches ${c.of(['"a"', '"^a"', '"(?i)B$"', '"[0-9]+"'])})`,
    () =>
      `${receiver}.equals(${c
        .times(2, () => string(brackets(s)))
        .concat('"a"')
        .join(', ')}${flag})`,
    () => `${receiver}.notEqualTo(${string(brackets(s))}${flag})`,
  );
}

function membership(s: Scope): string {
  const { c } = s;
  const operand = c.from(
    () => path(s, 'any'),
    () => path(s, 'string'),
    () => path(s, 'number'),
  );
  const method = c.of(['intersects', 'subsetOf', 'supersetOf']);
  return c.from(
    () => `(${operand} ${c.of(['in', 'notIn'])} ${literals(c)})`,
    () => `(${operand} in [${path(brackets(s), 'any')}, ${c.of(NUMBERS)}])`,
    () =>
      `${path(s, 'list')}.${method}(${c.from(
        () => literals(c),
        () => path(brackets(s), 'list'),
      )})`,
    () =>
      `${path(s, 'list')}.includes(${c.from(
        () => c.of(STRINGS),
        () => c.of(NUMBERS),
        () => path(brackets(s), 'any'),
      )})`,
  );
}

function declarations(s: Scope, condition: string, use: (text: string, inner: Scope) => string): string {
  const { c } = s;
  const name = `x${s.variables.length}`;
  return collection({ ...s, item: s.item }, (source, { item }) => {
    const kind = item === 'event' ? 'event' : item === 'order' ? 'order' : 'any';
    const inner = brackets({ ...s, variables: [...s.variables, { name, kind }] });
    const where = c.chance(60) ? `${condition}${boolean(inner)}` : '';
    if (!c.chance(25) || isLeaf(s)) return use(`${name} from ${source}${where}`, inner);
    const second = `y${s.variables.length}`;
    const nested = kind === 'any' ? 'xEvent' : `${name}.${c.of(['tags', 'productListItems', 'lines'])}`;
    const both = brackets({ ...inner, variables: [...inner.variables, { name: second, kind: 'order' }] });
    return use(`${name} from ${source}${where}, ${second} from ${nested}`, both);
  });
}

const select: Make = (s) => declarations(s, ' where ', (text) => `select ${text}`);

const quantifier: Make = (s) =>
  s.c.from(
    () => declarations(s, ' where ', (text) => `exists ${text}`),
    () => declarations(s, ' : ', (text) => `forall ${text}`),
  );

const fold: Make = (s) => {
  const name = s.c.of(['sum', 'average', 'min', 'max', 'count']);
  return declarations(s, ' where ', (text, inner) =>
    s.c.chance(70) ? `${name} ${any({ ...inner, depth: 4 })} over ${text}` : `${name} ${text}`,
  );
};

const queryForm: Make = (s) =>
  s.c.from(
    () => select(s),
    () => quantifier(s),
    () => fold(s),
  );

function chain(s: Scope): string {
  const { c } = s;
  const inner: Scope = { ...into(s, 'event'), depth: 4 };
  const labels: string[] = [];
  const steps = ['A', 'B', 'C', 'D'].slice(0, 1 + c.below(4)).map((label) => {
    const isAbsent = c.chance(25);
    const count = isAbsent ? '' : c.of(COUNTS);
    const what = c.of([
      'eventType = "view"',
      'eventType = "buy"',
      'eventType = "cart"',
      'eventType = "view" or eventType = "buy"',
    ]);
    const where = c.chance(20) ? ` WHERE(${boolean(inner)})` : '';
    const named = labels.length > 0 && c.chance(60) ? c.of(labels) : 'now';
    const direction = named === 'now' ? 'before' : c.of(['after', 'after', 'before']);
    const limit = `${c.of(['<=', '<', '>', '>='])} ${c.of(['1', '2', '24'])} ${c.of(['hours', 'days'])} ${direction} ${named}`;
    const whenPart = c.chance(50) ? ` WHEN(${limit})` : '';
    const isPositive = !isAbsent && ['', ' COUNT(2)', ' COUNT(>= 2)', ' COUNT(> 1)'].includes(count);
    if (isPositive) labels.push(label);
    return `${label}: ${isAbsent ? 'not ' : ''}WHAT(${what})${where}${whenPart}${count}`;
  });
  return `chain(xEvent, timestamp, [${steps.join(', ')}])`;
}
