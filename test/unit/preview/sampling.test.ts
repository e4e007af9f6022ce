/** Whether previews say what is so: over tables whose truth is known, from fixed seeds. */
import { describe, expect, test } from 'vitest';
import { estimate } from '#shared/preview/interval.ts';
import { segmentsInOrder } from '#shared/preview/segment-order.ts';
import {
  type Cut,
  cutFor,
  isWholeRead,
  type Look,
  nextLook,
  ROWS_MAX,
  rowsPerSegment,
  TOTAL_SEGMENTS_MAX,
} from '#shared/preview/table-cut.ts';
import { finishedPreview, madeTable, runTrials } from '../../../scripts/preview-trials/trials.ts';

describe('in at least 93 of 100 previews the 95 % interval holds the truth', () => {
  test.each([0.5, 0.2, 0.05, 0.01, 0.002])('of a segment with a share of %f', (share) => {
    const table = madeTable(150_000, share, `table-${share}`);

    const { held, missed } = runTrials(table, 100, `trial-${share}`);

    expect(held, `missed by ${missed}`).toBeGreaterThanOrEqual(93);
  });
});

/** Nine tenths of the profiles in a tenth of the segments, and hardly a member anywhere else. */
function skewedTable(segments: number) {
  const isCrowded = (segment: number) => segment % 10 === 0;
  return Array.from({ length: segments }, (_, segment) => {
    const profiles = isCrowded(segment) ? 81 + (segment % 7) : 1;
    return { profiles, members: isCrowded(segment) ? Math.floor(profiles * 0.6) : 0 };
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

test('members found over the share of segments read are on average as many as there are, however segments are filled', () => {
  const table = skewedTable(256);
  const truth = sum(table.map(({ members }) => members));
  const trials = 4000;

  const estimates = Array.from({ length: trials }, (_, trial) => {
    const chosen = segmentsInOrder(`unbiased-${trial}`, 256, 0, 16);
    return sum(chosen.map((segment) => table[segment]?.members ?? 0)) * 16;
  });

  const mean = sum(estimates) / trials;
  const deviation = Math.sqrt(sum(estimates.map((each) => (each - mean) ** 2)) / (trials - 1) / trials);
  expect(Math.abs(mean - truth)).toBeLessThan(3.5 * deviation);
  expect(deviation).toBeLessThan(truth * 0.02);
});

test('every segment is as likely to be read as any other, early or late', () => {
  const [total, read, trials] = [64, 8, 8000];
  const counts = Array.from({ length: total }, () => 0);
  for (let trial = 0; trial < trials; trial++) {
    for (const segment of segmentsInOrder(`even-${trial}`, total, 4, 4 + read))
      counts[segment] = (counts[segment] ?? 0) + 1;
  }

  const expected = (trials * read) / total;
  const chiSquare = sum(counts.map((count) => (count - expected) ** 2 / expected));
  // 63 degrees of freedom: one table in a thousand would pass 103.4 by chance.
  expect(chiSquare).toBeLessThan(103.4);
});

describe('an order of segments', () => {
  test('holds each segment once', () => {
    expect([...segmentsInOrder('once', 100, 0, 100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    );
  });

  test('goes on where it was left', () => {
    const whole = segmentsInOrder('on', 1000, 0, 40);
    expect([...segmentsInOrder('on', 1000, 0, 15), ...segmentsInOrder('on', 1000, 15, 40)]).toEqual(whole);
  });

  test('is the same for the same seed and another for another', () => {
    expect(segmentsInOrder('seed', 1000, 0, 9)).toEqual(segmentsInOrder('seed', 1000, 0, 9));
    expect(segmentsInOrder('seed', 1000, 0, 9)).not.toEqual(segmentsInOrder('seed2', 1000, 0, 9));
  });
});

describe('a small table', () => {
  test('is read whole, and then there is no error', () => {
    const table = madeTable(40_000, 0.3, 'small');
    const preview = finishedPreview(table, 'any');

    expect(preview.tally).toMatchObject({ read: 40_000, matched: table.members });
    expect(estimate(table.members, 40_000, { size: 40_000, relativeError: 0 })).toEqual({
      size: table.members,
      low: table.members,
      high: table.members,
      standardError: 0,
    });
  });

  test('is one that holds no more than a preview reads of any table', () => {
    expect(isWholeRead(cutFor(35_000))).toBe(true);
    expect(isWholeRead(cutFor(ROWS_MAX * 2))).toBe(false);
  });
});

describe('what a preview reads', () => {
  test('ends early for what is common, and goes on for what is rare', () => {
    const common = finishedPreview(madeTable(200_000, 0.4, 'common'), 's');
    const rare = finishedPreview(madeTable(200_000, 0.001, 'rare'), 's');

    expect(common.tally.read).toBeLessThan(20_000);
    expect(rare.tally.read).toBeGreaterThan(30_000);
    expect(rare.tally.read).toBeLessThan(ROWS_MAX * 2);
  });

  test('is cut as it was as long as that is about right', () => {
    expect(cutFor(100_000, 1024)).toBe(1024);
    expect(cutFor(100_000, 2048)).toBe(2048);
    expect(cutFor(1_000_000, 2048)).toBe(16_384);
    expect(cutFor(0)).toBe(1);
    expect(cutFor(1e12)).toBe(TOTAL_SEGMENTS_MAX);
  });

  const looksOf = (cut: Cut) => {
    const looks: Look[] = [];
    for (let look = nextLook(cut, 0); look !== undefined; look = nextLook(cut, look.segments)) looks.push(look);
    return looks;
  };

  test('grows from look to look until nothing is left', () => {
    const looks = looksOf({ totalSegments: 70, rowsPerSegment: 64 });

    expect(looks.map(({ segments }) => segments)).toEqual([8, 16, 32, 48, 64, 70]);
    expect(looks.map(({ isLast, mayEnd }) => isLast || mayEnd)).toEqual([false, false, false, false, false, true]);
  });

  test('may end at three looks only, about 10,000, 20,000 and 40,000 profiles, and ends at 50,000', () => {
    const looks = looksOf({ totalSegments: 4096, rowsPerSegment: 64 });

    expect(looks.filter(({ mayEnd }) => mayEnd).map(({ segments }) => segments)).toEqual([157, 314, 628]);
    expect(looks.at(-1)).toEqual({ segments: 782, isLast: true, mayEnd: false });
  });

  test('is as much of a table past the finest cut, in fewer segments', () => {
    const rows = 1e9;
    const totalSegments = cutFor(rows);
    const looks = looksOf({ totalSegments, rowsPerSegment: rowsPerSegment(rows, totalSegments) });

    expect(looks.map(({ segments }) => segments).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(looks.at(-1)?.segments).toBe(25);
    expect(rowsPerSegment(100_000, 2048)).toBe(64);
  });
});

describe('an interval', () => {
  const population = { size: 1000, relativeError: 0 };

  test('is never outside of what was seen', () => {
    expect(estimate(0, 500, population)).toMatchObject({ size: 0, low: 0 });
    expect(estimate(0, 500, population).high).toBeGreaterThan(0);
    expect(estimate(500, 500, population)).toMatchObject({ size: 1000, high: 1000 });
    expect(estimate(500, 500, population).low).toBeGreaterThanOrEqual(500);
  });

  test('of nobody says nothing but that it is not more than everybody', () => {
    expect(estimate(0, 0, population)).toEqual({ size: 0, low: 0, high: 1000, standardError: 0 });
  });

  test('is narrower the more of the population was read', () => {
    const width = (read: number) => {
      const { low, high } = estimate(read / 2, read, population);
      return high - low;
    };
    expect(width(100)).toBeGreaterThan(width(500));
    expect(width(500)).toBeGreaterThan(width(990));
    expect(width(1000)).toBe(0);
  });

  test('is wider where it is not known how many there are', () => {
    const known = estimate(50, 100, { size: 10_000, relativeError: 0 });
    const guessed = estimate(50, 100, { size: 10_000, relativeError: 0.1 });
    expect(guessed.high - guessed.low).toBeGreaterThan(known.high - known.low);
  });
});
