/** Sums of gradients by bin, from which a tree's best split is read without another look at the people. */
import type { BinnedColumn } from './binning.ts';
import { MISSING_BIN } from './binning.ts';

export interface Gradients {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Three numbers a bin: sum of first and of second derivatives, people. */
const WIDTH = 3;

export interface HistogramLayout {
  /** Where a column's bins begin. */
  readonly offsets: Int32Array;
  readonly length: number;
}

export function layoutOf(columns: readonly BinnedColumn[]): HistogramLayout {
  const offsets = new Int32Array(columns.length);
  let length = 0;
  for (const [index, { upper }] of columns.entries()) {
    offsets[index] = length;
    length += (upper.length + 1) * WIDTH;
  }
  return { offsets, length };
}

export interface Totals {
  readonly first: number;
  readonly second: number;
  readonly people: number;
}

export function totalsOf(rows: Int32Array, { first, second }: Gradients): Totals {
  let sumFirst = 0;
  let sumSecond = 0;
  for (const row of rows) {
    sumFirst += first[row] as number;
    sumSecond += second[row] as number;
  }
  return { first: sumFirst, second: sumSecond, people: rows.length };
}

export function histogramOf(
  rows: Int32Array,
  columns: readonly BinnedColumn[],
  chosen: Int32Array,
  gradients: Gradients,
  layout: HistogramLayout,
): Float64Array {
  const histogram = new Float64Array(layout.length);
  for (const column of chosen) {
    fillColumn(histogram, layout.offsets[column] as number, rows, (columns[column] as BinnedColumn).bins, gradients);
  }
  return histogram;
}

function fillColumn(
  histogram: Float64Array,
  offset: number,
  rows: Int32Array,
  bins: Uint8Array,
  { first, second }: Gradients,
): void {
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    const at = offset + (bins[row] as number) * WIDTH;
    histogram[at] = (histogram[at] as number) + (first[row] as number);
    histogram[at + 1] = (histogram[at + 1] as number) + (second[row] as number);
    histogram[at + 2] = (histogram[at + 2] as number) + 1;
  }
}

/** The other child's histogram: the parent's without this one. */
export function without(parent: Float64Array, child: Float64Array): Float64Array {
  const rest = new Float64Array(parent.length);
  for (let index = 0; index < rest.length; index++) rest[index] = (parent[index] as number) - (child[index] as number);
  return rest;
}

export interface Split {
  readonly gain: number;
  readonly column: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
}

export interface SplitRules {
  readonly peopleOfLeafMin: number;
  readonly regularization: number;
}

const scoreOf = (first: number, second: number, regularization: number) => (first * first) / (second + regularization);

/** The split that lowers the loss most, if any does and leaves enough people on both sides. Ties go to the first column. */
export function bestSplit(
  histogram: Float64Array,
  columns: readonly BinnedColumn[],
  chosen: Int32Array,
  totals: Totals,
  layout: HistogramLayout,
  rules: SplitRules,
): Split | undefined {
  let best: Split | undefined;
  for (const column of chosen) {
    const offset = layout.offsets[column] as number;
    const bins = (columns[column] as BinnedColumn).upper.length;
    const missing = histogram[offset + MISSING_BIN * WIDTH + 2] as number;
    for (const missingLeft of missing > 0 ? [true, false] : [false]) {
      const found = splitColumn({ histogram, offset, bins, totals, rules, missingLeft });
      if (found && found.gain > (best?.gain ?? 1e-9)) best = { ...found, column, missingLeft };
    }
  }
  return best;
}

interface ColumnSplit {
  readonly histogram: Float64Array;
  readonly offset: number;
  readonly bins: number;
  readonly totals: Totals;
  readonly rules: SplitRules;
  readonly missingLeft: boolean;
}

function splitColumn({ histogram, offset, bins, totals, rules, missingLeft }: ColumnSplit) {
  const { regularization, peopleOfLeafMin } = rules;
  let first = missingLeft ? (histogram[offset] as number) : 0;
  let second = missingLeft ? (histogram[offset + 1] as number) : 0;
  let people = missingLeft ? (histogram[offset + 2] as number) : 0;
  const whole = scoreOf(totals.first, totals.second, regularization);
  let gain = 0;
  let at = -1;
  for (let bin = 1; bin < bins; bin++) {
    const from = offset + bin * WIDTH;
    first += histogram[from] as number;
    second += histogram[from + 1] as number;
    people += histogram[from + 2] as number;
    if (people < peopleOfLeafMin) continue;
    if (totals.people - people < peopleOfLeafMin) break;
    const right = scoreOf(totals.first - first, totals.second - second, regularization);
    const gained = scoreOf(first, second, regularization) + right - whole;
    if (gained <= gain) continue;
    gain = gained;
    at = bin;
  }
  return at < 0 ? undefined : { gain, bin: at };
}
