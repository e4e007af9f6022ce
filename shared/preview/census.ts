/**
 * How many profiles a sandbox has, kept from what previews read anyway: each reads whole segments of the table, chosen at
 * random, so profiles found over share of the table read is an unbiased count. Nobody ever scans a table to count it.
 */
import type { Population } from './interval.ts';

/** Some segments of the table, and what was found in them. */
export interface Sighting {
  /** Of the whole table; what several previews read adds up, and may pass 1. */
  readonly share: number;
  /** Profiles of the sandbox. */
  readonly found: number;
  /** Profiles of any sandbox: what reading costs goes by these. */
  readonly scanned: number;
}

export interface Census extends Sighting {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Into how many segments previews cut the table. */
  readonly totalSegments: number;
  /** Whether `found` is everybody. */
  readonly isExact: boolean;
  /** Of the previews that are in it: one that is read again with the same seed sees the same profiles again. */
  readonly seeds: readonly string[];
}

/** What was seen is worth half after an hour: tables grow. */
const HALF_LIFE_MS = 3_600_000;
/** For so long a table is cut as it was, and profiles that are read again are not news. */
export const CENSUS_FRESH_MS = 600_000;
const SEEDS_MAX = 32;

export const NOTHING_SEEN: Sighting = { share: 0, found: 0, scanned: 0 };

const add = (left: Sighting, right: Sighting): Sighting => ({
  share: left.share + right.share,
  found: left.found + right.found,
  scanned: left.scanned + right.scanned,
});

export interface Counted extends Sighting {
  readonly seed: string;
  readonly totalSegments: number;
  readonly isExact: boolean;
}

/** With what a finished preview saw. */
export function withPreview(census: Census | undefined, seen: Counted, at: number): Census {
  const { share, found, scanned, seed, totalSegments, isExact } = seen;
  const own = { share, found, scanned };
  if (isExact || census === undefined || census.isExact || census.totalSegments !== totalSegments) {
    return { ...own, at, totalSegments, isExact, seeds: [seed] };
  }
  if (holds(census, seed, at)) return census;
  return {
    ...add(faded(census, at), own),
    at: Math.max(at, census.at),
    totalSegments,
    isExact: false,
    seeds: [...census.seeds, seed].slice(-SEEDS_MAX),
  };
}

const holds = ({ seeds, at: seenAt }: Census, seed: string, at: number) =>
  seeds.includes(seed) && at - seenAt < CENSUS_FRESH_MS;

function faded({ share, found, scanned, at: seenAt }: Census, at: number): Sighting {
  const weight = 0.5 ** (Math.max(0, at - seenAt) / HALF_LIFE_MS);
  return { share: share * weight, found: found * weight, scanned: scanned * weight };
}

export interface KnownBefore extends Sighting {
  /** Whether what a preview of this seed sees is in it already. */
  readonly holdsSeed: boolean;
}

/** What is known besides what a preview sees itself. */
export function knownBefore(census: Census | undefined, seed: string, at: number): KnownBefore {
  if (census === undefined || census.isExact) return { ...NOTHING_SEEN, holdsSeed: false };
  return { ...faded(census, at), holdsSeed: holds(census, seed, at) };
}

/** The sandbox's profiles, from what was known before and what was seen since. */
export function populationOf(before: KnownBefore, own: Sighting): Population {
  const { share, found } = before.holdsSeed ? before : add(before, own);
  if (found <= 0 || share <= 0) return { size: own.found, relativeError: 1 };
  return { size: found / share, relativeError: 1 / Math.sqrt(found) };
}
