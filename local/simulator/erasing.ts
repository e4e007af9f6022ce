/** Requests to erase somebody, brought on by a process that may end at any await, as once a minute it would be. */

import { advanceErasure } from '#shared/privacy/advance-erasure.ts';
import { clearHistory } from '#shared/privacy/clear-history.ts';
import { newErasure } from '#shared/privacy/new-erasure.ts';
import { followAlias } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import { IDENTITIES_PER_PROFILE_MAX } from '#shared/profile/identity-graph.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { Functions } from './functions.ts';
import { isExpected } from './mapping.ts';
import type { Random } from './random.ts';
import type { Sent, SentIdentity } from './scenario.ts';
import { waitingItems } from './waiting-items.ts';
import { SANDBOX, type World } from './world.ts';

const ITEMS_MAX = 1_000;
const STEPS_MAX = 60;

export class Erasing {
  readonly #world: World;
  readonly #random: Random;
  readonly #functions: Functions;
  readonly #wake: (key: ProfileKey) => void;
  #requests = 0;

  constructor(world: World, random: Random, functions: Functions, wake: (key: ProfileKey) => void) {
    this.#world = world;
    this.#random = random;
    this.#functions = functions;
    this.#wake = wake;
  }

  /** Mostly of somebody who was heard of; now and then of whom nobody knows yet. */
  request(sent: readonly Sent[]): void {
    const named = (sent.length > 0 && this.#random.chance(0.9) ? sent : this.#world.scenario.sent).flatMap((item) =>
      'identities' in item ? item.identities : [],
    );
    if (named.length === 0) return;
    const identities = [this.#random.pick(named), ...(this.#random.chance(0.2) ? [this.#random.pick(named)] : [])];
    this.#world.hasErasures = true;
    const job = newErasure(
      { sandboxName: SANDBOX, identities: identities.map(asIdentity), requestedBy: 'somebody' },
      { jobId: `erasure-${String(this.#requests++).padStart(3, '0')}`, now: this.#world.scheduler.now },
    );
    void this.#world.erasureJobs.create(job);
    this.advanceAll();
  }

  /** Once a minute, or twice at once. */
  advanceAll(): void {
    const { scheduler } = this.#world;
    for (let runs = this.#random.chance(0.2) ? 2 : 1; runs > 0; runs--) scheduler.start(() => this.#advance());
  }

  async #advance(): Promise<void> {
    const { erasureJobs } = this.#world;
    for (const { sandboxName, jobId } of await erasureJobs.listOpen()) {
      const job = await erasureJobs.find(sandboxName, jobId);
      if (job === undefined) continue;
      await this.#functions
        .invoke('erase-profiles', ({ faulty, profiles, now }) => {
          const { erasures, identities, history, parking } = this.#world;
          const waiting = faulty(waitingItems(parking));
          const send = faulty({ send: async (key: ProfileKey) => this.#wake(key) });
          return advanceErasure(job, {
            jobs: faulty(erasureJobs),
            identities: faulty(identities),
            profiles,
            orders: faulty(erasures),
            wakeUp: send.send,
            stores: [clearHistory(faulty(history)), clearParked(waiting, this.#world)],
            now,
            // A clock that leaps over hours says nothing of what is under way; at rest nothing is.
            quietMs: this.#functions.isCalm ? 0 : Number.POSITIVE_INFINITY,
          });
        })
        .catch((error: unknown) => {
          if (!isExpected(error)) throw error;
        });
    }
  }

  /** Until no request is open; false where that never comes. */
  async comeToRest(deliver: () => Promise<void>): Promise<boolean> {
    const { erasureJobs, scheduler } = this.#world;
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      if ((await erasureJobs.listOpen()).length === 0) return true;
      scheduler.start(() => this.#advance());
      await scheduler.runUntilIdle();
      await deliver();
    }
    return false;
  }
}

const asIdentity = ({ namespace, id }: SentIdentity): Identity => ({ namespace, id, primary: false });

const clearParked = (waiting: ReturnType<typeof waitingItems>, world: World) => ({
  name: 'parked',
  clear: async ({
    sandboxName,
    profileIds,
  }: {
    readonly sandboxName: string;
    readonly profileIds: readonly string[];
  }) => {
    let removed = 0;
    for (const profileId of profileIds) {
      const { entries } = await waiting.items({ sandboxName, profileId }, ITEMS_MAX);
      const ids = entries.map(({ id }) => id);
      await waiting.remove({ sandboxName, profileId }, ids);
      removed += ids.length;
      world.clearedItems += ids.length;
    }
    return removed;
  },
});

/** What is to be left of an item, given when whom it names was erased last. */
export type Fate = 'stays' | 'gone' | 'either';

/**
 * What happened before is gone; what was sent later stays. What was sent before for a time after depends on which copy came
 * when. Where somebody was taken apart, or a link refused, an item is its primary identity's and may be nobody else's.
 */
export async function fatesOf(world: World): Promise<(item: Sent) => Fate> {
  const ends = await endsOf(world);
  const erasedAt = (identity: SentIdentity) => ends.get(identityKey(identity)) ?? Number.NEGATIVE_INFINITY;
  const { identitiesMax, occasions } = world.scenario;
  const isLoose =
    world.hasUnmerges ||
    world.hasSwitchedGraph ||
    world.refusedLinks.reasons.size > 0 ||
    identitiesMax < IDENTITIES_PER_PROFILE_MAX;
  const sentAt = new Map(
    occasions.flatMap((occasion) =>
      occasion.kind === 'send' ? occasion.items.map((item) => [item, occasion.at] as const) : [],
    ),
  );
  return (item) => {
    if (!('identities' in item)) return 'stays';
    const latest = Math.max(...item.identities.map(erasedAt));
    const happened = item.kind === 'event' ? item.event.timestamp : item.timestamp;
    if (happened > latest) return (sentAt.get(item) as number) > latest ? 'stays' : 'either';
    return isLoose && erasedAt(item.identities[0] as SentIdentity) < happened ? 'either' : 'gone';
  };
}

/** When whom each identity leads to was erased last: said by its row, and of one that only leads there by the tombstone. */
async function endsOf({ scenario, identities, profiles }: World): Promise<ReadonlyMap<string, number>> {
  const named = scenario.sent.flatMap((item) => ('identities' in item ? item.identities.map(asIdentity) : []));
  const rows = await identities.rows(SANDBOX, named);
  const ends = new Map<string, number>();
  for (const [identity, { profileId, erasedAt = Number.NEGATIVE_INFINITY }] of rows) {
    const key = { sandboxName: SANDBOX, profileId: profileId ?? '' };
    const { stored } = await followAlias(key, profiles);
    ends.set(identity, Math.max(erasedAt, stored?.erasedAt ?? Number.NEGATIVE_INFINITY));
  }
  return ends;
}
