/**
 * One constant offset between the machine's clock and the service's, so that data of another year can be replayed
 * as if it were now. The offset is added in every thread: timers still run at real speed.
 */

const RealDate = globalThis.Date;

/** Makes `Date.now()` and `new Date()` of this thread read the machine's clock plus `offsetMs`, from now on. */
export function shiftClock(offsetMs: number): void {
  if (offsetMs === 0) return;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [RealDate.now() + offsetMs] : given, newTarget),
    apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
    get: (target, property) =>
      property === 'now' ? () => RealDate.now() + offsetMs : Reflect.get(target, property, target),
  });
  // `date.constructor === Date` holds in an unshifted program, and libraries ask it.
  Object.defineProperty(RealDate.prototype, 'constructor', { value: globalThis.Date, configurable: true });
}

/** The offset that makes the clock read `start` at this moment. */
export function offsetTo(start: number): number {
  return start - RealDate.now();
}
