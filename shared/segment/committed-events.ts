/**
 * A profile's committed events during one update: in its tail, and in history, which is read only when it must be and as a
 * whole once. The first late event is looked up at its time alone; a second one is a sign of more to come.
 */

import type { ReceivedEvent, StoredEvent } from '#shared/profile/experience-event.ts';
import { unpackAll } from '#shared/profile/history.ts';
import type { ProfileState } from '#shared/profile/profile-state.ts';
import { lookupFor } from '#shared/profile/recent-events.ts';

/** Events in history chunks: those of chunks that may hold this instant, or all. */
export type ReadHistory = (containing?: number) => Promise<readonly StoredEvent[]>;

const idsOf = (events: readonly StoredEvent[]): ReadonlySet<string> => new Set(events.map(({ _id }) => _id));

export class CommittedEvents {
  readonly #state: ProfileState;
  readonly #readHistory: ReadHistory;
  #tail: readonly StoredEvent[] | undefined;
  #tailIds: ReadonlySet<string> | undefined;
  #history: readonly StoredEvent[] | undefined;
  #historyIds: ReadonlySet<string> | undefined;
  #looksAtTimes = 0;

  constructor(state: ProfileState, readHistory: ReadHistory) {
    this.#state = state;
    this.#readHistory = readHistory;
  }

  async has(received: ReceivedEvent): Promise<boolean> {
    const lookup = lookupFor(this.#state, received);
    if (lookup === 'nowhere') return false;
    const { _id: id, timestamp } = received.event;
    this.#tailIds ??= idsOf(this.#unpackedTail());
    if (this.#tailIds.has(id)) return true;
    const isFirst = this.#history === undefined && this.#looksAtTimes === 0;
    if (lookup === 'at-its-time' && isFirst) {
      this.#looksAtTimes += 1;
      return (await this.#readHistory(timestamp)).some(({ _id }) => _id === id);
    }
    this.#historyIds ??= idsOf(await this.#wholeHistory());
    return this.#historyIds.has(id);
  }

  /** Of tail and history, in no order; an event may stand in both. */
  async all(): Promise<readonly StoredEvent[]> {
    return [...(await this.#wholeHistory()), ...this.#unpackedTail()];
  }

  #unpackedTail(): readonly StoredEvent[] {
    this.#tail ??= unpackAll(this.#state.tail);
    return this.#tail;
  }

  async #wholeHistory(): Promise<readonly StoredEvent[]> {
    this.#history ??= await this.#readHistory();
    return this.#history;
  }
}
