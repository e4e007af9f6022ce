/**
 * The production behaviour of `process-events` under everything that a stream and its stores may do to it: two lanes
 * for one person, duplicates, disorder, crashes between any two steps, conflicting writes, rules that change midway,
 * and time that passes. At the end the stored memberships must be what the plain evaluator says of the plain events.
 */

import type { StreamRecord } from '#functions/process-events/ports.ts';
import { processEvents } from '#functions/process-events/process-events.ts';
import {
  MemoryHistoryStore,
  MemoryIdentityStore,
  MemoryParkingLot,
  MemoryProfileStore,
  MemoryQuarantine,
} from '#shared/memory/memory-profile-stores.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, NO_RULES, type RulesArtifact } from '#shared/segment/rules.ts';
import { Crash, withFaults } from './faults.ts';
import { Interleaving } from './interleaving.ts';
import { type Random, randomFrom } from './random.ts';
import { drawEvents, drawPeople, drawRulesChanges, recordOf, type SentEvent, START } from './scenario.ts';
import { verify } from './verify.ts';
import type { World } from './world.ts';

const RETENTION_MS = 1096 * 86_400_000;
const SETTINGS = { retentionMs: RETENTION_MS, dueShards: 2 };
const LANES = 2;

/** What is wrong after the world of a seed has run, in words; nothing if all is well. */
export async function simulate(seed: number): Promise<readonly string[]> {
  const run = new Run(randomFrom(seed));
  await run.play();
  return verify(run);
}

class Run implements World {
  readonly profiles = new MemoryProfileStore();
  readonly history = new MemoryHistoryStore();
  readonly retentionMs = RETENTION_MS;
  readonly sent: readonly SentEvent[];
  artifact: RulesArtifact = NO_RULES;
  rules = compileRules(NO_RULES);
  now = START;
  readonly #random: Random;
  readonly #identities = new MemoryIdentityStore();
  readonly #quarantine = new MemoryQuarantine();
  readonly #parking = new MemoryParkingLot();
  readonly #lanes: StreamRecord[][] = Array.from({ length: LANES }, () => []);
  #profileCount = 0;
  #recordCount = 0;
  #crashes: number;

  constructor(random: Random) {
    this.#random = random;
    this.#crashes = random.chance(0.3) ? 0 : random.next() * 0.08;
    this.sent = drawEvents(random, drawPeople(random));
  }

  async play(): Promise<void> {
    const changes = [...drawRulesChanges(this.#random)];
    const rounds = 2 + this.#random.below(6);
    const perRound = Math.ceil(this.sent.length / rounds);
    for (let round = 0; round < rounds; round++) {
      for (const change of changes.splice(0, Math.ceil(changes.length / (rounds - round)))) {
        if (round > 0 || this.#random.chance(0.7)) this.#publish(change);
        else changes.push(change);
      }
      this.#deliver(this.sent.slice(round * perRound, (round + 1) * perRound));
      if (this.#random.chance(0.3)) this.#deliver(this.#someSentBefore(round * perRound));
      this.#wakeDue();
      await this.#drain();
      this.now += this.#random.below(60_000);
    }
    for (const change of changes) this.#publish(change);
    this.#crashes = 0;
    await this.#settle();
  }

  #publish(change: Parameters<typeof buildRules>[1]): void {
    this.artifact = buildRules(this.artifact, change);
    this.rules = compileRules(this.artifact);
  }

  #deliver(events: readonly SentEvent[]): void {
    const copies = events.flatMap((event) => (this.#random.chance(0.2) ? [event, event] : [event]));
    for (let left = copies.length; left > 0; left--) {
      const [event] = copies.splice(this.#random.below(Math.min(4, copies.length)), 1);
      const { lane, text } = recordOf(event as SentEvent, this.#random);
      this.#put(lane, text);
    }
  }

  /** A producer that sends again what it has sent long ago. */
  #someSentBefore(count: number): readonly SentEvent[] {
    return this.sent.slice(0, count).filter(() => this.#random.chance(0.3));
  }

  #put(lane: number, text: string): void {
    this.#recordCount += 1;
    const sequenceNumber = String(this.#recordCount).padStart(8, '0');
    this.#lanes[lane]?.push({ sequenceNumber, data: new TextEncoder().encode(text), arrival: this.now });
  }

  #wakeDue(): void {
    for (const key of this.profiles.findDue(this.now)) this.#wake('timer', key.profileId);
  }

  #wake(recordType: 'timer' | 'rebuild', profileId: string): void {
    this.#put(this.#random.below(LANES), JSON.stringify({ recordType, profileId }));
  }

  /** Lets everybody be looked at, and time pass, until nothing is due any more. */
  async #settle(): Promise<void> {
    this.now += this.#random.below(200_000);
    for (const [{ profileId }] of this.profiles.all()) this.#wake('rebuild', profileId);
    await this.#drain();
    for (let sweeps = 0; this.profiles.findDue(this.now).length > 0; sweeps++) {
      if (sweeps > 20) throw new Error('a profile stays due however often it is looked at');
      this.#wakeDue();
      await this.#drain();
    }
  }

  async #drain(): Promise<void> {
    const interleaving = new Interleaving(this.#random);
    for (const lane of this.#lanes) interleaving.start(() => this.#consume(lane, interleaving));
    await interleaving.run();
  }

  /** Lambda's side: in order, a failed batch again from its lowest failed record on. */
  async #consume(lane: StreamRecord[], interleaving: Interleaving): Promise<void> {
    for (let attempts = 0; lane.length > 0; attempts++) {
      await interleaving.pause();
      const batch = lane.slice(0, 1 + this.#random.below(8));
      const done = await this.#invoke(batch, interleaving, attempts > 200 ? 0 : this.#crashes);
      lane.splice(0, done);
    }
  }

  /** How many records of the batch, from the first on, need not come again. */
  async #invoke(batch: readonly StreamRecord[], interleaving: Interleaving, crashes: number): Promise<number> {
    const options = { random: this.#random, interleaving, crashes };
    const ports = {
      profiles: withFaults(this.profiles, options),
      history: withFaults(this.history, options),
      identities: withFaults(this.#identities, options),
      quarantine: withFaults(this.#quarantine, options),
      parking: withFaults(this.#parking, options),
      rules: withFaults({ current: async () => this.rules }, options),
      newProfileId: () => `profile-${this.#profileCount++}`,
      now: () => this.now,
    };
    try {
      const { failures } = await processEvents(batch, ports, SETTINGS);
      const failed = failures.map(({ sequenceNumber }) =>
        batch.findIndex((record) => record.sequenceNumber === sequenceNumber),
      );
      const unexpected = failures.find(({ error }) => !(error instanceof Crash));
      if (unexpected) throw unexpected.error;
      return Math.min(batch.length, ...failed);
    } catch (error) {
      if (error instanceof Crash) return 0;
      throw error;
    }
  }
}
