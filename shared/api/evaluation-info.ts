/** How a definition is kept up to date: decided by the service, and said why. */
import * as z from 'zod';

const method = z.object({ enabled: z.boolean(), reasons: z.array(z.string()) });

export const evaluationInfo = z.object({ batch: method, continuous: method, synchronous: method });
export type EvaluationInfo = z.output<typeof evaluationInfo>;

export const EVALUATION_INFO: EvaluationInfo = {
  continuous: {
    enabled: true,
    reasons: ['Memberships follow each event and each instant at which time alone changes them.'],
  },
  batch: { enabled: false, reasons: ['Not needed: the definition is kept up to date continuously.'] },
  synchronous: { enabled: false, reasons: ['Evaluation within a request is not offered by this version.'] },
};
