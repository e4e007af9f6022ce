/** What a definition costs a profile that it concerns: bytes of state, and when it is looked at. */
import type { Plan } from './plan.ts';

export interface Estimate {
  readonly stateBytes: {
    /** With ten matching events a leaf, or as many as it keeps if that is fewer. */
    readonly typical: number;
    /** With as many as are kept in the state at all; more are read from history instead. */
    readonly most: number;
  };
  /** Event types whose arrival makes it look again. */
  readonly evaluatedOn: readonly string[] | 'any';
  /** Each evaluation reads the profile's stored events. */
  readonly readsHistory: boolean;
}

const TYPICAL_ROWS = 10;
/** Its number in the leaf and its share of the time that leaves have in common. */
const ROW_BYTES = 4;
const FIELD_BYTES = 8;
const FLAGS_BYTES = 1;
/** Ordinal and length of the leaf. */
const LEAF_BYTES = 3;
/** Ordinal in a group of memberships that share a time. */
const MEMBERSHIP_BYTES = 2;

/** `leafBytesMax`: beyond it a leaf is not kept in the state. */
export function estimate({ leaves, evaluationClass }: Plan, leafBytesMax: number): Estimate {
  const bytesOf = ({ fields, flags, keep }: Plan['leaves'][number], rows: number) => {
    const row = ROW_BYTES + fields.length * FIELD_BYTES + (flags.length > 0 ? FLAGS_BYTES : 0);
    return LEAF_BYTES + Math.min(leafBytesMax, row * Math.min(rows, keep.newest ?? rows));
  };
  const sum = (rows: number) => leaves.reduce((bytes, leaf) => bytes + bytesOf(leaf, rows), MEMBERSHIP_BYTES);
  const types = leaves.flatMap(({ eventTypes }) => eventTypes);
  const isReplayed = evaluationClass === 'replay';
  return {
    stateBytes: { typical: sum(TYPICAL_ROWS), most: sum(Number.MAX_SAFE_INTEGER) },
    evaluatedOn: isReplayed || leaves.some(({ eventTypes }) => eventTypes === 'any') ? 'any' : [...new Set(types)],
    readsHistory: isReplayed,
  };
}
