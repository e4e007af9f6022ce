import type { Identity } from '#shared/profile/identity.ts';
import { identityKey } from '#shared/profile/identity.ts';
import type { ErasureJob } from './erasure-job.ts';

export interface ErasureCall {
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  readonly requestedBy: string;
  readonly reason?: string | undefined;
}

/** `jobId`: of two the later one's is greater. */
export function newErasure(
  { sandboxName, identities, requestedBy, reason }: ErasureCall,
  { jobId, now }: { readonly jobId: string; readonly now: number },
): ErasureJob {
  const named = [...new Map(identities.map((identity) => [identityKey(identity), identity])).values()];
  const namespaces: Record<string, number> = {};
  for (const { namespace } of named) namespaces[namespace] = (namespaces[namespace] ?? 0) + 1;
  return {
    jobId,
    sandboxName,
    requestedBy,
    ...(reason !== undefined && { reason }),
    requestedAt: now,
    updatedAt: now,
    status: 'NEW',
    step: 'find',
    identities: named,
    namespaces,
    profileIds: [],
    estates: [],
    removed: {},
    clearedStores: [],
    profiles: 0,
    revision: 1,
  };
}
