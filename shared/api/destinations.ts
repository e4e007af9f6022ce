/** `/destinations`: who is told of membership changes outside, what of them, and how that goes. */
import * as z from 'zod';
import { DESTINATION_STATES, type Destination, purposeOf } from '#shared/activation/destination.ts';
import { MARKETING_ACTIONS } from '#shared/activation/marketing-action.ts';
import { CONSENT_PURPOSES, DEFAULT_PURPOSE } from '#shared/profile/consent.ts';
import { authoredLine, authoredLines } from './authored-text.ts';

const SEGMENTS_MAX = 500;
const ATTRIBUTES_MAX = 50;
const NAMESPACES_MAX = 20;

const name = authoredLine(255).trim().min(1);
const description = authoredLines(4000);

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: z.string().min(1).max(2048) }),
  /** A stream of the account that the stage settings name. */
  z.strictObject({ kind: z.literal('kinesis'), streamName: z.string().min(1).max(128) }),
  /** A queue of the account that the stage settings name. */
  z.strictObject({ kind: z.literal('sqs'), queueName: z.string().min(1).max(80) }),
  z.strictObject({ kind: z.literal('files') }),
]);

const attributePath = z
  .string()
  .max(400)
  .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*){0,11}$/, { error: 'must be a path such as person.birthDate' })
  .refine((path) => path.split('.')[0] !== 'identityMap', {
    error: 'identities are shown by identityNamespaces, each namespace by its name',
  });

const segments = z.union([z.literal('all'), z.array(z.string().min(1).max(64)).min(1).max(SEGMENTS_MAX)]);
const identityNamespaces = z.array(z.string().min(1).max(64)).max(NAMESPACES_MAX);
const attributes = z.array(attributePath).max(ATTRIBUTES_MAX);
const marketingActions = z.array(z.enum(MARKETING_ACTIONS)).max(MARKETING_ACTIONS.length);
const mergePolicyId = z.string().min(1).max(64);
const consentPurpose = z.enum(CONSENT_PURPOSES);
const state = z.enum(DESTINATION_STATES);

export const createDestination = z.strictObject({
  name,
  description: description.optional(),
  target,
  segments,
  identityNamespaces: identityNamespaces.default([]),
  attributes: attributes.default([]),
  mergePolicyId: mergePolicyId.optional(),
  /** What the receiver does with it: usage labels forbid some of that. A webhook is always an export to a third party. */
  marketingActions: marketingActions.default([]),
  /** Whoever refuses it, as `consents` of their profile say, is not told of, and ends there when they refuse it. */
  consentPurpose: consentPurpose.default(DEFAULT_PURPOSE),
  state: state.default('active'),
  /** `oldest`: with what the feed still holds, at most seven days. */
  deliverFrom: z.enum(['now', 'oldest']).default('now'),
});

/** What is left out stays; `null` takes an optional field away. The kind of the target can't be changed. */
export const patchDestination = z.strictObject({
  name: name.optional(),
  description: description.nullable().optional(),
  target: target.optional(),
  segments: segments.optional(),
  identityNamespaces: identityNamespaces.optional(),
  attributes: attributes.optional(),
  mergePolicyId: mergePolicyId.nullable().optional(),
  marketingActions: marketingActions.optional(),
  consentPurpose: consentPurpose.optional(),
  state: state.optional(),
});
export type PatchDestination = z.output<typeof patchDestination>;

const resource = {
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  target,
  segments: z.union([z.literal('all'), z.array(z.string())]),
  identityNamespaces: z.array(z.string()),
  attributes: z.array(z.string()),
  mergePolicyId: z.string().optional(),
  marketingActions: z.array(z.enum(MARKETING_ACTIONS)),
  consentPurpose,
  state,
  /** The newest first; a request is signed by each. Their secrets are never shown again. */
  signingKeys: z.array(z.strictObject({ keyId: z.string(), creationTime: z.number().int() })),
  version: z.number().int(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
};

export const destinationResource = z.strictObject(resource);
export type DestinationResource = z.output<typeof destinationResource>;

const signingSecret = z.strictObject({ keyId: z.string(), secret: z.string() });

export const createdDestination = z.strictObject({
  ...resource,
  /** Of a webhook, in this answer and never again. */
  signingSecret: signingSecret.optional(),
});

export const destinationList = z.strictObject({ children: z.array(destinationResource) });

export const rotatedSecret = z.strictObject({
  ...resource,
  signingSecret,
});

export const destinationTest = z.strictObject({
  delivered: z.boolean(),
  /** What the webhook answered. */
  status: z.number().int().optional(),
  reason: z.string().optional(),
  milliseconds: z.number().int(),
});

const lane = z.strictObject({
  shard: z.number().int(),
  /** The last change of the shard that it was told of, and the last that there is. */
  position: z.number().int(),
  head: z.number().int(),
  failures: z.number().int(),
  lastError: z.string().optional(),
  lastDeliveredAt: z.number().int().optional(),
  delivered: z.number().int(),
  /** Changes that left the feed before they could be told. */
  lost: z.number().int(),
  /** Changes that it was not told of because the person refuses that. */
  withheld: z.number().int(),
});

const refusedBatch = z.strictObject({
  id: z.string(),
  shard: z.number().int(),
  from: z.number().int(),
  through: z.number().int(),
  changes: z.number().int(),
  reason: z.string(),
  refusedAt: z.number().int(),
});

export const destinationDeliveries = z.strictObject({
  state,
  /** Why nothing is delivered, where usage labels forbid it by now. */
  blockedBy: z.array(z.string()),
  lanes: z.array(lane),
  /** The first hundred of those that were set aside. */
  refused: z.array(refusedBatch),
});
export type DestinationDeliveries = z.output<typeof destinationDeliveries>;

export const redriveDestination = z.strictObject({
  /** All that were set aside, a hundred at a time, unless some are named. */
  batchIds: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
});

export const redrivenDestination = z.strictObject({ batches: z.number().int(), hasMore: z.boolean() });

export const destinationEtag = ({ version }: Pick<Destination, 'version'>): string => `"${version}"`;

export function toDestinationResource({ sandboxName: _, signingKeys, ...kept }: Destination): DestinationResource {
  return {
    ...kept,
    segments: kept.segments === 'all' ? 'all' : [...kept.segments],
    identityNamespaces: [...kept.identityNamespaces],
    attributes: [...kept.attributes],
    marketingActions: [...kept.marketingActions],
    consentPurpose: purposeOf(kept),
    signingKeys: signingKeys.map(({ keyId, creationTime }) => ({ keyId, creationTime })),
  };
}
