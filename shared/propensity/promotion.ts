/** Whether a new model takes the place of the one in use. */

/** A difference below this is chance on data of the size that is judged. */
const TOLERANCE = 0.005;

export interface Contest {
  /** Area under the curve of the new model on people it has not seen. */
  readonly candidate: number;
  /** Of the one in use, on the same people; absent where there is none, or it takes other features. */
  readonly incumbent?: number;
}

export interface Verdict {
  readonly promoted: boolean;
  readonly reason: string;
}

export function decidePromotion({ candidate, incumbent }: Contest): Verdict {
  const areas = (of: number) => of.toFixed(3);
  if (incumbent === undefined) return { promoted: true, reason: 'No model that takes the same features is in use.' };
  if (candidate >= incumbent - TOLERANCE) {
    return {
      promoted: true,
      reason: `Its area under the curve is ${areas(candidate)}, that of the one in use ${areas(incumbent)}.`,
    };
  }
  const reason = `It foretells worse than the one in use: area under the curve ${areas(candidate)} against ${areas(incumbent)}.`;
  return { promoted: false, reason };
}
