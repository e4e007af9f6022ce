/** The behaviour `processEvents` on a production line of its own: stores, clock, and what each part of the way took. */
import { createHmac } from 'node:crypto';
import type { Ports } from '#functions/process-events/ports.ts';
import { processEvents } from '#functions/process-events/process-events.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { MemoryIdentityStore, MemoryParkingLot, MemoryQuarantine } from '#shared/memory/memory-profile-stores.ts';
import type { HistoryStore } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { cpuMicroseconds } from '../measure.ts';
import { MeteredStores } from './metered-stores.ts';
import { IDENTITIES_TABLE, PROFILES_TABLE, type StubbedTransport, stubbedTransport } from './stubbed-transport.ts';

const DAY_MS = 86_400_000;
const SETTINGS = { retentionMs: 1096 * DAY_MS, dueShards: 8, identitiesMax: 50 };
const SECRET = 'bench';
/** How often the sweeper looks. */
const SWEEP_EVERY_MS = 5_000;
const encoder = new TextEncoder();

const unexpected = async () => {
  throw new Error('two people of the benchmark were taken for one');
};

export class Line {
  readonly stores = new MeteredStores();
  /** Events that were applied or read by no definition; of profile records the ones that said something. */
  handled = 0;
  failed: unknown;
  readonly #identities = new MemoryIdentityStore();
  readonly #memory: Ports;
  readonly #rowOwners = new Map<string, string>();
  #transport: StubbedTransport | undefined;
  #ports: Ports;
  #now = 0;
  #sequence = 0;

  constructor(rules: CompiledRules) {
    let people = 0;
    this.#memory = {
      profiles: this.stores,
      history: this.stores.history,
      identities: this.#identities,
      rules: { current: async () => rules },
      quarantine: new MemoryQuarantine(),
      parking: new MemoryParkingLot(),
      joint: { commit: unexpected },
      erasures: { find: unexpected },
      refusedLinks: { put: unexpected },
      newProfileId: () => createHmac('sha256', SECRET).update(String(people++)).digest('hex').slice(0, 30),
      now: () => this.#now,
    };
    this.#ports = this.#memory;
  }

  /** From now on every call goes through the adapters and the SDK; behind the wire are the same stores. */
  async useTransport(identities: readonly { readonly namespace: string; readonly id: string }[]): Promise<void> {
    const known = await this.#identities.find(
      'prod',
      identities.map((identity) => ({ ...identity, primary: true })),
    );
    for (const [key, profileId] of known) this.#rowOwners.set(rowKeyOf(key), profileId);
    const transport = stubbedTransport({ profiles: this.stores, profileOf: (pk) => this.#rowOwners.get(pk) });
    const { client } = transport;
    const sent = new DynamoHistoryStore('history', SETTINGS.retentionMs, client);
    const history: HistoryStore = {
      append: async (key, chunk) => {
        await sent.append(key, chunk);
        await this.stores.history.append(key, chunk);
      },
      read: (key, containing) => this.stores.history.read(key, containing),
    };
    this.#transport = transport;
    this.#ports = {
      ...this.#memory,
      profiles: new DynamoProfileStore(PROFILES_TABLE, client),
      identities: new DynamoIdentityStore(IDENTITIES_TABLE, async () => SECRET, client),
      history,
    };
  }

  /** Returns the processor time of it in microseconds, the other side of the wire not counted. */
  async deliver(records: readonly Uint8Array[], at: number): Promise<number> {
    this.#now = at;
    const batch = records.map((data) => ({ sequenceNumber: String(this.#sequence++), data, arrival: at }));
    const beyondBefore = this.#transport?.spentMicroseconds() ?? 0;
    const before = cpuMicroseconds();
    const { outcomes, failures } = await processEvents(batch, this.#ports, SETTINGS);
    const spent = cpuMicroseconds() - before;
    const [failure] = failures;
    if (failure) throw failure.error;
    if (outcomes.parked + outcomes.quarantined > 0) throw new Error('a record of the benchmark was set aside');
    this.handled += outcomes.applied + outcomes.irrelevant;
    return spent - ((this.#transport?.spentMicroseconds() ?? 0) - beyondBefore);
  }

  /** Wakes every profile that is due up to the instant, when the sweeper would. Returns how many timers there were. */
  async sweepUntil(instant: number): Promise<{ readonly timers: number; readonly microseconds: number }> {
    let [timers, microseconds] = [0, 0];
    for (let due = this.stores.firstDue(); due <= instant; due = this.stores.firstDue()) {
      const at = Math.ceil(due / SWEEP_EVERY_MS) * SWEEP_EVERY_MS;
      const records = this.stores.dueUntil(at).map(({ key }) => encoder.encode(wakeUpRecord('timer', key)));
      timers += records.length;
      microseconds += await this.deliver(records, at);
    }
    return { timers, microseconds };
  }
}

const rowKeyOf = (key: string) => `prod#${createHmac('sha256', SECRET).update(key).digest('base64url')}`;

export const crmIdentity = (id: string) => ({ namespace: 'CRMID', id });
