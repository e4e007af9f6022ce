/**
 * A change of the identity graph as a job that can be looked at: everybody is regrouped by the walk that follows the rules
 * which carry the setting, so how far it is, is how far that walk is.
 */
import type { IdentityGraph } from '#shared/segment/rules-artifact.ts';
import type { Backfill } from './backfill.ts';

export interface GraphRebuild {
  /** Of two the later one's is greater. */
  readonly jobId: string;
  readonly sandboxName: string;
  readonly identityGraph: IdentityGraph;
  /** Of the rules that brought it. */
  readonly rulesVersion: number;
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

export interface GraphRebuildStore {
  put(rebuild: GraphRebuild): Promise<void>;
  find(sandboxName: string, jobId: string): Promise<GraphRebuild | undefined>;
  /** The newest first, those before `after`. */
  list(
    sandboxName: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly GraphRebuild[]>;
}

export interface RebuildProgress {
  readonly status: 'NEW' | 'PROCESSING' | 'COMPLETED';
  /** Of the profiles that the last pass saw, how many had followed. 100 only when all were seen to. */
  readonly percent: number;
  readonly profiles: number;
  readonly behind: number;
}

const ALMOST = 99;

export function rebuildProgress(
  { rulesVersion }: Pick<GraphRebuild, 'rulesVersion'>,
  walk: Backfill | undefined,
): RebuildProgress {
  const { verifiedVersion = 0, passVersion = 0, seenVersion = 0, profiles = 0, behind = 0 } = walk ?? {};
  if (verifiedVersion >= rulesVersion) return { status: 'COMPLETED', percent: 100, profiles, behind: 0 };
  if (passVersion >= rulesVersion) {
    const followed = profiles === 0 ? 1 : (profiles - behind) / profiles;
    return { status: 'PROCESSING', percent: Math.min(ALMOST, Math.floor(followed * 100)), profiles, behind };
  }
  const status = seenVersion >= rulesVersion ? 'PROCESSING' : 'NEW';
  return { status, percent: 0, profiles: 0, behind: 0 };
}
