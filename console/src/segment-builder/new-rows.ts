/** Rows as they begin: what a tile of the rail becomes when it is put on the canvas. */
import type {
  Attribute,
  CodeRow,
  EventRow,
  Group,
  Mode,
  NewId,
  Node,
  Path,
  Scalar,
  Scope,
  SegmentRow,
  Sequence,
  Step,
  Test,
  When,
} from './model.ts';
import type { FieldKind } from './vocabulary.ts';

export type Tile =
  | {
      readonly kind: 'event';
      readonly type: string;
      readonly filter?: { readonly path: Path; readonly value: Scalar };
    }
  | {
      readonly kind: 'attribute';
      readonly path: Path;
      readonly fieldKind: FieldKind;
      readonly scope: Scope;
      /** With one the condition is whole. */
      readonly value?: Scalar;
    }
  | { readonly kind: 'segment'; readonly segmentId: string }
  | { readonly kind: 'sequence' | 'group' | 'code' };

export const LAST_30_DAYS: When = {
  form: 'distance',
  op: '<=',
  count: 30,
  unit: 'day',
  direction: 'before',
  moment: { kind: 'now' },
};

export function rowOf(tile: Tile, newId: NewId): Node {
  switch (tile.kind) {
    case 'event':
      return withValueFilter(newEvent([tile.type], newId), tile.filter, newId);
    case 'attribute': {
      const row = newAttribute(tile.path, tile.fieldKind, newId);
      return tile.value === undefined ? row : { ...row, test: isTest(tile.value) };
    }
    case 'segment':
      return { kind: 'segment', id: newId(), segmentId: tile.segmentId, in: true } satisfies SegmentRow;
    case 'sequence':
      return { kind: 'sequence', id: newId(), steps: [newStep(newId), newStep(newId)] } satisfies Sequence;
    case 'group':
      return newGroup('any', [], newId);
    case 'code':
      return { kind: 'code', id: newId(), text: '' } satisfies CodeRow;
  }
}

export const newEvent = (types: readonly string[], newId: NewId): EventRow => ({
  kind: 'event',
  id: newId(),
  types,
  did: true,
  fold: { kind: 'count', op: '>=', count: 1 },
  when: LAST_30_DAYS,
});

const isTest = (value: Scalar): Test => ({ op: '=', operand: { kind: 'value', value } });

function withValueFilter(row: EventRow, filter: Extract<Tile, { kind: 'event' }>['filter'], newId: NewId): EventRow {
  if (filter === undefined) return row;
  const { path, value } = filter;
  const condition: Attribute = {
    kind: 'attribute',
    id: newId(),
    path,
    of: 'item',
    test: isTest(value),
    negated: false,
  };
  return { ...row, where: newGroup('all', [condition], newId) };
}

export const newAttribute = (path: Path, kind: FieldKind, newId: NewId): Attribute => ({
  kind: 'attribute',
  id: newId(),
  path,
  of: 'item',
  test: firstTest(kind),
  negated: false,
});

/** A changed field begins anew: a value of the old one must not stay behind under the new one's name. */
export function firstTest(kind: FieldKind): Test {
  switch (kind) {
    case 'boolean':
      return { op: '=', operand: { kind: 'value', value: true } };
    case 'number':
      return { op: '>=' };
    case 'time':
      return { op: 'occurs', when: LAST_30_DAYS };
    case 'text':
      return { op: '=' };
  }
}

export const newGroup = (mode: Mode, children: readonly Node[], newId: NewId): Group => ({
  kind: 'group',
  id: newId(),
  mode,
  children,
});

export const newStep = (newId: NewId, excluded = false): Step => ({ id: newId(), types: [], excluded, count: 1 });
