/** What a model learns from: people as rows, features as columns, and what then happened to each. Stored by column. */
import { invariant } from '#shared/kernel/invariant.ts';

export interface Feature {
  /** Unique in a model, and what an explanation names. */
  readonly name: string;
  readonly kind: 'number' | 'category';
}

/** `null` where the person has no such value. */
export type FeatureValue = number | string | null;

export interface NumberColumn {
  readonly kind: 'number';
  /** NaN stands for no value. */
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  /** Into `categories`; −1 stands for no value. */
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

export interface TrainingTable {
  readonly features: readonly Feature[];
  readonly columns: readonly Column[];
  /** 1 where the outcome occurred. */
  readonly labels: Uint8Array;
  /** Whose row it is: one person may have several, as of several instants. */
  readonly people: Int32Array;
}

const ROWS_AT_FIRST = 1024;

interface Growing {
  values: Float64Array | Int32Array;
  readonly codes: Map<string, number>;
}

/** Collects rows one by one; a row takes eight bytes a number and four a category. */
export class TrainingTableBuilder {
  readonly #features: readonly Feature[];
  readonly #columns: readonly Growing[];
  #labels = new Uint8Array(ROWS_AT_FIRST);
  #people = new Int32Array(ROWS_AT_FIRST);
  #rows = 0;

  constructor(features: readonly Feature[]) {
    this.#features = features;
    this.#columns = features.map(({ kind }) => ({
      values: kind === 'number' ? new Float64Array(ROWS_AT_FIRST) : new Int32Array(ROWS_AT_FIRST),
      codes: new Map(),
    }));
  }

  get rows(): number {
    return this.#rows;
  }

  /** `person`: the same number for rows of the same one; without it the row is somebody's only one. */
  add(values: readonly FeatureValue[], occurred: boolean, person = this.#rows): void {
    invariant(
      values.length === this.#features.length,
      `a row of ${values.length} values for ${this.#features.length} features`,
    );
    if (this.#rows === this.#labels.length) this.#grow();
    const row = this.#rows++;
    this.#labels[row] = occurred ? 1 : 0;
    this.#people[row] = person;
    for (const [index, column] of this.#columns.entries()) {
      const value = values[index] as FeatureValue;
      column.values[row] = this.#features[index]?.kind === 'number' ? numberOf(value) : codeOf(value, column.codes);
    }
  }

  #grow(): void {
    const length = this.#labels.length * 2;
    const labels = new Uint8Array(length);
    labels.set(this.#labels);
    this.#labels = labels;
    const people = new Int32Array(length);
    people.set(this.#people);
    this.#people = people;
    for (const column of this.#columns) {
      const grown = column.values instanceof Float64Array ? new Float64Array(length) : new Int32Array(length);
      grown.set(column.values);
      column.values = grown;
    }
  }

  build(): TrainingTable {
    const columns = this.#columns.map(({ values, codes }): Column => {
      const kept = values.slice(0, this.#rows);
      return kept instanceof Float64Array
        ? { kind: 'number', values: kept }
        : { kind: 'category', codes: kept, categories: [...codes.keys()] };
    });
    const labels = this.#labels.slice(0, this.#rows);
    return { features: this.#features, columns, labels, people: this.#people.slice(0, this.#rows) };
  }
}

const numberOf = (value: FeatureValue): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;

function codeOf(value: FeatureValue, codes: Map<string, number>): number {
  if (value === null) return -1;
  const text = String(value);
  const known = codes.get(text);
  if (known !== undefined) return known;
  codes.set(text, codes.size);
  return codes.size - 1;
}

/** The table of these rows, in this order. */
export function rowsOf(table: TrainingTable, rows: ArrayLike<number>): TrainingTable {
  const columns = table.columns.map(
    (column): Column =>
      column.kind === 'number'
        ? { kind: 'number', values: Float64Array.from(rows, (row) => column.values[row] as number) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) },
  );
  const labels = Uint8Array.from(rows, (row) => table.labels[row] as number);
  return { ...table, columns, labels, people: Int32Array.from(rows, (row) => table.people[row] as number) };
}
