/**
 * The one tree behind `pql/text` and `pql/json`. Sugar is gone: `a[e]` and `a.filter(e)` are the same itemCall,
 * `a like b` and `a.like(b)` the same call, and `today` is `this day`.
 *
 * The parser leaves names open (`name`, `this`, `climb`, `parameter`); the checker replaces them by what they refer to
 * (`profile`, `events`, `item`, `variable`), numbers every binding (`slot`) and fills in `type`.
 */
import type { Type } from './types.ts';

/** Offsets count UTF-16 units from 0, `end` excluded; `line` and `column` are where it starts, from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

interface Base {
  readonly span: Span;
  readonly type: Type;
}

export type Unit =
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'year'
  | 'decade'
  | 'century'
  | 'millennium';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
/** `from` is another spelling of `after`. */
export type Direction = 'before' | 'after';

/** `literalType` timestamp exists only after checking: an ISO string opposite a timestamp. */
export interface Literal extends Base {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  readonly literalType: 'string' | 'integer' | 'double' | 'boolean' | 'null' | 'timestamp';
  /** Set by the checker opposite a path without a declared type: the literal takes the value's type at run time. */
  readonly adapts?: true;
}
export interface ListExpression extends Base {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
export interface ObjectExpression extends Base {
  readonly kind: 'object';
  readonly entries: readonly { readonly key: string; readonly value: Expression }[];
}
/** The first name of a path: a variable, or a field of some scope. Gone after checking. */
export interface Name extends Base {
  readonly kind: 'name';
  readonly name: string;
}
/** The item itself. Gone after checking. */
export interface This extends Base {
  readonly kind: 'this';
}
/** `^`, `^^`: the item that many scopes out. Gone after checking. */
export interface Climb extends Base {
  readonly kind: 'climb';
  readonly levels: number;
}
/** `$1`. Gone after checking. */
export interface Parameter extends Base {
  readonly kind: 'parameter';
  readonly position: number;
}
export interface Profile extends Base {
  readonly kind: 'profile';
}
/** `xEvent`: the profile's events in order; with a `leaf`, the rows of that leaf instead (incremental/plan.ts). */
export interface Events extends Base {
  readonly kind: 'events';
  readonly leaf?: number;
}
/** The item of the enclosing item scope, `depth` scopes out (0 is the innermost). */
export interface Item extends Base {
  readonly kind: 'item';
  readonly depth: number;
}
/** `slot` is the binding's number, unique in the expression. */
export interface Variable extends Base {
  readonly kind: 'variable';
  readonly name: string;
  readonly slot: number;
}
export interface Now extends Base {
  readonly kind: 'now';
}
/** `last month`, `this year`; `today`, `yesterday` and `tomorrow` are this, last and next day. */
export interface Period extends Base {
  readonly kind: 'period';
  readonly which: 'this' | 'last' | 'next';
  readonly unit: Unit;
}
/** `stored` says how the field is written in the data where reading it must convert: to a timestamp. */
export interface Field extends Base {
  readonly kind: 'field';
  readonly object: Expression;
  readonly name: string;
  readonly stored?: 'timestamp' | 'date';
}
/** A method's receiver is the first argument. The checker moves a case flag from `args` to `ignoreCase`. */
export interface Call extends Base {
  readonly kind: 'call';
  readonly fn: string;
  readonly args: readonly Expression[];
  readonly ignoreCase?: boolean;
}
/** A function whose body is evaluated per item: in a scope of its own, or by a lambda, which opens none. */
export interface ItemCall extends Base {
  readonly kind: 'itemCall';
  readonly fn: string;
  readonly list: Expression;
  readonly body: Expression | undefined;
  /** The n of topN and bottomN. */
  readonly args: readonly Expression[];
}
export interface Lambda extends Base {
  readonly kind: 'lambda';
  readonly params: readonly Binding[];
  readonly body: Expression;
}
/** `slot` is -1 before checking. */
export interface Binding {
  readonly name: string;
  readonly slot: number;
  readonly span: Span;
}
export interface Let extends Base {
  readonly kind: 'let';
  readonly binding: Binding;
  readonly value: Expression;
  readonly body: Expression;
}
export interface Declaration extends Binding {
  readonly source: Expression;
  /** A filter; under `forall` what every item must satisfy. */
  readonly condition: Expression | undefined;
}
export interface Select extends Base {
  readonly kind: 'select';
  readonly declarations: readonly Declaration[];
}
export interface Quantifier extends Base {
  readonly kind: 'quantifier';
  readonly fn: 'exists' | 'forall';
  readonly declarations: readonly Declaration[];
}
export type FoldName = 'sum' | 'average' | 'min' | 'max' | 'count';
export interface Fold extends Base {
  readonly kind: 'fold';
  readonly fn: FoldName;
  readonly body: Expression | undefined;
  readonly declarations: readonly Declaration[];
}
/** What follows `occurs`, and what stands in a step's WHEN. References are instants or intervals. */
export type When =
  | {
      readonly form: 'distance';
      readonly operator: Comparison;
      readonly count: number;
      readonly unit: Unit;
      readonly direction: Direction;
      readonly reference: Expression;
    }
  | { readonly form: 'direction'; readonly direction: Direction; readonly reference: Expression }
  | { readonly form: 'on'; readonly reference: Expression }
  | { readonly form: 'between'; readonly from: Expression; readonly to: Expression };
export interface Occurs extends Base {
  readonly kind: 'occurs';
  readonly operand: Expression;
  readonly when: When;
}
/**
 * A positive step takes at least `min` events and its label names the min-th; any other counts the matches between its
 * neighbours, which must be one of [min, max] (`except` for `!= n`).
 */
export interface StepCount {
  readonly min: number;
  readonly max: number;
  readonly except?: number;
  readonly positive: boolean;
}
export interface Step extends Binding {
  readonly what: Expression;
  readonly where: readonly Expression[];
  readonly when: readonly When[];
  readonly count: StepCount;
}
/** `time` is evaluated in the item's scope, as are `what` and `where`; `when` is not. */
export interface Chain extends Base {
  readonly kind: 'chain';
  readonly source: Expression;
  readonly time: Expression;
  readonly steps: readonly Step[];
}

export type Expression =
  | Literal
  | ListExpression
  | ObjectExpression
  | Name
  | This
  | Climb
  | Parameter
  | Profile
  | Events
  | Item
  | Variable
  | Now
  | Period
  | Field
  | Call
  | ItemCall
  | Lambda
  | Let
  | Select
  | Quantifier
  | Fold
  | Occurs
  | Chain;

/** An expression that `check` returned: names are resolved, literals coerced, nodes typed. */
export type Checked = Expression;
