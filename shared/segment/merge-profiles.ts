/**
 * Two profiles that are one person, in one transaction:
 *
 *     winner: everything of both, evaluated anew      loser: an alias      its identities: lead to the winner
 *
 * Events stay in history under the ids that they were committed under, and the winner lists those. The loser's tail goes
 * there first: an event that no state has committed is never in history, and one that is repeated there harms nothing.
 */
import { type BatchResults, mergeBatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { type HistoryChunk, sortEvents, unpackAll } from '#shared/profile/history.ts';
import { mergeAttributes } from '#shared/profile/identity-graph.ts';
import { readHistoryEvents } from '#shared/profile/profile-history.ts';
import type { BatchMove, HistoryStore, JointWrite, ProfileKey } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { optOutsBetween } from './consent-shift.ts';
import type { LoadedProfile } from './loaded-profile.ts';
import type { NextProfile } from './profile-update.ts';
import { type AliasSource, aliasWrite, profileWrite } from './profile-write.ts';
import { farewell, regroup, type SpilledTail, spillTail, standingOf } from './regrouped-profile.ts';

export interface KeyedProfile {
  readonly key: ProfileKey;
  readonly loaded: LoadedProfile;
}

export interface RegroupRequest {
  readonly rules: CompiledRules;
  readonly now: number;
  readonly retentionMs: number;
  readonly dueShards: number;
  readonly history: Pick<HistoryStore, 'read'>;
}

export interface RegroupPlan {
  /** Written to history before the joint write: all of it was committed already. */
  readonly spilled: readonly SpilledTail[];
  readonly joint: JointWrite;
}

export async function planMerge(
  winner: KeyedProfile,
  loser: KeyedProfile,
  request: RegroupRequest,
): Promise<RegroupPlan> {
  const { rules, retentionMs, history } = request;
  const now = Math.max(request.now, winner.loaded.state.evaluatedAt, loser.loaded.state.evaluatedAt);
  const surroundings = { rules, now, retentionMs };
  const read = ({ key, loaded }: KeyedProfile) => readHistoryEvents(history, key, loaded.attributes);
  const [ofWinner, ofLoser] = await Promise.all([read(winner), read(loser)]);
  const standing = await standingOf(winner.loaded, ofWinner, surroundings);
  const leaving = await standingOf(loser.loaded, ofLoser, surroundings);
  const tails = [...unpackAll(winner.loaded.state.tail), ...unpackAll(loser.loaded.state.tail)];
  const attributes = mergeAttributes(winner.loaded.attributes, loser.loaded.attributes, loser.key.profileId);
  const batch = mergeBatchResults(batchOf(winner), batchOf(loser));
  const next = regroup(
    {
      before: winner.loaded,
      standing,
      events: sortEvents([...ofWinner, ...ofLoser, ...tails]),
      tail: winner.loaded.state.tail,
      attributes,
      batch,
    },
    surroundings,
  );
  const batches = batchMoves(winner, loser, batch);
  const batchVersion = batches.length > 0 ? versionOf(winner) + 1 : undefined;
  const { version } = winner.loaded;
  const optOuts = optOutsBetween(loser.loaded.attributes, loser.loaded.attributes, now);
  const exits = { changes: farewell(leaving, now), optOuts };
  const alias = aliasOf(loser, winner.key, { at: now, rulesVersion: rules.version, ...exits });
  const { sandboxName, profileId } = winner.key;
  return {
    spilled: [...spilledBy(winner.key, next), ...spillTail(loser.key, loser.loaded)],
    joint: {
      writes: [profileWrite(winner.key, { version, batchVersion }, next, request), alias],
      batches,
      moves: [{ sandboxName, identities: loser.loaded.attributes.identities, profileId }],
    },
  };
}

const aliasOf = (
  { key, loaded }: KeyedProfile,
  { profileId }: ProfileKey,
  source: Pick<AliasSource, 'at' | 'rulesVersion' | 'changes' | 'optOuts'>,
) => aliasWrite({ key, expectedVersion: loaded.version, leadsTo: profileId, ...source });

const batchOf = ({ loaded: { batch = NO_BATCH_RESULTS } }: KeyedProfile) => batch;
const versionOf = ({ loaded: { batchVersion = 0 } }: KeyedProfile) => batchVersion;

/** What jobs found of the two is of one now: of each finding the newer. */
function batchMoves(winner: KeyedProfile, loser: KeyedProfile, results: BatchResults): readonly BatchMove[] {
  if (versionOf(loser) === 0) return [];
  return [
    { key: winner.key, expectedVersion: versionOf(winner), results },
    { key: loser.key, expectedVersion: versionOf(loser) },
  ];
}

const spilledBy = (key: ProfileKey, { spilled }: NextProfile): readonly { key: ProfileKey; chunk: HistoryChunk }[] =>
  spilled === undefined ? [] : [{ key, chunk: spilled }];
