/** Processor time and its statistics. Wall clock says little on a machine that others use too. */

/** Of this process, all threads, in microseconds. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const quantiles = (values: readonly number[]) => ({
  p50: round(quantile(values, 0.5)),
  p90: round(quantile(values, 0.9)),
  p95: round(quantile(values, 0.95)),
  p99: round(quantile(values, 0.99)),
});

/** To three significant digits: more would claim a precision that is not there. */
export const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(3)) : value);
