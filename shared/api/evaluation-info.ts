/** How a definition is kept up to date: decided by the service, and said why. */
import * as z from 'zod';
import type { LifecycleState, SegmentEvaluation } from '#shared/segment/segment-definition.ts';

const method = z.strictObject({ enabled: z.boolean(), reasons: z.array(z.string()) });

export const evaluationInfo = z.strictObject({
  batch: method,
  /** Incremental: from what is kept of its events. Replay: from the stored events, whenever one arrives. */
  continuous: z.strictObject({
    ...method.shape,
    evaluationClass: z.enum(['incremental', 'replay']),
    /**
     * Activating: profiles take it up with their next event or timer, and every read already answers by it; those that
     * nothing has touched since it was published are not members yet. Off: it is not published.
     */
    state: z.enum(['off', 'activating']),
  }),
  synchronous: method,
});
export type EvaluationInfo = z.output<typeof evaluationInfo>;

/** The same for every definition: nothing is refused streaming, and nothing is demoted silently. */
export const ENABLED_METHODS = { batch: false, continuous: true, synchronous: false } as const;

export function evaluationInfoOf(
  { evaluationClass, reasons }: SegmentEvaluation,
  lifecycleState: LifecycleState,
): EvaluationInfo {
  return {
    batch: {
      enabled: ENABLED_METHODS.batch,
      reasons: ['it is not needed: the definition is kept up to date continuously'],
    },
    continuous: {
      enabled: ENABLED_METHODS.continuous,
      evaluationClass,
      reasons: [...reasons],
      state: lifecycleState === 'published' ? 'activating' : 'off',
    },
    synchronous: {
      enabled: ENABLED_METHODS.synchronous,
      reasons: ['this version does not offer evaluation within a request'],
    },
  };
}
