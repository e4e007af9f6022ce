import { expect, test } from 'vitest';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import { areaUnderCurve, calibrationBins, gainsCurve, rocCurve } from '#shared/propensity/metrics.ts';

function pairwiseArea(scores: readonly number[], labels: Uint8Array): number {
  let sum = 0;
  let pairs = 0;
  for (const [one, label] of labels.entries()) {
    if (label === 0) continue;
    for (const [other, against] of labels.entries()) {
      if (against === 1) continue;
      pairs++;
      sum += (scores[one] as number) > (scores[other] as number) ? 1 : scores[one] === scores[other] ? 0.5 : 0;
    }
  }
  return sum / pairs;
}

test.each([1, 2, 3, 4, 5])(
  'the area under the curve is the share of pairs in the right order, ties half (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    const scores = Array.from({ length: 120 }, () => Math.floor(random.next() * 10));
    const labels = Uint8Array.from(scores, (score) => (random.next() * 10 < score ? 1 : 0));

    expect(areaUnderCurve(scores, labels)).toBeCloseTo(pairwiseArea(scores, labels), 12);
  },
);

test('everybody is all of the gains, and the lift of everybody is one', () => {
  const points = gainsCurve([3, 1, 2, 4], Uint8Array.of(1, 0, 0, 1), 4);

  expect(points.map(({ gain }) => gain)).toEqual([0.5, 1, 1, 1]);
  expect(points[0]).toEqual({ share: 0.25, gain: 0.5, lift: 2 });
  expect(points.at(-1)?.lift).toBe(1);
});

test('the curve of a perfect order goes up before it goes right', () => {
  const points = rocCurve([4, 3, 2, 1], Uint8Array.of(1, 1, 0, 0));

  expect(points[2]).toEqual({ falsePositiveRate: 0, truePositiveRate: 1 });
  expect(points.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
});

test('people of equal probability are counted against what then happened', () => {
  const bins = calibrationBins([0.1, 0.1, 0.9, 0.9], Uint8Array.of(0, 0, 1, 0), 2);

  expect(bins).toEqual([
    { people: 2, expected: 0.1, actual: 0 },
    { people: 2, expected: 0.9, actual: 0.5 },
  ]);
});
