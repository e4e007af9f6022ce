/** A shop's customers: trained before a cutoff, judged at a later one, beside recency alone. */
import { readFileSync } from 'node:fs';
import { fitBlend, marginsOf, mixed } from '#shared/propensity/blend.ts';
import { encodeTable } from '#shared/propensity/encoding.ts';
import { eventFeatures, eventFeatureValues } from '#shared/propensity/event-features.ts';
import { areaUnderCurve } from '#shared/propensity/metrics.ts';
import { type NumberColumn, type TrainingTable, TrainingTableBuilder } from '#shared/propensity/training-table.ts';

const DAY_MS = 86_400_000;

export interface Purchase {
  readonly timestamp: number;
  readonly value: number;
  readonly units: number;
}

const SIGNALS = [
  {
    name: 'purchase',
    matches: () => true,
    amounts: [
      { name: 'value', of: ({ value }: Purchase) => value },
      { name: 'units', of: ({ units }: Purchase) => units },
    ],
  },
];

export function readCdnow(path: string): readonly (readonly Purchase[])[] {
  const people = new Map<string, Purchase[]>();
  for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [customer, date, units, value] = line.trim().split(/\s+/);
    if (customer === undefined || date === undefined || value === undefined) continue;
    const timestamp = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`);
    const purchases = people.get(customer) ?? [];
    people.set(customer, purchases);
    purchases.push({ timestamp, value: Number(value), units: Number(units) });
  }
  return [...people.values()].map((purchases) => purchases.sort((left, right) => left.timestamp - right.timestamp));
}

export interface Task {
  readonly name: string;
  readonly test: string;
  readonly windowDays: number;
  /** Only people who bought in so many days before the cutoff. */
  readonly activeDays?: number;
}

export const TASKS: readonly Task[] = [
  { name: 'purchase in 30 days', test: '1998-03-01', windowDays: 30 },
  { name: 'purchase in 90 days', test: '1998-01-01', windowDays: 90 },
  { name: 'purchase in 90 days, active in the last 45', test: '1998-01-01', windowDays: 90, activeDays: 45 },
];

export function measureCdnow(people: readonly (readonly Purchase[])[], task: Task) {
  const test = Date.parse(`${task.test}T00:00:00Z`);
  // One cutoff, whose window had ended when the judged one began.
  const training = tableAsOf(people, test - task.windowDays * DAY_MS, task);
  const judged = tableAsOf(people, test, task);
  const { blend } = fitBlend(training);
  const { trees, regression } = marginsOf(blend, encodeTable(judged, blend.encoding));
  const area = (scores: ArrayLike<number>) => areaUnderCurve(scores, judged.labels);
  return {
    task: task.name,
    people: judged.labels.length,
    occurred: judged.labels.reduce((sum, label) => sum + label, 0),
    recencyOnly: area((judged.columns[0] as NumberColumn).values.map((days) => -days)),
    logisticRegression: area(regression),
    boostedTrees: area(trees),
    blend: area(mixed(trees, regression, blend.weight)),
    weight: blend.weight,
  };
}

function tableAsOf(
  people: readonly (readonly Purchase[])[],
  cutoff: number,
  { windowDays, activeDays }: Task,
): TrainingTable {
  const builder = new TrainingTableBuilder(eventFeatures(SIGNALS));
  const activeFrom = activeDays === undefined ? Number.NEGATIVE_INFINITY : cutoff - activeDays * DAY_MS;
  for (const purchases of people) {
    if (!purchases.some(({ timestamp }) => timestamp < cutoff && timestamp >= activeFrom)) continue;
    const until = cutoff + windowDays * DAY_MS;
    const occurred = purchases.some(({ timestamp }) => timestamp >= cutoff && timestamp < until);
    builder.add(eventFeatureValues(purchases, SIGNALS, cutoff), occurred);
  }
  return builder.build();
}
