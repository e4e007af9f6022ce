import * as z from 'zod';
import { IDENTITY_LENGTH_MAX, NAMESPACE_LENGTH_MAX } from '../profile/identity.ts';

export const EVENTS_LIMIT_DEFAULT = 100;
export const EVENTS_LIMIT_MAX = 1000;

export const accessEntities = z.strictObject({
  entityId: z.string().min(1).max(IDENTITY_LENGTH_MAX),
  /** The namespace of the identity. */
  entityIdNS: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
  /** Sent by clients of the original; the only schema that is read here. */
  'schema.name': z.literal('_xdm.context.profile').optional(),
  /** How attributes are shown; the sandbox's default without it. Memberships go by the policy of each definition. */
  mergePolicyId: z.string().min(1).max(200).optional(),
  /** Events to skip, the newest first. */
  start: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(EVENTS_LIMIT_MAX).default(EVENTS_LIMIT_DEFAULT),
});
export type AccessEntities = z.output<typeof accessEntities>;

export const ENTITIES_MAX = 20;

/** Several people in one call, as clients of the original ask for them. */
export const accessManyEntities = z.strictObject({
  schema: z.strictObject({ name: z.literal('_xdm.context.profile') }).optional(),
  identities: z
    .array(
      z.strictObject({
        entityId: accessEntities.shape.entityId,
        /** By its code, or as an object that holds it. */
        entityIdNS: z.union([
          accessEntities.shape.entityIdNS,
          z.strictObject({ code: accessEntities.shape.entityIdNS }),
        ]),
      }),
    )
    .min(1)
    .max(ENTITIES_MAX),
  mergePolicyId: accessEntities.shape.mergePolicyId,
  /** Of each of them. */
  start: z.int().min(0).default(0),
  limit: z.int().min(1).max(EVENTS_LIMIT_MAX).default(EVENTS_LIMIT_DEFAULT),
});

export const deleteEntity = z.strictObject({
  entityId: accessEntities.shape.entityId,
  entityIdNS: accessEntities.shape.entityIdNS,
  'schema.name': accessEntities.shape['schema.name'],
});

const membership = z.strictObject({
  status: z.enum(['realized', 'exited']),
  /** When the status last changed, ISO 8601. */
  lastQualificationTime: z.string(),
  name: z.string(),
  /** Of a definition that reads a score: its probability. */
  payload: z.strictObject({ payloadType: z.literal('propensity'), payloadPropensityValue: z.number() }).optional(),
});

const segmentMembership = z.strictObject({ ups: z.record(z.string(), membership) });
const identity = z.strictObject({ namespace: z.string(), id: z.string(), primary: z.boolean() });
const attributes = z.record(z.string(), z.unknown());

const source = z.strictObject({
  datasetId: z.string(),
  values: z
    .array(
      z.strictObject({
        path: z.string(),
        /** `null` where the data set took the value away. */
        value: z.unknown(),
        /** Of the record that brought it, ISO 8601. */
        time: z.string(),
      }),
    )
    .readonly(),
});

export const profileView = z.strictObject({
  entityId: z.string(),
  /** How often the profile has changed. */
  version: z.number().int(),
  /** The instant for which memberships are shown, ISO 8601. */
  evaluatedAt: z.string(),
  attributes,
  /** What each data set says, whatever the merge policy makes of it: all that is kept of attributes. */
  sources: z.array(source).readonly(),
  identities: z.array(identity).readonly(),
  identityMap: z.record(z.string(), z.array(z.object({ id: z.string(), primary: z.boolean().optional() })).readonly()),
  segmentMembership,
  /** Values of computed attributes by name, as of the instant of the read; null where there is none. */
  computed: attributes,
  /** Scores by the id of the propensity instance. */
  propensity: attributes,
  /** Attributes, identities, memberships, computed attributes and scores in one object, as clients of the original read them. */
  entity: attributes,
  events: z.array(z.looseObject({ _id: z.string(), timestamp: z.string() })).readonly(),
  page: z.strictObject({
    totalCount: z.number().int(),
    start: z.number().int(),
    limit: z.number().int(),
    next: z.number().int().nullable(),
  }),
});
export type ProfileView = z.output<typeof profileView>;

/** By the id of the profile. Whom nobody knows is absent, and whoever was named by several identities is there once. */
export const profileViews = z.record(
  z.string(),
  profileView.extend({
    /** The identities by which they were asked for. */
    requested: z.array(z.strictObject({ entityId: z.string(), entityIdNS: z.string() })).readonly(),
  }),
);
export type ProfileViews = z.output<typeof profileViews>;
