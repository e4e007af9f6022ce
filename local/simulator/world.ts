/** Everything that is kept while a world runs: stores, streams, and what was seen of them. */

import { type FeedRow, MemoryChangesTable } from '#shared/memory/memory-change-feed.ts';
import { MemoryErasureJobs } from '#shared/memory/memory-erasure-jobs.ts';
import {
  MemoryErasureOrders,
  MemoryHistoryStore,
  MemoryIdentityStore,
  MemoryJointStore,
  MemoryParkingLot,
  MemoryProfileStore,
  MemoryQuarantine,
  MemoryRefusedLinks,
} from '#shared/memory/memory-profile-stores.ts';
import { type ProfileKey, type ProfileWrite, profileKeyText } from '#shared/profile/profile-store.ts';
import { buildRules, NO_RULES, type RulesArtifact, type RulesChange } from '#shared/segment/rules.ts';
import type { RulesPointer } from '#shared/segment/segment-store.ts';
import { CALM, type FaultRates } from './faults.ts';
import type { Delivery } from './producer.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { Scheduler } from './scheduler.ts';
import { ShardedLog } from './sharded-log.ts';
import type { Trouble } from './troubled-profiles.ts';

export const SANDBOX = 'prod';
export const FEED_SHARDS = 2;

interface DueEntry {
  readonly key: ProfileKey;
  readonly due: ProfileWrite['due'];
}

/** The sparse index by due time: it follows the table at its own pace. */
export class LaggingDueIndex {
  readonly #entries = new Map<string, DueEntry>();
  readonly #arriving: DueEntry[] = [];

  follow({ key, due }: ProfileWrite): void {
    this.#arriving.push({ key, due });
  }

  /** Takes in so many of the writes that it hasn't seen yet. */
  catchUp(count = this.#arriving.length): void {
    for (const entry of this.#arriving.splice(0, count)) this.#entries.set(profileKeyText(entry.key), entry);
  }

  get lag(): number {
    return this.#arriving.length;
  }

  async find(shard: number, at: number, limit: number) {
    return [...this.#entries.values()]
      .flatMap(({ key, due }) => (due?.shard === shard && due.at <= at ? [{ key, dueAt: due.at }] : []))
      .sort((left, right) => left.dueAt - right.dueAt)
      .slice(0, limit);
  }
}

/** What the invocations of `process-events` said of the items that they finished. */
export interface Tally {
  applied: number;
  irrelevant: number;
  expired: number;
  duplicate: number;
  parked: number;
  quarantined: number;
  erased: number;
}

export class World {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly dueShards: number;
  readonly profiles = new MemoryProfileStore((write) => this.#follow(write));
  readonly history = new MemoryHistoryStore();
  readonly identities = new MemoryIdentityStore();
  readonly erasures = new MemoryErasureOrders();
  readonly erasureJobs = new MemoryErasureJobs();
  readonly joint = new MemoryJointStore(this.profiles, this.identities, this.erasures);
  readonly refusedLinks = new MemoryRefusedLinks();
  readonly quarantine = new MemoryQuarantine();
  readonly parking = new MemoryParkingLot();
  readonly due = new LaggingDueIndex();
  readonly changes: MemoryChangesTable;
  readonly eventStream: ShardedLog<Delivery>;
  readonly changeStream: ShardedLog<ProfileWrite>;
  /** Every change that the bus was told of. */
  readonly announced = new Set<string>();
  /** What a reader of each feed shard has seen, page by page. */
  readonly followed = new Map<string, FeedRow[]>();
  readonly tally: Tally = { applied: 0, irrelevant: 0, expired: 0, duplicate: 0, parked: 0, quarantined: 0, erased: 0 };
  /** What was seen to be wrong while the world ran. */
  readonly problems: string[] = [];
  /** Profiles that can't be read or written at present, by `profileKeyText`. */
  readonly troubles = new Map<string, Trouble>();
  readonly artifacts = new Map<string, RulesArtifact>();
  readonly artifactByVersion = new Map<number, RulesArtifact>([[0, NO_RULES]]);
  pointer: RulesPointer | undefined;
  rates: FaultRates = CALM;
  /** Whether anything was ever answered wrongly or not at all, or given up. */
  isFaultless = true;
  hasGivenUpChanges = false;
  /** Somebody was taken apart and may be joined again by whatever is sent next. */
  hasLooseUnmerges = false;
  hasSwitchedGraph = false;
  /** Somebody was taken apart: what they brought may not be with all whom it names. */
  hasUnmerges = false;
  hasErasures = false;
  /** Items that waited for whom they were of, who was erased before they were ever applied. */
  clearedItems = 0;

  constructor(scenario: Scenario, random: Random) {
    this.scenario = scenario;
    this.scheduler = new Scheduler(random, scenario.pace.start, scenario.pace.tickMsMax);
    this.dueShards = 1 + random.below(3);
    this.eventStream = new ShardedLog(1 + random.below(3), 1 + random.below(3));
    this.changeStream = new ShardedLog(1 + random.below(2), 1 + random.below(2));
    this.changes = new MemoryChangesTable((reveal) => {
      if (!random.chance(0.2)) return false;
      const steps = random.below(20);
      this.scheduler.start(() => this.scheduler.pauses(steps).then(reveal));
      return true;
    });
  }

  #follow(write: ProfileWrite): void {
    this.due.follow(write);
    if (write.changes) this.changeStream.put(profileKeyText(write.key), this.scheduler.now, write);
  }

  get rules(): RulesArtifact {
    return this.artifactByVersion.get(this.pointer?.rulesVersion ?? 0) as RulesArtifact;
  }

  switchGraph(): void {
    this.hasSwitchedGraph = true;
    this.publish({ kind: 'identity-graph', identityGraph: this.rules.identityGraph === 'none' ? 'pdg' : 'none' });
  }

  /** As the API does it: the artifact first, then the pointer that makes it the current one. */
  publish(change: RulesChange): void {
    const artifact = buildRules(this.rules, change);
    const { rulesVersion, nextSegmentOrdinal } = artifact;
    const artifactKey = `rules/${rulesVersion}`;
    this.artifacts.set(artifactKey, artifact);
    this.artifactByVersion.set(rulesVersion, artifact);
    this.pointer = { rulesVersion, artifactKey, nextSegmentOrdinal };
  }
}
