/**
 * The production functions as a world runs them: their behaviour as it is, their ports faulty, their processes with
 * clocks of their own, with what they keep between invocations, and without it after they ended.
 */
import { redriveProfile } from '#functions/operations-api/redrive-profile.ts';
import { type UnmergeOptions, unmergeProfile } from '#functions/operations-api/unmerge-profile.ts';
import type { Ports } from '#functions/process-events/ports.ts';
import { processEvents } from '#functions/process-events/process-events.ts';
import { identitiesReader, namesReader } from '#functions/publish-changes/lookups.ts';
import { type PublishPorts, publishChanges } from '#functions/publish-changes/publish-changes.ts';
import { SentTimers, type SweepPorts, sweepDue } from '#functions/sweep-due/sweep-due.ts';
import { Problem } from '#shared/api/problem.ts';
import { MemoryChangeFeed } from '#shared/memory/memory-change-feed.ts';
import { CorruptBytes } from '#shared/profile/bytes.ts';
import type { ProfileKey, ProfileStore, ProfileWrite } from '#shared/profile/profile-store.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { decodeVersion } from '#shared/segment/change-codec.ts';
import { type CompiledRules, compileRules } from '#shared/segment/compiled-rules.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { Variant } from './broken/variant.ts';
import { type FaultOptions, Invocation, withFaults } from './faults.ts';
import { isExpected } from './mapping.ts';
import type { Delivery } from './producer.ts';
import type { Random } from './random.ts';
import type { Entry } from './sharded-log.ts';
import { troubled, troubledJoint } from './troubled-profiles.ts';
import { waitingItems } from './waiting-items.ts';
import { FEED_SHARDS, SANDBOX, type World } from './world.ts';

const CLOCK_SKEW_MS = 300;

/** What a warm process keeps. */
interface Container {
  readonly skewMs: number;
  readonly rules: (options: FaultOptions) => RulesStore;
  readonly names: (options: FaultOptions) => PublishPorts['names'];
  readonly sentTimers: SentTimers;
}

/** What one run of a function is given. */
export interface Invoked {
  readonly faulty: <Port extends object>(port: Port) => Port;
  readonly rules: RulesStore;
  readonly profiles: ProfileStore;
  readonly now: () => number;
}

export class Functions {
  readonly #world: World;
  readonly #random: Random;
  readonly #variant: Variant;
  readonly #containers = new Map<string, Container>();
  readonly #compiled = new Map<string, Promise<CompiledRules>>();
  readonly #usesCache: boolean;
  #profiles = 0;
  #unmerges = 0;
  isCalm = false;

  constructor(world: World, random: Random, variant: Variant) {
    this.#world = world;
    this.#random = random;
    this.#variant = variant;
    this.#usesCache = random.chance(0.1);
  }

  restartEverything(): void {
    this.#containers.clear();
  }

  processEvents(batch: readonly Entry<Delivery>[], lane: string): Promise<readonly string[]> {
    return this.#run(`process-events ${lane}`, async (container, options) => {
      const { taken, ports } = this.#variant.processing(
        batch,
        this.#processPorts(container, options),
        this.#access(options),
      );
      const records = taken.map(({ sequenceNumber, arrival, payload }) => ({
        sequenceNumber,
        arrival,
        data: payload.data,
      }));
      const { scenario, dueShards } = this.#world;
      const { retentionMs, identitiesMax } = scenario;
      const result = await processEvents(records, ports, { retentionMs, identitiesMax, dueShards });
      return () => {
        const unexpected = result.failures.find(({ error }) => !isPassing(error));
        if (unexpected) throw unexpected.error;
        const failed = new Set(result.failures.map(({ sequenceNumber }) => sequenceNumber));
        this.#count(taken, failed, result.outcomes);
        return [...failed];
      };
    });
  }

  /** Like the handler: whatever fails, everything comes again from the first record on. */
  publishChanges(batch: readonly Entry<ProfileWrite>[], lane: string): Promise<readonly string[]> {
    return this.#run(`publish-changes ${lane}`, async (container, options) => {
      const first = (batch[0] as Entry<ProfileWrite>).sequenceNumber;
      const versions = batch.map(({ payload }) => changesOf(payload));
      try {
        await publishChanges(versions, this.#publishPorts(container, options), FEED_SHARDS);
        return () => [];
      } catch (error) {
        if (!isPassing(error)) throw error;
        return () => [first];
      }
    });
  }

  /** One sweep of the loop. */
  async sweep(process: string, send: (key: ProfileKey) => void): Promise<void> {
    await this.#run(`sweep-due ${process}`, async (container, options) => {
      const { due, dueShards } = this.#world;
      if (this.isCalm) due.catchUp();
      else due.catchUp(this.#random.below(due.lag + 1));
      const sendAll = async (keys: readonly ProfileKey[]) => {
        for (const key of keys) send(key);
      };
      const timers = withFaults({ send: sendAll }, options);
      const index = withFaults(due, options);
      const now = this.#clock(container);
      const ports: SweepPorts = { findDue: index.find.bind(index), sendTimers: timers.send, now };
      await sweepDue(dueShards, container.sentTimers, this.#variant.sweeping(ports, this.#world));
      return () => [];
    }).catch((error: unknown) => {
      if (!isExpected(error)) throw error;
    });
  }

  /** What an operator calls for a parked profile, again and again until it is done. */
  async redrive(key: ProfileKey, put: (data: Uint8Array) => void): Promise<void> {
    await this.#run('operations-api', async (container, options) => {
      const { history, scenario, dueShards, parking } = this.#world;
      const send = async (records: readonly { readonly data: Uint8Array }[]) => {
        for (const { data } of records) put(data);
        return records.map(() => true);
      };
      const stream = withFaults({ send }, options);
      await redriveProfile(
        key,
        { discardState: false },
        {
          profiles: this.#profilesPort(options),
          history: withFaults(history, options),
          rules: container.rules(options),
          parked: withFaults(waitingItems(parking), options),
          stream: { write: stream.send },
          now: this.#clock(container),
          retentionMs: scenario.retentionMs,
          dueShards,
        },
      );
      return () => [];
    }).catch((error: unknown) => {
      if (!isPassing(error) && !(error instanceof Problem)) throw error;
    });
  }

  /** Any other function, with what it needs of the world. */
  invoke<Output>(name: string, work: (invoked: Invoked) => Promise<Output>): Promise<Output> {
    return this.#run(name, async (container, options) => {
      const faulty = <Port extends object>(port: Port): Port => withFaults(port, options);
      const [rules, profiles] = [container.rules(options), this.#profilesPort(options)];
      const output = await work({ faulty, rules, profiles, now: this.#clock(container) });
      return () => output;
    });
  }

  /** What an operator calls for a profile that is two people. */
  async unmerge(key: ProfileKey, options: UnmergeOptions): Promise<void> {
    // A process works on one call at a time.
    await this.#run(`operations-api ${this.#unmerges++}`, async (container, faults) => {
      const { history, joint, scenario, dueShards, troubles } = this.#world;
      await unmergeProfile(key, options, {
        profiles: this.#profilesPort(faults),
        history: withFaults(history, faults),
        joint: withFaults(troubledJoint(joint, troubles), faults),
        rules: container.rules(faults),
        newProfileId: () => `profile-${this.#profiles++}`,
        now: this.#clock(container),
        retentionMs: scenario.retentionMs,
        dueShards,
      });
      return () => [];
    }).catch((error: unknown) => {
      if (!isPassing(error) && !(error instanceof Problem) && !(error instanceof CorruptBytes)) throw error;
    });
  }

  /** Runs until it ends, or until its process does. */
  async #run<Output>(
    name: string,
    work: (container: Container, options: FaultOptions) => Promise<() => Output>,
  ): Promise<Output> {
    const { scheduler, rates } = this.#world;
    const invocation = new Invocation();
    const container = this.#containers.get(name) ?? this.#start(name);
    const running = work(container, { random: this.#random, scheduler, invocation, rates });
    running.catch(() => {});
    invocation.ended.catch(() => this.#containers.delete(name));
    return (await Promise.race([running, invocation.ended]))();
  }

  #start(name: string): Container {
    const skewMs = this.isCalm ? 0 : this.#random.below(2 * CLOCK_SKEW_MS) - CLOCK_SKEW_MS;
    const container: Container = { skewMs, ...this.#readers(), sentTimers: new SentTimers() };
    this.#containers.set(name, container);
    return container;
  }

  #readers(): Pick<Container, 'rules' | 'names'> {
    const world = this.#world;
    const pointers = { findRules: async () => world.pointer };
    const artifacts = { get: async (key: string) => world.artifacts.get(key) as RulesArtifact };
    // The process keeps what it read, while each invocation reads through faults of its own.
    let options: FaultOptions | undefined;
    const faulty = <Port extends object>(port: Port): Port => withFaults(port, options as FaultOptions);
    const throughPointers = { findRules: () => faulty(pointers).findRules() };
    const throughArtifacts = { get: (key: string) => faulty(artifacts).get(key) };
    const cached = new CachedRulesStore(throughPointers, throughArtifacts);
    const names = namesReader(throughPointers, throughArtifacts);
    const current = async () => this.#compile((await throughPointers.findRules())?.artifactKey);
    const rules = this.#usesCache ? cached : { current };
    const using =
      <Reader>(reader: Reader) =>
      (next: FaultOptions) => {
        options = next;
        return reader;
      };
    return { rules: using(rules), names: using(names) };
  }

  /** Compiled once a world: many processes would spend most of its time on it. */
  #compile(artifactKey = 'none'): Promise<CompiledRules> {
    const { artifacts, artifactByVersion } = this.#world;
    const artifact = artifacts.get(artifactKey) ?? (artifactByVersion.get(0) as RulesArtifact);
    const known = this.#compiled.get(artifactKey) ?? Promise.resolve(compileRules(artifact));
    this.#compiled.set(artifactKey, known);
    return known;
  }

  #clock = (container: Container) => () => this.#world.scheduler.now + (this.isCalm ? 0 : container.skewMs);

  #processPorts(container: Container, options: FaultOptions): Ports {
    const { history, identities, joint, erasures, quarantine, parking, refusedLinks, troubles } = this.#world;
    return {
      profiles: this.#profilesPort(options),
      joint: withFaults(troubledJoint(joint, troubles), options),
      refusedLinks: withFaults(refusedLinks, options),
      erasures: withFaults(erasures, options),
      history: withFaults(history, options),
      identities: withFaults(identities, options),
      quarantine: withFaults(quarantine, options),
      parking: withFaults(parking, options),
      rules: container.rules(options),
      newProfileId: () => `profile-${this.#profiles++}`,
      now: this.#clock(container),
    };
  }

  #profilesPort(options: FaultOptions): ProfileStore {
    return withFaults(troubled(this.#world.profiles, this.#world.troubles), options);
  }

  #publishPorts(container: Container, options: FaultOptions): PublishPorts {
    const { announced } = this.#world;
    const announce = async (ids: readonly string[]) => {
      for (const id of ids) announced.add(id);
    };
    const bus = withFaults({ announce }, options);
    const table = withFaults(this.#world.changes, options);
    return {
      names: container.names(options),
      identities: identitiesReader(
        withFaults(this.#world.profiles, options),
        withFaults(this.#world.erasures, options),
      ),
      feed: this.#variant.feed(table) ?? new MemoryChangeFeed(table),
      announce: (changes) => bus.announce(changes.map(({ id }) => id)),
      wake: async () => {}, // nobody is told here beside the feed and the bus
    };
  }

  /** What a broken protocol may use besides its ports. */
  #access(options: FaultOptions) {
    const world = this.#world;
    return {
      world,
      force: (writes: readonly ProfileWrite[]) => withFaults(world.profiles, options).force(writes),
      publish: async (write: ProfileWrite) => {
        const container = this.#start('publishing beside the write');
        await publishChanges([changesOf(write)], this.#publishPorts(container, options), FEED_SHARDS);
      },
    };
  }

  /** Of each item exactly one count, but for those that come again. */
  #count(batch: readonly Entry<Delivery>[], failed: ReadonlySet<string>, outcomes: Readonly<World['tally']>): void {
    const { tally, problems } = this.#world;
    const items = (entries: readonly Entry<Delivery>[]) =>
      entries.reduce((sum, { payload }) => sum + payload.counted + payload.poisoned, 0);
    const all = items(batch);
    const finished = items(batch.filter(({ sequenceNumber }) => !failed.has(sequenceNumber)));
    let counted = 0;
    for (const outcome of Object.keys(tally) as (keyof World['tally'])[]) {
      tally[outcome] += outcomes[outcome];
      counted += outcomes[outcome];
    }
    if (counted < finished || counted > all)
      problems.push(`${all} items, ${finished} of them finished, have ${counted} counts`);
  }
}

const changesOf = ({ key, expectedVersion, rulesVersion, changes }: ProfileWrite) => ({
  key: { ...key, sandboxName: SANDBOX },
  version: expectedVersion + 1,
  rulesVersion,
  ...decodeVersion(changes as Uint8Array),
});

/** Others were faster so often that a record is given back, to come again. */
const CONTENTION = /conflicting writes|taken by others|changed again and again/;

/** A failure of the world's, or one that it leads to and that passes with it. */
function isPassing(error: unknown): boolean {
  return isExpected(error) || CONTENTION.test((error as Error).message);
}
