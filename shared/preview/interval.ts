/**
 * How many of a population are so, from a sample drawn without replacement: Wilson's interval, which holds for rare and
 * for common things alike, with the correction for a population that the sample is a good part of.
 */

/** What a 95 % interval spans to either side, in standard deviations. */
const Z = 1.959963984540054;

/** How large the population is, and how well that is known. */
export interface Population {
  readonly size: number;
  /** Standard deviation of `size` as a share of it; 0 where everybody was counted. */
  readonly relativeError: number;
}

export interface Estimate {
  readonly size: number;
  /** Bounds of the 95 % interval, both included. Both are `size` where everybody was read. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

/** `read` were drawn, of which `matched` are so. */
export function estimate(matched: number, read: number, population: Population): Estimate {
  const size = Math.max(population.size, read);
  if (read === 0) return { size: 0, low: 0, high: Math.round(size), standardError: 0 };
  const share = matched / read;
  const { low, high } = wilson(share, read, size);
  const estimated = share * size;
  // The share and the population are found independently of one another: their errors add up in squares.
  const ofPopulation = Z * population.relativeError * estimated;
  const below = Math.hypot(estimated - low * size, ofPopulation);
  const above = Math.hypot(high * size - estimated, ofPopulation);
  const ofShare = size * Math.sqrt(((share * (1 - share)) / read) * unread(read, size));
  return {
    size: Math.round(estimated),
    low: Math.max(matched, Math.floor(estimated - below)),
    high: Math.min(Math.ceil(estimated + above), population.relativeError > 0 ? Infinity : size - read + matched),
    standardError: Math.round(Math.hypot(ofShare, population.relativeError * estimated)),
  };
}

/** The share of the population that was not drawn: what is known of those who were has no error. */
const unread = (read: number, size: number) => (size > 1 ? (size - read) / (size - 1) : 0);

function wilson(share: number, read: number, size: number): { readonly low: number; readonly high: number } {
  const correction = unread(read, size);
  if (correction <= 0) return { low: share, high: share };
  const z2 = (Z * Z * correction) / read;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = Math.sqrt(z2 * (share * (1 - share) + z2 / 4)) / (1 + z2);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
