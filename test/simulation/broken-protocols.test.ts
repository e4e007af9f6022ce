/**
 * The simulator put to the test: protocols that are known to lose, double or delay something must not pass for right.
 * Each is held against so many seeds; the first that shows it is enough.
 */
import { expect, test } from 'vitest';
import { BROKEN_PROTOCOLS } from '#local/simulator/broken/protocols.ts';
import type { Variant } from '#local/simulator/broken/variant.ts';
import { simulate } from '#local/simulator/simulation.ts';

const SEEDS_MAX = 120;

async function firstFailingSeed(variant: Variant): Promise<number | undefined> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const problems = await simulate(seed, { variant }).catch((error: unknown) => [String(error)]);
    if (problems.length > 0) return seed;
  }
  return undefined;
}

test.each(BROKEN_PROTOCOLS.map((variant) => [variant.name, variant] as const))(
  'to %s is caught',
  async (_, variant) => {
    expect(await firstFailingSeed(variant)).toBeDefined();
  },
);
