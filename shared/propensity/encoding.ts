/** From a person's feature values to the numbers that both learners take: numbers as they are, categories one-hot. */
import type { Column, Feature, FeatureValue, TrainingTable } from './training-table.ts';

/** One number a learner sees. */
export interface EncodedColumn {
  /** Index of the feature it comes from: contributions are summed by it. */
  readonly feature: number;
  /** The category whose presence it says; absent for a number. */
  readonly category?: string;
}

export interface Encoding {
  readonly features: readonly Feature[];
  readonly columns: readonly EncodedColumn[];
}

/** By column; NaN stands for no value. */
export interface Matrix {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

/** The most frequent get a column each. A rarer or unseen one has none of them, like somebody without the value. */
export const CATEGORIES_MAX = 30;
/** A category of fewer people tells more of them than of the outcome. */
const PEOPLE_OF_CATEGORY_MIN = 20;

export function fitEncoding(table: TrainingTable): Encoding {
  const columns = table.features.flatMap((_, feature): EncodedColumn[] => {
    const column = table.columns[feature] as Column;
    if (column.kind === 'number') return [{ feature }];
    return frequentCategories(column).map((category) => ({ feature, category }));
  });
  return { features: table.features, columns };
}

function frequentCategories({ codes, categories }: Extract<Column, { kind: 'category' }>): readonly string[] {
  const counts = new Int32Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] as number) + 1;
  return categories
    .map((category, code) => ({ category, count: counts[code] as number }))
    .filter(({ count }) => count >= PEOPLE_OF_CATEGORY_MIN)
    .sort((left, right) => right.count - left.count || (left.category < right.category ? -1 : 1))
    .slice(0, CATEGORIES_MAX)
    .map(({ category }) => category);
}

export function encodeTable(table: TrainingTable, { columns }: Encoding): Matrix {
  return {
    rows: table.labels.length,
    columns: columns.map(({ feature, category }) => {
      const column = table.columns[feature] as Column;
      if (column.kind === 'number') return column.values;
      const wanted = category === undefined ? -1 : column.categories.indexOf(category);
      return Float64Array.from(column.codes, (code) => (code === wanted && code >= 0 ? 1 : 0));
    }),
  };
}

/** One person's values as `encodeTable` would encode them, into `into` of as many numbers as the encoding has columns. */
export function encodeRow(values: readonly FeatureValue[], { columns }: Encoding, into: Float64Array): Float64Array {
  for (let index = 0; index < columns.length; index++) {
    const { feature, category } = columns[index] as EncodedColumn;
    const value = values[feature] ?? null;
    if (category !== undefined) into[index] = value !== null && String(value) === category ? 1 : 0;
    else into[index] = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
  }
  return into;
}
