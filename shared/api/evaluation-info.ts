/** How a definition is kept up to date: decided by the service, and said why. */
import * as z from 'zod';
import type { Backfill } from '#shared/batch/backfill.ts';
import type { BatchKind } from '#shared/segment/rules.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';

const method = z.strictObject({ enabled: z.boolean(), reasons: z.array(z.string()) });

export const evaluationInfo = z.strictObject({
  batch: method,
  /** Incremental: from what is kept of its events. Replay: from the stored events, whenever one arrives. */
  continuous: z.strictObject({
    ...method.shape,
    evaluationClass: z.enum(['incremental', 'replay']),
    /**
     * Activating: profiles take it up with their next event or timer, and every read already answers by it; those that
     * nothing touches are woken by a walk over all of them. Active: every profile was seen to follow it. Off: it is not
     * published, or not evaluated continuously.
     */
    state: z.enum(['off', 'activating', 'active']),
    /** Of the walk while it is activating: profiles that the last pass saw, and how many of them had not followed yet. */
    progress: z.strictObject({ profiles: z.number().int(), behind: z.number().int() }).optional(),
  }),
  synchronous: method,
});
export type EvaluationInfo = z.output<typeof evaluationInfo>;

/** What a client may send of it: anything, of which only these are looked at. */
export const requestedEvaluation = z.looseObject({
  batch: z.looseObject({ enabled: z.boolean().optional() }).optional(),
  continuous: z.looseObject({ enabled: z.boolean().optional() }).optional(),
});
export type RequestedEvaluation = z.output<typeof requestedEvaluation>;

/** Whoever wants a schedule and nothing else has to say both: a definition never stops streaming by an omission. */
export const asksForScheduleOnly = ({ batch, continuous }: RequestedEvaluation): boolean =>
  batch?.enabled === true && continuous?.enabled === false;

type Methods = Readonly<Record<'batch' | 'continuous' | 'synchronous', boolean>>;

const CONTINUOUS: Methods = { batch: false, continuous: true, synchronous: true };
const BY_BATCH: Methods = { batch: true, continuous: false, synchronous: false };

/** Nothing is refused streaming, and nothing is demoted but by its author. */
export const enabledMethods = (kind: BatchKind | undefined): Methods => (kind === undefined ? CONTINUOUS : BY_BATCH);

export function evaluationInfoOf(evaluated: Evaluated, backfill?: Backfill): EvaluationInfo {
  const { evaluation, kind } = evaluated;
  const { evaluationClass, reasons } = evaluation;
  const { batch, continuous, synchronous } = enabledMethods(kind);
  return {
    batch: { enabled: batch, reasons: [BATCH_REASONS[kind ?? 'streaming']] },
    continuous: {
      enabled: continuous,
      evaluationClass,
      reasons: kind === undefined ? [...reasons] : [CONTINUOUS_REASONS[kind]],
      ...(continuous ? activationOf(evaluated, backfill) : ({ state: 'off' } as const)),
    },
    synchronous: {
      enabled: synchronous,
      reasons: [synchronous ? WITHIN_A_REQUEST : BATCH_REASONS[kind ?? 'streaming']],
    },
  };
}

function activationOf(
  { lifecycleState, since = Number.POSITIVE_INFINITY }: Evaluated,
  backfill: Backfill | undefined,
): Pick<EvaluationInfo['continuous'], 'state' | 'progress'> {
  if (lifecycleState !== 'published') return { state: 'off' };
  if (backfill !== undefined && since <= backfill.verifiedVersion) return { state: 'active' };
  if (backfill === undefined || since > backfill.passVersion) return { state: 'activating' };
  return { state: 'activating', progress: { profiles: backfill.profiles, behind: backfill.behind } };
}

const WITHIN_A_REQUEST = 'POST /evaluate answers for it, with events that are not stored yet';

type Evaluated = Pick<SegmentDefinition, 'evaluation' | 'kind' | 'lifecycleState' | 'since'>;

const BATCH_REASONS = {
  streaming: 'it is not needed: the definition is kept up to date continuously',
  scheduled: 'the author asked for it: members enter and leave when a segment job evaluates the definition',
  external: 'its memberships are uploaded, each until an instant',
} as const;

const CONTINUOUS_REASONS = {
  scheduled: 'the author switched it off; evaluationInfo.continuous.enabled true makes the definition stream',
  external: 'nothing that a profile does decides it; memberships end on time all the same',
} as const;
