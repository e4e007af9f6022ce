import { expect, test } from 'vitest';
import { eventFeatures, eventFeatureValues } from '#shared/propensity/event-features.ts';

const DAY = 86_400_000;
const cutoff = 1000 * DAY;
interface Purchase {
  readonly timestamp: number;
  readonly total?: number;
}
const signals = [
  { name: 'purchase', matches: () => true, amounts: [{ name: 'total', of: ({ total }: Purchase) => total }] },
];
const at = (daysBefore: number, total?: number): Purchase => ({
  timestamp: cutoff - daysBefore * DAY,
  ...(total && { total }),
});

function featuresOf(events: readonly Purchase[]): Record<string, unknown> {
  const values = eventFeatureValues(events, signals, cutoff);
  return Object.fromEntries(
    eventFeatures(signals).map(({ name }, index) => [name.replace('purchase: ', ''), values[index]]),
  );
}

test('recency, tenure, rhythm, counts and sums are as of the cutoff', () => {
  expect(featuresOf([at(100, 10), at(20, 30), at(5)])).toMatchObject({
    'days since the last': 5,
    'days since the first': 100,
    'days between': 47.5,
    'count, 7 days': 1,
    'count, 30 days': 2,
    'count, ever': 3,
    'total, 30 days': 30,
    'total, ever': 40,
    'total, mean': 20,
    'total, last': 30,
  });
});

test('what happens at or after the cutoff is not known yet', () => {
  expect(featuresOf([at(5, 1), at(0, 7), at(-3, 9)])).toEqual(featuresOf([at(5, 1)]));
});

test('somebody without such an event has no recency, and counts of nothing', () => {
  expect(featuresOf([])).toMatchObject({ 'days since the last': null, 'count, ever': 0, 'total, mean': null });
});
