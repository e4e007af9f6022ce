/** How a definition is kept up to date: decided by the service, and said why. */
import * as z from 'zod';
import type { SegmentEvaluation } from '#shared/segment/segment-definition.ts';

const method = z.strictObject({ enabled: z.boolean(), reasons: z.array(z.string()) });

export const evaluationInfo = z.strictObject({
  batch: method,
  /** Incremental: from what is kept of its events. Replay: from the stored events, whenever one arrives. */
  continuous: z.strictObject({ ...method.shape, evaluationClass: z.enum(['incremental', 'replay']) }),
  synchronous: method,
});
export type EvaluationInfo = z.output<typeof evaluationInfo>;

/** The same for every definition: nothing is refused streaming, and nothing is demoted silently. */
export const ENABLED_METHODS = { batch: false, continuous: true, synchronous: false } as const;

export function evaluationInfoOf({ evaluationClass, reasons }: SegmentEvaluation): EvaluationInfo {
  return {
    batch: {
      enabled: ENABLED_METHODS.batch,
      reasons: ['it is not needed: the definition is kept up to date continuously'],
    },
    continuous: { enabled: ENABLED_METHODS.continuous, evaluationClass, reasons: [...reasons] },
    synchronous: {
      enabled: ENABLED_METHODS.synchronous,
      reasons: ['this version does not offer evaluation within a request'],
    },
  };
}
