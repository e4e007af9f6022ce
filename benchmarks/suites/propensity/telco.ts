/** Telephone customers and whether they left: five folds, the mean area under the curve of each way to foretell it. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { dealFolds, fitBlend, marginsOf, mixed } from '#shared/propensity/blend.ts';
import { encodeTable } from '#shared/propensity/encoding.ts';
import { areaUnderCurve } from '#shared/propensity/metrics.ts';
import { type Feature, rowsOf, type TrainingTable, TrainingTableBuilder } from '#shared/propensity/training-table.ts';

const NUMBERS = new Set(['tenure', 'MonthlyCharges', 'TotalCharges', 'SeniorCitizen']);
const FOLDS = 5;

type Customer = Readonly<Record<string, string>>;

export function readTelco(path: string): TrainingTable {
  const customers = parse(readFileSync(path), { columns: true, bom: true }) as readonly Customer[];
  const features = Object.keys(customers[0] ?? {})
    .filter((name) => name !== 'customerID' && name !== 'Churn')
    .map((name): Feature => ({ name, kind: NUMBERS.has(name) ? 'number' : 'category' }));
  const builder = new TrainingTableBuilder(features);
  for (const customer of customers) {
    const values = features.map(({ name, kind }) =>
      kind === 'number' ? numberOf(customer[name]) : (customer[name] ?? null),
    );
    builder.add(values, customer.Churn === 'Yes');
  }
  return builder.build();
}

const numberOf = (text = '') => (text.trim() === '' ? null : Number(text));

export function measureTelco(table: TrainingTable, seed: number) {
  const folds = dealFolds(table, FOLDS, seed);
  const rows = Int32Array.from(folds, (_, row) => row);
  const sums = { logisticRegression: 0, boostedTrees: 0, blend: 0 };
  for (let fold = 0; fold < FOLDS; fold++) {
    const test = rowsOf(
      table,
      rows.filter((row) => folds[row] === fold),
    );
    const training = rowsOf(
      table,
      rows.filter((row) => folds[row] !== fold),
    );
    const { blend } = fitBlend(training);
    const { trees, regression } = marginsOf(blend, encodeTable(test, blend.encoding));
    sums.logisticRegression += areaUnderCurve(regression, test.labels) / FOLDS;
    sums.boostedTrees += areaUnderCurve(trees, test.labels) / FOLDS;
    sums.blend += areaUnderCurve(mixed(trees, regression, blend.weight), test.labels) / FOLDS;
  }
  return { people: table.labels.length, folds: FOLDS, ...sums };
}
