/**
 * What a careful colleague would say about a rule that is no mistake: never in the way, each with a way out. Whatever
 * needs figures is said only where everybody was counted.
 */
import type { Edit } from './builder-state.ts';
import type { Effect } from './effects.ts';
import {
  type Attribute,
  type EventRow,
  type Group,
  type Id,
  type Node,
  type Path,
  type Scalar,
  type Scope,
  scopeOf,
  walk,
} from './model.ts';
import { changeNode, remove, replace, setMode, withoutOrigin } from './operations.ts';
import { toPql } from './to-pql.ts';
import { type FieldEntry, fieldAt, type Vocabulary } from './vocabulary.ts';

export type Hint = { readonly row: Id; readonly fixes: readonly Fix[] } & (
  | { readonly kind: 'unseen'; readonly path: Path; readonly scope: Scope; readonly value: string }
  | { readonly kind: 'anyIsNot'; readonly path: Path; readonly scope: Scope }
  | { readonly kind: 'twoValues'; readonly path: Path; readonly scope: Scope; readonly values: readonly string[] }
  | { readonly kind: 'contradiction'; readonly other: Id }
  | { readonly kind: 'keepsEverybody' }
  | { readonly kind: 'dropsEverybody'; readonly people: number }
  | { readonly kind: 'reachesNobody' }
);

export interface Fix {
  readonly kind: 'use' | 'allOf' | 'oneOf' | 'remove';
  readonly value?: string;
  readonly edit: Edit;
}

export interface Counted {
  readonly effects: ReadonlyMap<Id, Effect>;
  readonly size: number;
  readonly total: number;
}

/** `counted` only where the figures are exact and of this very rule. */
export function hintsOf(root: Group, vocabulary: Vocabulary, counted: Counted | undefined): readonly Hint[] {
  const nodes = [...walk(root)];
  return [
    ...nodes.flatMap((node) => (node.kind === 'attribute' ? unseenValues(node, root, vocabulary) : [])),
    ...nodes.flatMap((node) => (node.kind === 'group' ? [...anyIsNot(node, root), ...twoValues(node, root)] : [])),
    ...nodes.flatMap((node) => (node.kind === 'group' && node.mode === 'all' ? contradictions(node) : [])),
    ...(counted === undefined ? [] : byFigures(root, counted)),
  ];
}

const valuesOf = ({ test }: Attribute): readonly Scalar[] => {
  if ('values' in test) return test.values;
  const isEqual = test.op === '=' || test.op === '!=';
  return isEqual && test.operand?.kind === 'value' ? [test.operand.value] : [];
};

const scopeAround = (root: Group, node: Node): Scope => {
  const parent = [...walk(root)].find((each) => each.kind === 'group' && each.children.includes(node));
  return (parent && scopeOf(root, parent.id)) ?? 'profile';
};

const FIXES_MAX = 3;

function unseenValues(node: Attribute, root: Group, vocabulary: Vocabulary): readonly Hint[] {
  const own = scopeAround(root, node);
  const scope = node.of === 'person' ? 'profile' : own;
  const known = knownValues(fieldAt(vocabulary, node.path, scope));
  if (known === undefined) return [];
  return valuesOf(node)
    .filter((value): value is string => typeof value === 'string' && value !== '' && !known.values.includes(value))
    .flatMap((value): Hint[] => {
      const near = known.values.filter((one) => isNear(one, value));
      if (near.length === 0 && !known.isComplete) return [];
      const offered = near.length > 0 ? near : known.values;
      const fixes = offered.slice(0, FIXES_MAX).map((other): Fix => {
        return { kind: 'use', value: other, edit: (tree) => replace(tree, node.id, withValue(node, value, other)) };
      });
      return [{ kind: 'unseen', row: node.id, path: node.path, scope, value, fixes }];
    });
}

function withValue(node: Attribute, before: string, after: string): Attribute {
  const { test } = node;
  if ('values' in test) {
    const values = test.values.map((value) => (value === before ? after : value));
    return { ...node, test: { ...test, values: [...new Set(values)] } };
  }
  return { ...node, test: { op: test.op === '!=' ? '!=' : '=', operand: { kind: 'value', value: after } } };
}

/** `undefined` for fields of which too little is known to say that a value is not there. */
function knownValues(field: FieldEntry | undefined) {
  const declared = field?.values?.map(({ value }) => String(value)) ?? [];
  const { topValues = [], distinct = Number.POSITIVE_INFINITY, withheld } = field?.observed ?? {};
  const observed = topValues.map(({ value }) => String(value));
  const values = [...new Set([...observed, ...declared])];
  if (values.length === 0 || withheld !== undefined) return undefined;
  return { values, isComplete: declared.length > 0 || distinct <= observed.length };
}

const TYPOS_MAX = 2;
const SHORT = 4;

/** But for case, and for a slip or two where the word is long enough to tell one from another word. */
export function isNear(known: string, typed: string): boolean {
  const [left, right] = [known, typed].map((text) => text.normalize('NFKC').toLowerCase().trim()) as [string, string];
  if (left === right) return true;
  return Math.min(left.length, right.length) >= SHORT && distance(left, right) <= TYPOS_MAX;
}

function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > TYPOS_MAX) return TYPOS_MAX + 1;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const cost = left[at - 1] === right[to - 1] ? 0 : 1;
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (row[to - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const isDenial = ({ test, negated }: Attribute): boolean =>
  test.op === '!=' || test.op === 'notIn' || (negated && (test.op === '=' || test.op === 'in'));

/** Whoever has the one value does not have the other: with “or” between them everybody passes. */
function anyIsNot(group: Group, root: Group): readonly Hint[] {
  if (group.mode !== 'any') return [];
  return [...byField(group)].flatMap(([, rows]): Hint[] => {
    const denials = rows.filter(isDenial);
    const [first] = denials;
    const values = new Set(denials.map((row) => valuesOf(row).join('\n')));
    if (first === undefined || values.size < 2) return [];
    const fixes: Fix[] = [{ kind: 'allOf', edit: (tree) => setMode(tree, group.id, 'all') }];
    return [{ kind: 'anyIsNot', row: first.id, path: first.path, scope: scopeOfRow(first, root), fixes }];
  });
}

const scopeOfRow = (row: Attribute, root: Group): Scope => (row.of === 'person' ? 'profile' : scopeAround(root, row));

/** Nobody has two values in one field; whoever wrote so meant either. */
function twoValues(group: Group, root: Group): readonly Hint[] {
  if (group.mode !== 'all') return [];
  return [...byField(group)].flatMap(([, rows]): Hint[] => {
    const wanted = rows.filter((row) => !row.negated && row.test.op === '=' && valuesOf(row).length === 1);
    const values = [...new Set(wanted.flatMap(valuesOf))];
    const [first, ...others] = wanted;
    if (first === undefined || values.length < 2) return [];
    const edit: Edit = (tree) =>
      others.reduce(
        (next, { id }) => remove(next, id),
        changeNode(tree, first.id, () => withoutOrigin({ ...first, test: { op: 'in', values } })),
      );
    const shown = { path: first.path, scope: scopeOfRow(first, root), values: values.map(String) };
    return [{ kind: 'twoValues', row: first.id, ...shown, fixes: [{ kind: 'oneOf', edit }] }];
  });
}

function byField({ children }: Group): ReadonlyMap<string, readonly Attribute[]> {
  const rows = children.filter((child): child is Attribute => child.kind === 'attribute' && child.path.length > 0);
  return Map.groupBy(rows, ({ of, path }) => `${of}\n${path.join('\n')}`);
}

/** Did in the last week, and did not in the last month: nobody. */
function contradictions({ children }: Group): readonly Hint[] {
  const rows = children.filter((child): child is EventRow => child.kind === 'event' && isAtLeastOnce(child));
  return rows
    .filter(({ did }) => !did)
    .flatMap((denied): Hint[] => {
      const claimed = rows.find((row) => row.did && subjectOf(row) === subjectOf(denied) && isWithin(row, denied));
      if (claimed === undefined) return [];
      const fixes: Fix[] = [{ kind: 'remove', edit: (tree) => remove(tree, denied.id) }];
      return [{ kind: 'contradiction', row: denied.id, other: claimed.id, fixes }];
    });
}

const isAtLeastOnce = ({ fold, did }: EventRow): boolean =>
  fold.kind === 'count' && fold.op === '>=' && (did ? fold.count >= 1 : fold.count === 1);

/** What it asks about, but for time and whether. */
function subjectOf({ types, where }: EventRow): string {
  const row: EventRow = { kind: 'event', id: '', types, did: true, fold: { kind: 'count', op: '>=', count: 1 } };
  const asked = where === undefined ? row : { ...row, where };
  return toPql({ kind: 'group', id: '', mode: 'all', children: [asked] });
}

/** Days of each unit at its shortest, so that nothing is said which might not be so. */
const DAYS: Readonly<Record<string, number>> = { second: 1 / 86_400, minute: 1 / 1440, hour: 1 / 24, day: 1, week: 7 };

function isWithin(inner: EventRow, outer: EventRow): boolean {
  if (outer.when === undefined) return true;
  const [short, long] = [lastDays(inner), lastDays(outer)];
  if (short !== undefined && long !== undefined) return short <= long;
  return JSON.stringify(inner.when) === JSON.stringify(outer.when);
}

function lastDays({ when }: EventRow): number | undefined {
  if (when?.form !== 'distance' || when.op !== '<=' || when.direction !== 'before') return undefined;
  const days = when.moment.kind === 'now' ? DAYS[when.unit] : undefined;
  return days === undefined ? undefined : days * when.count;
}

function byFigures(root: Group, { effects, size, total }: Counted): readonly Hint[] {
  if (total === 0 || root.mode !== 'all' || root.children.length < 2) return [];
  return size === 0 ? whyNobody(root, effects) : keepsEverybody(root, effects, total);
}

function keepsEverybody(root: Group, effects: Counted['effects'], total: number): readonly Hint[] {
  let before = total;
  return root.children.flatMap(({ id }): Hint[] => {
    const keeps = effects.get(id)?.keeps;
    if (keeps === undefined) return [];
    const isIdle = keeps === before;
    before = keeps;
    return isIdle ? [{ kind: 'keepsEverybody', row: id, fixes: [removing(id)] }] : [];
  });
}

const removing = (id: Id): Fix => ({ kind: 'remove', edit: (tree) => remove(tree, id) });

/** The one row without which there would be somebody; else where the last person is lost. */
function whyNobody(root: Group, effects: Counted['effects']): readonly Hint[] {
  const alone = root.children.find(({ id }) => (effects.get(id)?.alone ?? 0) < 0);
  if (alone !== undefined) {
    const people = Math.abs(effects.get(alone.id)?.alone ?? 0);
    return [{ kind: 'dropsEverybody', row: alone.id, people, fixes: [removing(alone.id)] }];
  }
  const last = root.children.find(({ id }) => effects.get(id)?.keeps === 0);
  return last === undefined ? [] : [{ kind: 'reachesNobody', row: last.id, fixes: [] }];
}
