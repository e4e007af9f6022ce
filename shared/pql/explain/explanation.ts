/** Why an expression is true or false of one profile, part by part, with what it rests on. */

export interface Explanation {
  /** What the expression comes to, as a truth. */
  readonly outcome: boolean;
  /** When it may next come out differently though nothing arrives; absent if it never will. */
  readonly nextFlip?: Flip;
  /** A minimal set of conditions whose values decide the outcome, whatever the others are. Empty for a constant. */
  readonly deciding: readonly DecidingCondition[];
  readonly root: ExplanationNode;
  /** Whether anything below was left out for its size. */
  readonly truncated: boolean;
}

/** `certain`: at that instant it comes out differently. Else: not before it, and no further was looked. */
export interface Flip {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly certain: boolean;
}

export interface DecidingCondition extends Place {
  readonly outcome: boolean;
}

/** Where in the source, in UTF-16 units from 0, `end` excluded, and its canonical text. */
interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type ExplanationKind =
  | 'and'
  | 'or'
  | 'not'
  | 'if'
  | 'let'
  /** A comparison or any other function that gives true or false. */
  | 'test'
  /** `occurs`. */
  | 'time'
  | 'quantifier'
  | 'chain'
  /** One step of a chain. */
  | 'step'
  /** `inSegment`. */
  | 'membership'
  /** A condition on each item of a list: `passed` says for how many it holds. */
  | 'condition'
  | 'attribute'
  | 'events'
  /** A list cut down by conditions. */
  | 'filter'
  /** `count`, `sum` and their like. */
  | 'aggregate'
  | 'field'
  | 'variable'
  | 'value';

export interface ExplanationNode extends Place {
  readonly kind: ExplanationKind;
  /** As JSON shows it, cut to a size; an event in it is its id. */
  readonly value: unknown;
  /** The value as a truth, where the expression asks for one. */
  readonly outcome?: boolean;
  /** Whether it is, or holds, one of the deciding conditions. */
  readonly decisive: boolean;
  /** Whether the whole would come out differently if this alone did. */
  readonly sensitive: boolean;
  readonly children: readonly ExplanationNode[];
  readonly evidence?: Evidence;
  readonly need?: Need;
  readonly nextFlip?: Flip;
  /** Of a condition on items, or a step: for how many of the items it holds. */
  readonly passed?: number;
  /** Of a membership: the id or name that is asked about. */
  readonly segment?: string;
  /** Of a step: whether the chain up to here can be fulfilled. */
  readonly reached?: boolean;
  /** Something of this node was left out: children, or part of its value or text. */
  readonly truncated?: true;
}

/** Which items of a list a part rests on. */
export interface Evidence {
  readonly matched: number;
  readonly total: number;
  /** Newest first: what matched, then what only just did not. Empty where the items are no events. */
  readonly events: readonly EvidenceEvent[];
  /** More events matched, or nearly did, than are listed. */
  readonly truncated: boolean;
}

export interface EvidenceEvent {
  readonly eventId: string;
  readonly timestamp: number | null;
  readonly eventType?: string;
  readonly matched: boolean;
  /** The conditions that it fails. */
  readonly why?: readonly string[];
  /** What it contributes to the aggregate. */
  readonly contributes?: unknown;
  /** The first instant at which it no longer matches, epoch milliseconds. */
  readonly countsUntil?: number;
}

/** A number against a literal one: what there is, what is wanted, and what is missing between the two. */
export interface Need {
  readonly have: number | null;
  readonly comparison: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly want: number;
  readonly unit?: 'events' | 'items' | 'values' | 'steps';
  readonly shortBy?: number;
  readonly overBy?: number;
}
