/** From margins to probabilities that come true as often as they say (Platt scaling), where that foresees better. */
import { sigmoid } from './logistic.ts';
import { logLossOfMargins } from './metrics.ts';

/** `slope · margin + offset` are the log odds. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export const NO_CALIBRATION: Calibration = { slope: 1, offset: 0 };

export const calibrated = ({ slope, offset }: Calibration, margin: number): number => sigmoid(slope * margin + offset);

const ITERATIONS_MAX = 50;
/** Of the mean loss: less is chance. */
const GAIN_MIN = 1e-4;

/** `margins` must be of people whom the model has not seen. */
export function fitCalibration(margins: Float64Array, labels: Uint8Array): Calibration {
  let calibration = NO_CALIBRATION;
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const next = newtonStep(calibration, margins, labels);
    if (next === undefined) break;
    const moved = Math.abs(next.slope - calibration.slope) + Math.abs(next.offset - calibration.offset);
    calibration = next;
    if (moved < 1e-9) break;
  }
  const gain = logLossOfMargins(margins, labels) - logLossOfMargins(scaled(calibration, margins), labels);
  return gain > GAIN_MIN ? calibration : NO_CALIBRATION;
}

const scaled = ({ slope, offset }: Calibration, margins: Float64Array) =>
  margins.map((margin) => slope * margin + offset);

function newtonStep(
  { slope, offset }: Calibration,
  margins: Float64Array,
  labels: Uint8Array,
): Calibration | undefined {
  let [bySlope, byOffset, slopes, both, offsets] = [0, 0, 0, 0, 0];
  for (let row = 0; row < margins.length; row++) {
    const margin = margins[row] as number;
    const probability = sigmoid(slope * margin + offset);
    const error = probability - (labels[row] as number);
    const weight = probability * (1 - probability);
    bySlope += error * margin;
    byOffset += error;
    slopes += weight * margin * margin;
    both += weight * margin;
    offsets += weight;
  }
  const determinant = slopes * offsets - both * both;
  if (!(determinant > 1e-12)) return undefined;
  return {
    slope: slope - (offsets * bySlope - both * byOffset) / determinant,
    offset: offset - (slopes * byOffset - both * bySlope) / determinant,
  };
}
