/** `POST /evaluate`: the memberships that somebody has now if this is so, with nothing stored. */
import * as z from 'zod';
import { IDENTITY_LENGTH_MAX, NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';
import { supposed } from './hypotheses.ts';

export const SEGMENTS_MAX = 500;

export const evaluatePerson = z.strictObject({
  entityId: z.string().min(1).max(IDENTITY_LENGTH_MAX),
  /** The namespace of the identity. */
  entityIdNS: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
  ...supposed,
  /** Answers for these alone; for all published definitions unless given. */
  segmentIds: z.array(z.uuid()).min(1).max(SEGMENTS_MAX).optional(),
});
export type EvaluatePerson = z.output<typeof evaluatePerson>;

const status = z.enum(['realized', 'exited']);

export const personEvaluation = z.strictObject({
  /** Null for somebody who is not known: then they are taken to be new. */
  entityId: z.string().nullable(),
  /** ISO 8601. */
  evaluatedAt: z.string(),
  segmentMembership: z.strictObject({
    ups: z.record(z.string(), z.strictObject({ status, lastQualificationTime: z.string(), name: z.string() })),
  }),
  /** What is different from what is stored: by what was supposed, or by time alone since. */
  changes: z.array(z.strictObject({ segmentId: z.string(), name: z.string(), status, cause: z.string() })).readonly(),
  events: z.strictObject({
    applied: z.number().int(),
    /** Their ids are stored already: they count once, as they are stored. */
    known: z.number().int(),
    /** Older than events are kept. */
    expired: z.number().int(),
  }),
});
export type PersonEvaluation = z.output<typeof personEvaluation>;
