import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HyperLogLog, STANDARD_ERROR } from '#shared/schema/sketches/hyper-log-log.ts';
import { BUCKETS_MAX, Quantiles, RELATIVE_ERROR } from '#shared/schema/sketches/quantiles.ts';
import { TopValues } from '#shared/schema/sketches/top-values.ts';

const counterOf = (texts: Iterable<string>) => {
  const counter = new HyperLogLog();
  for (const text of texts) counter.add(text);
  return counter;
};
const numbered = (count: number, prefix = 'person-') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('how many different values there were', () => {
  test.each([0, 1, 2, 10, 100, 1_000, 3_000, 10_000, 100_000])('of %i is within three standard errors', (count) => {
    const estimates = ['a', 'user:', '2026-'].map((prefix) => counterOf(numbered(count, prefix)).estimate());
    for (const estimate of estimates)
      expect(Math.abs(estimate - count)).toBeLessThanOrEqual(3 * STANDARD_ERROR * count);
  });

  test('is unbiased over many sets', () => {
    const errors = numbered(200).map((prefix) => counterOf(numbered(2_000, prefix)).estimate() / 2_000 - 1);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);

    expect(Math.abs(mean)).toBeLessThan(STANDARD_ERROR / 4);
    expect(deviation).toBeLessThan(STANDARD_ERROR * 1.25);
    expect(deviation).toBeGreaterThan(STANDARD_ERROR * 0.75);
  });

  test('is the same in any order, in any number of parts, and with repetitions', () => {
    const parts = fc.array(fc.array(fc.string(), { maxLength: 30 }), { maxLength: 6 });
    fc.assert(
      fc.property(parts, (texts) => {
        const whole = counterOf([...texts.flat(), ...texts.flat()].reverse());
        const merged = new HyperLogLog();
        for (const part of texts) merged.merge(HyperLogLog.fromText(counterOf(part).toText()));
        expect(merged.toText()).toBe(whole.toText());
      }),
    );
  });
});

describe('the most frequent values', () => {
  const values = fc.array(fc.array(fc.integer({ min: 0, max: 40 }).map((n) => `v${Math.floor(n ** 2 / 40)}`)), {
    maxLength: 8,
  });
  const topOf = (texts: readonly string[], capacity: number) => {
    const top = new TopValues(capacity);
    for (const text of texts) top.add(text, 1);
    return top;
  };

  test('have counts that are at most their error too high, and none that is frequent is missing', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (parts, capacity) => {
        const merged = new TopValues(capacity);
        for (const part of parts) merged.merge(topOf(part, 1_000));
        const again = TopValues.fromJson(capacity, JSON.parse(JSON.stringify(merged.toJson())));
        const truth = new Map<string, number>();
        for (const value of parts.flat()) truth.set(value, (truth.get(value) ?? 0) + 1);

        const listed = again.list();
        expect(listed.length).toBeLessThanOrEqual(capacity);
        for (const { value, count, error } of listed) {
          expect(count).toBeGreaterThanOrEqual(truth.get(value) ?? 0);
          expect(count - error).toBeLessThanOrEqual(truth.get(value) ?? 0);
        }
        const { floor } = again.toJson();
        for (const [value, count] of truth) {
          if (count > floor) expect(listed.map((top) => top.value)).toContain(value);
        }
      }),
    );
  });

  test('merge with those of others that were cut off as well', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const merged = topOf(left.flat(), 5);
        merged.merge(topOf(right.flat(), 5));
        const truth = (value: string) => [...left.flat(), ...right.flat()].filter((each) => each === value).length;
        for (const { value, count, error } of merged.list()) {
          expect(count).toBeGreaterThanOrEqual(truth(value));
          expect(count - error).toBeLessThanOrEqual(truth(value));
        }
      }),
    );
  });

  test('are exact as long as all have a counter', () => {
    expect(topOf(['a', 'b', 'a'], 2).list()).toEqual([
      { value: 'a', count: 2, error: 0 },
      { value: 'b', count: 1, error: 0 },
    ]);
  });
});

describe('the spread of numbers', () => {
  const numbers = fc.array(fc.double({ min: 0.01, max: 9_999, noNaN: true }), { minLength: 1, maxLength: 200 });

  test('gives every quantile within its error, whatever the parts it was merged of', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0, max: 1, noNaN: true }), (left, right, share) => {
        const [one, other] = [left, right].map((part) => {
          const spread = new Quantiles();
          for (const value of part) spread.add(value, 1);
          return new Quantiles(JSON.parse(JSON.stringify(spread.toJson())));
        }) as [Quantiles, Quantiles];
        one.merge(other);
        const sorted = [...left, ...right].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;

        expect(Math.abs((one.quantile(share) as number) - exact)).toBeLessThanOrEqual(exact * (RELATIVE_ERROR + 1e-9));
        expect([one.min, one.max]).toEqual([sorted[0], sorted.at(-1)]);
      }),
    );
  });

  test('orders negative numbers, zero and positive ones', () => {
    const spread = new Quantiles();
    for (const value of [5, -3, 0, -100, 1e6]) spread.add(value, 1);
    const at = [0.2, 0.4, 0.6, 0.8, 1].map((share) => spread.quantile(share) as number);
    for (const [index, exact] of [-100, -3, 0, 5, 1e6].entries()) {
      expect(Math.abs((at[index] as number) - exact)).toBeLessThanOrEqual(Math.abs(exact) * RELATIVE_ERROR);
    }
  });

  test('of nothing is nothing', () => {
    expect(new Quantiles().quantile(0.5)).toBeUndefined();
  });

  test('keeps a bounded number of buckets, and the large numbers exact to the error', () => {
    const spread = new Quantiles();
    for (let exponent = -9; exponent <= 15; exponent += 0.01) spread.add(10 ** exponent, 1);

    expect(spread.toJson().buckets.length).toBeLessThanOrEqual(BUCKETS_MAX);
    expect(spread.quantile(0.99)).toBeGreaterThan(10 ** 14.76 * 0.94);
  });
});
