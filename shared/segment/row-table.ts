/**
 * The times of a profile's rows, each under a number. An event that several leaves keep has its time written once; a leaf
 * names it by number. Numbers are given in order of arrival and stay until no leaf names them.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { RowTime } from '#shared/profile/profile-state.ts';

export class RowTable {
  readonly #times: Map<number, number>;
  readonly #numbers = new Map<StoredEvent, number>();
  #next: number;

  constructor(rows: readonly RowTime[]) {
    this.#times = new Map(rows.map(({ number, timestamp }) => [number, timestamp]));
    this.#next = (rows.at(-1)?.number ?? -1) + 1;
  }

  timeOf(number: number): number {
    const timestamp = this.#times.get(number);
    invariant(timestamp !== undefined, `a leaf names row ${number}, which the state does not hold`);
    return timestamp;
  }

  /** The same number for the same event object; a new one for one that it has not met. */
  numberOf(event: StoredEvent): number {
    const known = this.#numbers.get(event);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(event, number);
    this.#times.set(number, event.timestamp);
    return number;
  }

  /** The first time after an instant; infinity where there is none. */
  firstAfter(instant: number): number {
    let first = Number.POSITIVE_INFINITY;
    for (const timestamp of this.#times.values()) if (timestamp > instant && timestamp < first) first = timestamp;
    return first;
  }

  /** In the order of their numbers. */
  kept(isNamed: (number: number) => boolean): readonly RowTime[] {
    return [...this.#times]
      .filter(([number]) => isNamed(number))
      .sort(([left], [right]) => left - right)
      .map(([number, timestamp]) => ({ number, timestamp }));
  }
}
