/** Who a profile is, and who it is not: as operators see it and put it right. */
import * as z from 'zod';
import { IDENTITY_LENGTH_MAX, NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';
import { IDENTITIES_PER_PROFILE_MAX } from '#shared/profile/identity-graph.ts';

const identity = z.strictObject({
  namespace: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
  id: z.string().min(1).max(IDENTITY_LENGTH_MAX),
});

export const profileIdentities = z.strictObject({
  /** Its own: that of an earlier profile which was merged into it is answered with it too. */
  profileId: z.string(),
  version: z.number().int(),
  parked: z.boolean(),
  identities: z.array(identity.extend({ primary: z.boolean() })),
  /** Ids of other profiles under which events of it are kept: of those merged into it, or that it was taken out of. */
  partitions: z.array(z.string()),
  /** Ids of profiles that it was taken apart from: links between them are not followed. */
  keptApartFrom: z.array(z.string()),
});
export type ProfileIdentities = z.output<typeof profileIdentities>;

export const unmergeRequest = z.strictObject({
  /** Those that become a person of their own. At least one other has to stay. */
  identities: z.array(identity).min(1).max(IDENTITIES_PER_PROFILE_MAX),
  /** Events and profile records that name both sides no longer join them. */
  keepApart: z.boolean().default(true),
});

export const unmergeAnswer = z.strictObject({ profileId: z.string(), newProfileId: z.string() });
export type UnmergeAnswer = z.output<typeof unmergeAnswer>;

export const listRefusedLinks = z.strictObject({
  /** UTC; today unless given. */
  day: z.iso.date().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(1024).optional(),
});

export const refusedLinkList = z.strictObject({
  links: z.array(
    z.strictObject({
      profileId: z.string(),
      otherProfileId: z.string(),
      reason: z.enum(['too-many-identities', 'kept-apart']),
      /** Of the identities that were named together, the primary first. */
      namespaces: z.array(z.string()),
      at: z.string(),
    }),
  ),
  next: z.string().nullable(),
});
export type RefusedLinkList = z.output<typeof refusedLinkList>;
