/** Columns cut into bins of about equally many people, so that a tree looks at 254 places to split and not at every value. */
import type { Matrix } from './encoding.ts';

export const BINS_MAX = 254;
/** The bin of no value. */
export const MISSING_BIN = 0;

export interface BinnedColumn {
  /** A value is in bin b ≥ 1 where it is at most `upper[b − 1]` and above the one before; the last bound is infinite. */
  readonly upper: Float64Array;
  readonly bins: Uint8Array;
}

export function binColumns({ columns }: Matrix): readonly BinnedColumn[] {
  return columns.map((values) => {
    const upper = boundsOf(values);
    return {
      upper,
      bins: Uint8Array.from(values, (value) => (Number.isNaN(value) ? MISSING_BIN : 1 + binOf(value, upper))),
    };
  });
}

/** Halfway between neighbours, as many as there are values or, with more, at even shares of the people. */
function boundsOf(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = distinctOf(known);
  const cuts: number[] = [];
  if (distinct.length <= BINS_MAX) {
    for (let index = 1; index < distinct.length; index++)
      cuts.push(between(distinct[index - 1] as number, distinct[index] as number));
  } else {
    for (let bin = 1; bin < BINS_MAX; bin++) {
      const at = Math.floor((bin * known.length) / BINS_MAX);
      const cut = between(known[at - 1] as number, known[at] as number);
      if (known[at - 1] !== known[at] && cut !== cuts.at(-1)) cuts.push(cut);
    }
  }
  return Float64Array.from([...cuts, Number.POSITIVE_INFINITY]);
}

function distinctOf(sorted: Float64Array): readonly number[] {
  const distinct: number[] = [];
  for (const value of sorted) if (value !== distinct.at(-1)) distinct.push(value);
  return distinct;
}

/** Never the larger itself, which must stay on the other side. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

function binOf(value: number, upper: Float64Array): number {
  let low = 0;
  let high = upper.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (upper[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
