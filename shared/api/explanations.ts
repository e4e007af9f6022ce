/** `GET /segment/definitions/{id}/explain`: why one person is in a segment or not, now or as of an earlier instant. */
import * as z from 'zod';
import type { Explanation, ExplanationNode } from '#shared/pql/explain/index.ts';
import { readTimestamp } from '#shared/profile/experience-event.ts';
import { IDENTITY_LENGTH_MAX, NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';
import { LIFECYCLE_STATES } from '#shared/segment/segment-definition.ts';
import { instantValue, supposed } from './hypotheses.ts';

const instant = z
  .string()
  .max(40)
  .transform((text, context) => {
    const read = readTimestamp(/^-?\d+$/.test(text) ? Number(text) : text);
    if (read !== undefined) return read;
    context.addIssue('must be ISO 8601 with an offset, or epoch milliseconds');
    return z.NEVER;
  });

const version = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be the number of a version, from 1')
  .transform(Number);

const person = {
  entityId: z.string().min(1).max(IDENTITY_LENGTH_MAX),
  /** The namespace of the identity. */
  entityIdNS: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
} as const;

export const explainMembership = z.strictObject({
  ...person,
  /** Now, unless given; never later. */
  at: instant.optional(),
  /** Of the definition; the current one unless given. */
  version: version.optional(),
});
export type ExplainMembership = z.output<typeof explainMembership>;

/** The same with what is supposed beside what is stored. */
export const explainSupposition = z.strictObject({
  ...person,
  at: instantValue.optional(),
  version: z.number().int().min(1).optional(),
  ...supposed,
});

const time = z.string();
const flip = z.strictObject({ at: time, certain: z.boolean() });
const place = { text: z.string(), start: z.number().int(), end: z.number().int() } as const;

const evidence = z.strictObject({
  matched: z.number().int(),
  total: z.number().int(),
  events: z
    .array(
      z.strictObject({
        eventId: z.string(),
        timestamp: time,
        eventType: z.string().optional(),
        matched: z.boolean(),
        why: z.array(z.string()).readonly().optional(),
        contributes: z.unknown().optional(),
        countsUntil: time.optional(),
      }),
    )
    .readonly(),
  truncated: z.boolean(),
});

const need = z.strictObject({
  have: z.number().nullable(),
  comparison: z.enum(['=', '!=', '<', '<=', '>', '>=']),
  want: z.number(),
  unit: z.enum(['events', 'items', 'values', 'steps']).optional(),
  shortBy: z.number().optional(),
  overBy: z.number().optional(),
});

const KINDS = [
  ...([
    'and',
    'or',
    'not',
    'if',
    'let',
    'test',
    'time',
    'quantifier',
    'chain',
    'step',
    'membership',
    'condition',
  ] as const),
  ...(['attribute', 'events', 'filter', 'aggregate', 'field', 'variable', 'value'] as const),
] as const;

const ownParts = z.strictObject({
  kind: z.enum(KINDS),
  ...place,
  value: z.unknown(),
  outcome: z.boolean().optional(),
  decisive: z.boolean(),
  sensitive: z.boolean(),
  passed: z.number().int().optional(),
  reached: z.boolean().optional(),
  segment: z.string().optional(),
  need: need.optional(),
  nextFlip: flip.optional(),
  truncated: z.literal(true).optional(),
  evidence: evidence.optional(),
});

export interface ExplanationNodeResource extends z.output<typeof ownParts> {
  readonly children: readonly ExplanationNodeResource[];
}

export const explanationNode: z.ZodType<ExplanationNodeResource> = z.strictObject({
  ...ownParts.shape,
  get children() {
    return z.array(explanationNode).readonly();
  },
});

export const membershipExplanation = z.strictObject({
  definition: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    version: z.number().int(),
    lifecycleState: z.enum(LIFECYCLE_STATES),
    timeZone: z.string().optional(),
    /** `pql/text`: what `start` and `end` of every part count in. */
    expression: z.string(),
  }),
  /** Of the profile. */
  entityId: z.string(),
  /** The instant that is explained. */
  at: time,
  qualifies: z.boolean(),
  /** As it is stored, whatever was computed here; null where the person never was a member, or the definition is no longer evaluated. */
  membership: z.strictObject({ status: z.enum(['realized', 'exited']), lastQualificationTime: time }).nullable(),
  nextFlip: flip.nullable(),
  deciding: z.array(z.strictObject({ ...place, outcome: z.boolean() })).readonly(),
  explanation: explanationNode,
  truncated: z.boolean(),
  known: z.strictObject({
    /** Older events are no longer kept. */
    eventsSince: time,
    /** Attributes that the definition reads and that were written after `at`: what they were then is not kept. */
    attributesWrittenSince: z.array(z.string()).readonly(),
  }),
});
export type MembershipExplanation = z.output<typeof membershipExplanation>;

export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

type Explained = Pick<MembershipExplanation, 'qualifies' | 'nextFlip' | 'deciding' | 'explanation' | 'truncated'>;

/** Times as ISO 8601; all else as it was found. */
export function toExplained({ outcome, nextFlip, deciding, root, truncated }: Explanation): Explained {
  return {
    qualifies: outcome,
    nextFlip: nextFlip === undefined ? null : { ...nextFlip, at: iso(nextFlip.at) },
    deciding,
    explanation: toNode(root),
    truncated,
  };
}

function toNode({ nextFlip, evidence: found, children, ...node }: ExplanationNode): ExplanationNodeResource {
  return {
    ...node,
    ...(nextFlip === undefined ? {} : { nextFlip: { ...nextFlip, at: iso(nextFlip.at) } }),
    ...(found === undefined ? {} : { evidence: { ...found, events: found.events.map(toEvent) } }),
    children: children.map(toNode),
  };
}

type FoundEvent = NonNullable<ExplanationNode['evidence']>['events'][number];

function toEvent({ eventId, timestamp, countsUntil, ...event }: FoundEvent) {
  return {
    eventId,
    // Stored events have a time; only what is evaluated by hand may lack one.
    timestamp: iso(timestamp ?? 0),
    ...event,
    ...(countsUntil === undefined ? {} : { countsUntil: iso(countsUntil) }),
  };
}
