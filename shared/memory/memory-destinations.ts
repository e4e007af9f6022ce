/** Destinations and their lanes for tests: the same conditions as the table's. */
import type {
  DeliveryLanes,
  DeliveryMessage,
  DeliveryQueue,
  Lane,
  LaneHold,
  LaneKey,
  LaneProgress,
  RefusedBatch,
  Taken,
} from '#shared/activation/delivery-lane.ts';
import type { DecidedBy, Destination, DestinationStore, StandingDestinations } from '#shared/activation/destination.ts';

export class MemoryDestinationStore implements DestinationStore {
  readonly #kept = new Map<string, Destination>();
  readonly #revisions = new Map<string, number>();

  async find(sandboxName: string, id: string): Promise<Destination | undefined> {
    return this.#kept.get(`${sandboxName}#${id}`);
  }

  async list(sandboxName: string): Promise<readonly Destination[]> {
    return [...this.#kept.values()].filter((kept) => kept.sandboxName === sandboxName);
  }

  async standing(sandboxName: string): Promise<StandingDestinations> {
    return { destinations: await this.list(sandboxName), revision: this.#revisions.get(sandboxName) ?? 0 };
  }

  /** The rules are kept elsewhere: their version is not looked at. */
  async put(before: Destination | undefined, after: Destination, decidedBy?: DecidedBy): Promise<boolean> {
    const { sandboxName, id } = after;
    const key = `${sandboxName}#${id}`;
    const revision = this.#revisions.get(sandboxName) ?? 0;
    if (this.#kept.get(key)?.version !== before?.version) return false;
    if (decidedBy !== undefined && decidedBy.revision !== revision) return false;
    this.#kept.set(key, structuredClone(after));
    if (decidedBy !== undefined) this.#revisions.set(sandboxName, revision + 1);
    return true;
  }

  async remove({ sandboxName, id, version }: Destination): Promise<boolean> {
    const key = `${sandboxName}#${id}`;
    return this.#kept.get(key)?.version === version && this.#kept.delete(key);
  }
}

const textOf = ({ sandboxName, destinationId, shard }: LaneKey) => `${sandboxName}#${destinationId}#${shard}`;
const UNTOUCHED = { position: 0, failures: 0, wanted: 0, heldUntil: 0, delivered: 0, lost: 0, withheld: 0 };

export class MemoryDeliveryLanes implements DeliveryLanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #refused = new Map<string, RefusedBatch>();

  async begin(key: LaneKey, position: number): Promise<void> {
    if (!this.#lanes.has(textOf(key))) this.#put({ ...UNTOUCHED, ...plain(key), position });
  }

  async list(sandboxName: string, destinationId: string): Promise<readonly Lane[]> {
    const all = [...this.#lanes.values()].sort((left, right) => left.shard - right.shard);
    return all.filter((lane) => lane.sandboxName === sandboxName && lane.destinationId === destinationId);
  }

  async take(key: LaneKey, { now, heldUntil, attempt }: LaneHold): Promise<Taken> {
    const known = this.#lanes.get(textOf(key)) ?? { ...UNTOUCHED, ...plain(key) };
    const seen = this.#put({ ...known, wanted: known.wanted + 1 });
    if (seen.heldUntil >= now) return 'held';
    if (seen.failures > attempt) return 'waiting';
    return this.#put({ ...seen, heldUntil });
  }

  async advance(lane: Lane, progress: LaneProgress): Promise<Lane | undefined> {
    const known = this.#lanes.get(textOf(lane));
    if (known === undefined || known.heldUntil !== lane.heldUntil) return undefined;
    const { delivered = 0, lost = 0, withheld = 0, letsGo, lastError, ...set } = progress;
    const { lastError: previous, ...rest } = known;
    const error = lastError === undefined ? previous : (lastError ?? undefined);
    return this.#put({
      ...rest,
      ...set,
      ...(error !== undefined && { lastError: error }),
      delivered: known.delivered + delivered,
      lost: known.lost + lost,
      withheld: known.withheld + withheld,
      ...(letsGo && { heldUntil: 0 }),
    });
  }

  async letGo(lane: Lane): Promise<boolean> {
    const known = this.#lanes.get(textOf(lane));
    if (known?.heldUntil !== lane.heldUntil || known.wanted !== lane.wanted) return false;
    this.#put({ ...known, heldUntil: 0 });
    return true;
  }

  async forgive(key: LaneKey): Promise<void> {
    const known = this.#lanes.get(textOf(key));
    if (known !== undefined) this.#put({ ...known, failures: 0 });
  }

  async removeAll(sandboxName: string, destinationId: string): Promise<void> {
    for (const lane of await this.list(sandboxName, destinationId)) this.#lanes.delete(textOf(lane));
    for (const batch of await this.listRefused(sandboxName, destinationId, Number.POSITIVE_INFINITY)) {
      await this.removeRefused(batch);
    }
  }

  async setAside(batch: RefusedBatch): Promise<void> {
    this.#refused.set(refusedText(batch), batch);
  }

  async findRefused(sandboxName: string, destinationId: string, id: string): Promise<RefusedBatch | undefined> {
    return this.#refused.get(refusedText({ sandboxName, destinationId, id }));
  }

  async listRefused(sandboxName: string, destinationId: string, limit: number): Promise<readonly RefusedBatch[]> {
    return [...this.#refused.values()]
      .filter((batch) => batch.sandboxName === sandboxName && batch.destinationId === destinationId)
      .sort((left, right) => (left.id < right.id ? -1 : 1))
      .slice(0, limit);
  }

  async removeRefused(batch: RefusedBatch): Promise<void> {
    this.#refused.delete(refusedText(batch));
  }

  #put(lane: Lane): Lane {
    this.#lanes.set(textOf(lane), lane);
    return lane;
  }
}

const plain = ({ sandboxName, destinationId, shard }: LaneKey): LaneKey => ({ sandboxName, destinationId, shard });

const refusedText = ({ sandboxName, destinationId, id }: Pick<RefusedBatch, 'sandboxName' | 'destinationId' | 'id'>) =>
  `${sandboxName}#${destinationId}#${id}`;

/** What was sent, with its delay, to be handled when a test says so. */
export class MemoryDeliveryQueue implements DeliveryQueue {
  readonly sent: { readonly message: DeliveryMessage; readonly delaySeconds: number }[] = [];

  async send(messages: readonly DeliveryMessage[], delaySeconds = 0): Promise<void> {
    this.sent.push(...messages.map((message) => ({ message, delaySeconds })));
  }

  /** The one that would come next. */
  take(): DeliveryMessage | undefined {
    const next = this.sent.reduce<number>(
      (best, { delaySeconds }, index) => (delaySeconds < (this.sent[best]?.delaySeconds ?? 1e9) ? index : best),
      0,
    );
    return this.sent.splice(next, 1)[0]?.message;
  }
}
