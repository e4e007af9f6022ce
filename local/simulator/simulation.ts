/**
 * A world from its seed to its end: what people do meets everything that streams, stores, clocks and processes may do to
 * it; then the faults stop, what was given up or set aside is sent again, time goes on, and all must be as the oracle says.
 */

import type { Identity } from '#shared/profile/identity.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import { type ProfileKey, type ProfileWrite, profileKeyText } from '#shared/profile/profile-store.ts';
import { type WakeUp, wakeUpRecord } from '#shared/profile/stream-record.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { Batch } from './batch.ts';
import { PRODUCTION, type Variant } from './broken/variant.ts';
import { Erasing } from './erasing.ts';
import { CALM, type FaultRates } from './faults.ts';
import { FeedReader } from './feed-reader.ts';
import { Functions } from './functions.ts';
import { Mapping } from './mapping.ts';
import { type Delivery, deliveryOf, recordsOf } from './producer.ts';
import { type Random, randomFrom } from './random.ts';
import { drawScenario, drawSize, type Incident, type Occasion, type ScenarioSize, type Sent } from './scenario.ts';
import { verifyAtRest, verifyMemberships } from './verify.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly variant?: Variant;
  readonly size?: ScenarioSize;
}

/** What is wrong after the world of a seed has run, in words; nothing if all is well. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<readonly string[]> {
  const random = randomFrom(seed);
  const world = new World(drawScenario(random, options.size ?? drawSize(random)), random);
  const problems = await new Play(world, random, options.variant ?? PRODUCTION).run();
  return [...world.problems, ...problems];
}

const SWEEP_EVERY_MS = 5000;
const SWEEP_AGAIN_MS = 61_000;
const SWEEPS_MAX = 100;

class Play {
  readonly #world: World;
  readonly #random: Random;
  readonly #variant: Variant;
  readonly #functions: Functions;
  readonly #events: Mapping<Delivery>;
  readonly #changes: Mapping<ProfileWrite>;
  readonly #reader: FeedReader;
  readonly #batch: Batch;
  readonly #erasing: Erasing;
  readonly #baseRates: FaultRates;
  readonly #sentSoFar: Sent[] = [];
  #isSweeping = true;

  constructor(world: World, random: Random, variant: Variant) {
    this.#world = world;
    this.#random = random;
    this.#variant = variant;
    const functions = new Functions(world, random, variant);
    this.#functions = functions;
    const { scheduler, eventStream, changeStream } = world;
    const retryAttemptsMax = random.pick([8, 8, 2]);
    const shared = { random, scheduler, retryAttemptsMax, batchSizeMax: 1 + random.below(10) };
    this.#events = new Mapping({ ...shared, log: eventStream, invoke: functions.processEvents.bind(functions) });
    this.#changes = new Mapping({ ...shared, log: changeStream, invoke: functions.publishChanges.bind(functions) });
    this.#reader = new FeedReader(world);
    this.#batch = new Batch(world, random, functions, (cause, key) => this.#wake(cause, key));
    this.#erasing = new Erasing(world, random, functions, (key) => this.#wake('erasure', key));
    this.#baseRates = random.chance(0.25) ? CALM : drawRates(random, 0.05);
    this.#useRates(this.#baseRates);
  }

  async run(): Promise<readonly string[]> {
    for (const occasion of this.#world.scenario.occasions) {
      await this.#passTimeUntil(occasion.at);
      this.#meet(occasion);
      await this.#work();
    }
    await this.#outliveEvents();
    return this.#comeToRest();
  }

  /** Nobody sends anything any more, while all that can fail goes on failing: what only timers do is done now. */
  async #outliveEvents(): Promise<void> {
    const { scheduler, scenario } = this.#world;
    for (let steps = this.#random.below(4); steps > 0; steps--) {
      await this.#passTimeUntil(scheduler.now + this.#random.below(15 * scenario.pace.stepMs));
      await this.#work();
    }
  }

  #useRates(rates: FaultRates): void {
    this.#world.rates = rates;
    if (rates !== CALM) this.#world.isFaultless = false;
  }

  /** Mostly something is still under way when the next thing happens. */
  async #work(): Promise<void> {
    this.#poll();
    const { scheduler } = this.#world;
    if (this.#random.chance(0.5)) await scheduler.runUntilIdle();
    else await scheduler.run(this.#random.below(60));
    if (this.#random.chance(0.2)) this.#reader.start();
  }

  #poll(): void {
    this.#events.poll();
    if (this.#variant.usesStream) this.#changes.poll();
  }

  /** The sweeper wakes whoever falls due on the way. */
  async #passTimeUntil(instant: number): Promise<void> {
    const { scheduler, profiles } = this.#world;
    for (let sweeps = 0; this.#isSweeping && sweeps < SWEEPS_MAX; sweeps++) {
      const next = profiles.nextDue();
      if (next === undefined || next > instant || scheduler.now > instant) break;
      scheduler.advanceTo(next + this.#random.below(this.#random.chance(0.3) ? 100 : SWEEP_EVERY_MS));
      await this.#sweep();
      if (profiles.nextDue() === next) scheduler.advanceTo(scheduler.now + SWEEP_AGAIN_MS);
    }
    scheduler.advanceTo(instant);
  }

  async #sweep(): Promise<void> {
    const { scheduler } = this.#world;
    const process = this.#random.chance(0.1) ? 'another' : 'first';
    scheduler.start(() => this.#functions.sweep(process, (key) => this.#wake('timer', key)));
    await scheduler.runUntilIdle();
    this.#poll();
    await scheduler.runUntilIdle();
  }

  #meet(occasion: Occasion): void {
    switch (occasion.kind) {
      case 'send':
        this.#send(occasion.items);
        return;
      case 'rules':
        this.#world.publish(occasion.change);
        return;
      default:
        this.#suffer(occasion.incident);
    }
  }

  /** Disorder nearby, and copies of what a producer isn't sure to have sent. */
  #send(items: readonly Sent[]): void {
    this.#sentSoFar.push(...items);
    const copies = items.flatMap((item) => (this.#random.chance(0.2) ? [item, item] : [item]));
    const shuffled: Sent[] = [];
    while (copies.length > 0) shuffled.push(...copies.splice(this.#random.below(Math.min(4, copies.length)), 1));
    for (const { partitionKey, ...delivery } of recordsOf(shuffled, this.#random)) this.#put(partitionKey, delivery);
  }

  #put(partitionKey: string, delivery: Delivery): void {
    const { eventStream, scheduler } = this.#world;
    eventStream.put(partitionKey, scheduler.now, delivery);
  }

  #wake(cause: WakeUp['cause'], key: ProfileKey): void {
    const data = new TextEncoder().encode(wakeUpRecord(cause, key));
    this.#put(key.profileId, { data, counted: 0, poisoned: 0 });
  }

  #suffer(incident: Incident): void {
    const incidents: Readonly<Record<Incident, () => void>> = {
      'stop-sweeper': () => this.#setSweeping(false),
      'start-sweeper': () => this.#setSweeping(true),
      'stop-publisher': () => this.#setPublishing(false),
      'start-publisher': () => this.#setPublishing(true),
      storm: () => this.#useRates({ ...drawRates(this.#random, 0.2), throttle: 0.3 }),
      calm: () => this.#useRates(this.#baseRates),
      'reshard-events': () => this.#world.eventStream.reshard(this.#random),
      'reshard-changes': () => this.#world.changeStream.reshard(this.#random),
      'spoil-profile': () => this.#spoilSomebody(),
      'heal-profiles': () => this.#world.troubles.clear(),
      redrive: () => this.#redrive(),
      'restart-everything': () => this.#functions.restartEverything(),
      'expire-history': () => this.#expireHistory(),
      'send-again': () => this.#sendAgain(),
      'start-job': () => this.#batch.startJob(),
      'cancel-jobs': () => this.#batch.cancelSome(),
      'redrive-jobs': () => this.#batch.redriveSome(),
      'look-after-jobs': () => this.#batch.lookAfterJobs(),
      unmerge: () => this.#unmergeSomebody(true),
      'unmerge-loosely': () => this.#unmergeSomebody(false),
      'switch-graph': () => this.#world.switchGraph(),
      erase: () => this.#erasing.request(this.#sentSoFar),
      'look-after-erasures': () => this.#erasing.advanceAll(),
    };
    incidents[incident]();
  }

  #setSweeping(isSweeping: boolean): void {
    this.#isSweeping = isSweeping;
  }

  #setPublishing(isPublishing: boolean): void {
    this.#changes.isStopped = !isPublishing;
  }

  #spoilSomebody(): void {
    const everybody = this.#world.profiles.all();
    if (everybody.length > 0) {
      const [key] = this.#random.pick(everybody);
      this.#world.troubles.set(profileKeyText(key), this.#random.pick(['unreadable', 'refused']));
    }
  }

  /** An operator takes somebody's names apart. */
  #unmergeSomebody(keepApart: boolean): void {
    const { profiles, scheduler } = this.#world;
    const people = profiles.all().flatMap(([key, stored]) => {
      const identities = stored.attributes === undefined ? [] : decodeAttributes(stored.attributes).identities;
      return identities.length > 1 ? [{ key, identities }] : [];
    });
    if (people.length === 0) return;
    const { key, identities } = this.#random.pick(people);
    const [first, ...others] = this.#random.chance(0.5) ? identities : identities.toReversed();
    const leaving = [first as Identity, ...others.slice(1).filter(() => this.#random.chance(0.3))];
    this.#world.hasUnmerges = true;
    if (!keepApart) this.#world.hasLooseUnmerges = true;
    scheduler.start(() => this.#functions.unmerge(key, { identities: leaving, keepApart }));
  }

  #expireHistory(): void {
    const { history, profiles, scheduler, scenario } = this.#world;
    // The table's expiry waits for a week more, and a sweeper that stands still for longer is beyond what is promised.
    const oldest = profiles.all().map(([, stored]) => loadProfile(stored).state.evaluatedAt);
    history.expire(Math.min(scheduler.now, ...oldest) - scenario.retentionMs - 60_000);
  }

  /** A producer that sends again what it has sent long ago. */
  #sendAgain(): void {
    for (const item of this.#sentSoFar.filter(() => this.#random.chance(0.3))) {
      if (item.kind === 'poison' || item.kind === 'forged') continue;
      for (const { partitionKey, ...delivery } of recordsOf([item], this.#random)) this.#put(partitionKey, delivery);
    }
  }

  /** As an operator does: what was given up and what was set aside goes through the streams again. */
  #redrive(): void {
    const { changeStream, scheduler } = this.#world;
    for (const { key, payload } of this.#events.givenUp.splice(0)) this.#put(key, payload);
    if (this.#changes.givenUp.length > 0) this.#world.hasGivenUpChanges = true;
    for (const { key, payload } of this.#changes.givenUp.splice(0)) changeStream.put(key, scheduler.now, payload);
    for (const key of this.#parkedProfiles()) {
      scheduler.start(() => this.#functions.redrive(key, (data) => this.#put(key.profileId, deliveryOf(data))));
    }
  }

  /** Marked ones, and those that something still waits for. */
  #parkedProfiles(): readonly ProfileKey[] {
    const { profiles, parking } = this.#world;
    const marked = profiles.all().flatMap(([key, { parked }]) => (parked ? [key] : []));
    const waitedFor = [...parking.parked.values()].map(({ key }) => key);
    return [...new Map([...marked, ...waitedFor].map((key) => [profileKeyText(key), key])).values()];
  }

  /** Faults stop, everything is delivered, and then only time moves. */
  /** Whom a profile was not joined with because one of them was parked it is joined with when anything reaches it. */
  async #lookAtEverybody(): Promise<void> {
    for (const [key] of this.#world.profiles.all()) this.#wake('rebuild', key);
    await this.#deliverAll();
  }

  async #comeToRest(): Promise<readonly string[]> {
    const { scheduler, troubles } = this.#world;
    this.#world.rates = CALM;
    this.#functions.isCalm = true;
    troubles.clear();
    this.#setSweeping(true);
    this.#setPublishing(true);
    this.#functions.restartEverything();
    await scheduler.runUntilIdle();
    await this.#deliverAll();
    scheduler.advanceTo(scheduler.now + 1000);
    const problems = [...(await this.#batch.comeToRest(() => this.#deliverAll()))];
    if (problems.length > 0) return problems;
    if (this.#world.hasSwitchedGraph) await this.#lookAtEverybody();
    if (!(await this.#erasing.comeToRest(() => this.#deliverAll()))) return ['an erasure never ends'];
    for (const stepMs of this.#stepsToTheEnd()) {
      await this.#waitUntilNobodyIsDue(scheduler.now + stepMs);
      problems.push(...(await verifyMemberships(this.#world)));
      if (problems.length > 0) return problems;
    }
    return verifyAtRest(this.#world, this.#reader, this.#variant.keepsTail);
  }

  #stepsToTheEnd(): readonly number[] {
    const { stepMs } = this.#world.scenario.pace;
    return [this.#random.below(3 * stepMs), this.#random.below(20 * stepMs), this.#random.below(200 * stepMs)];
  }

  async #deliverAll(): Promise<void> {
    for (let rounds = 0; rounds < 10; rounds++) {
      this.#poll();
      await this.#world.scheduler.runUntilIdle();
      this.#redrive();
      await this.#world.scheduler.runUntilIdle();
      if (this.#world.eventStream.isDrained && (this.#world.changeStream.isDrained || !this.#variant.usesStream))
        return;
    }
    throw new Error('the streams are never drained');
  }

  async #waitUntilNobodyIsDue(instant: number): Promise<void> {
    const { scheduler, profiles } = this.#world;
    await this.#passTimeUntil(instant);
    await this.#deliverAll();
    for (let sweeps = 0; (profiles.nextDue() ?? Number.POSITIVE_INFINITY) <= scheduler.now; sweeps++) {
      if (sweeps > SWEEPS_MAX) throw new Error('a profile stays due however often it is looked at');
      scheduler.advanceTo(scheduler.now + this.#random.below(SWEEP_AGAIN_MS));
      await this.#sweep();
      // The clock goes on while records are delivered: somebody else may be due by then.
      await this.#deliverAll();
    }
  }
}

function drawRates(random: Random, most: number): FaultRates {
  const draw = () => (random.chance(0.5) ? random.next() * most : 0);
  return { crash: draw(), throttle: draw(), lostAnswer: draw(), zombie: draw(), partial: draw() * 3 };
}
