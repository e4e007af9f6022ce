/** A model as it is stored, and what it says of a person. */
import type { PropensityFactor, PropensityScore } from '#shared/profile/batch-results.ts';
import type { Blend } from './blend.ts';
import { type Calibration, calibrated } from './calibration.ts';
import type { PropensitySpecification } from './instance.ts';
import { bucketOf, FACTORS_MAX, type ImportanceBounds, importanceOf, percentileOf, scoreOf } from './score.ts';
import { Scorer } from './scorer.ts';
import type { FeatureValue } from './training-table.ts';

export interface TrainedModel {
  readonly format: 1;
  readonly blend: Blend;
  readonly calibration: Calibration;
  /** Share with the outcome among the people it was trained on, before any were left out. */
  readonly baseRate: number;
  /** Added to the blend's margin: makes up for people who were left out of training, more of one outcome than of the other. */
  readonly priorShift: number;
  readonly percentiles: readonly number[];
  readonly importance: ImportanceBounds;
}

/** Stored contributions are exact to so many parts of one: more digits would only take room on every profile. */
const CONTRIBUTION_STEPS = 10_000;

/** With what decides features, so that scoring does what training did. */
export interface StoredModel extends TrainedModel {
  readonly specification: PropensitySpecification;
}

export class ModelScorer {
  readonly #model: TrainedModel;
  readonly #scorer: Scorer;

  constructor(model: TrainedModel) {
    this.#model = model;
    this.#scorer = new Scorer(model.blend);
  }

  /** `values`: one of each feature of the model, in its order. `scoredAt`: epoch milliseconds. */
  score(values: readonly FeatureValue[], scoredAt: number): PropensityScore {
    const { calibration, baseRate, priorShift, percentiles } = this.#model;
    const explained = this.#scorer.explain(values);
    const margin = explained.margin + priorShift;
    const score = scoreOf(margin, baseRate);
    return {
      score,
      probability: calibrated(calibration, margin),
      percentile: percentileOf(margin, percentiles),
      bucket: bucketOf(score),
      scoredAt,
      factors: this.#factorsOf(explained.contributions, values),
    };
  }

  #factorsOf(contributions: Float64Array, values: readonly FeatureValue[]): readonly PropensityFactor[] {
    const { importance, blend } = this.#model;
    return largest(contributions, FACTORS_MAX).map((index) => {
      const contribution = contributions[index] as number;
      return {
        name: blend.encoding.features[index]?.name as string,
        direction: contribution > 0 ? 'raises' : 'lowers',
        importance: importanceOf(contribution, importance),
        contribution: Math.round(contribution * CONTRIBUTION_STEPS) / CONTRIBUTION_STEPS,
        value: values[index] ?? null,
      };
    });
  }
}

/** Indices of the values farthest from nothing, the farthest first. */
function largest(values: Float64Array, count: number): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index] as number);
    if (size === 0) continue;
    const place = found.findIndex((other) => Math.abs(values[other] as number) < size);
    if (place >= 0) found.splice(place, 0, index);
    else if (found.length < count) found.push(index);
    if (found.length > count) found.pop();
  }
  return found;
}
