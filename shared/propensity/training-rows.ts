/** Rows of a training set as they are kept between the processes that collect them and the one that learns from them. */
import { hash32 } from '#shared/profile/hash.ts';
import type { CompiledSpecification, KnownPerson } from './compiled-specification.ts';
import type { Cutoffs } from './cutoffs.ts';
import type { RunPlan } from './run.ts';
import type { Feature, FeatureValue } from './training-table.ts';
import { type TrainingTable, TrainingTableBuilder } from './training-table.ts';

/** A number that stands for the person, the cutoff, whether the outcome occurred (1 or 0), and the values. */
export type KeptRow = readonly [person: number, cutoff: number, occurred: number, values: readonly FeatureValue[]];

export interface RowsPart {
  readonly format: 1;
  readonly rows: readonly KeptRow[];
}

/** Every instant at which anybody is looked at, the latest first. */
export function allCutoffs({ final, judged }: Cutoffs): readonly number[] {
  const instants = new Set([...final, ...(judged ? [judged.test, ...judged.training] : [])]);
  return [...instants].sort((left, right) => right - left);
}

const CHANCES = 2 ** 32;

/** Whether the person is among those whom a plan looks at: decided by the id, so that repeating it changes nothing. */
export const isSampled = (profileId: string, { sampleShare, seed }: Pick<RunPlan, 'sampleShare' | 'seed'>): boolean =>
  (hash32(`${seed} ${profileId}`) >>> 0) / CHANCES < sampleShare;

export function rowsOfPerson(
  profileId: string,
  person: KnownPerson,
  compiled: CompiledSpecification,
  cutoffs: readonly number[],
): readonly KeptRow[] {
  return cutoffs
    .filter((cutoff) => compiled.isEligible(person, cutoff))
    .map((cutoff) => [
      hash32(profileId) >>> 1,
      cutoff,
      compiled.hasOutcome(person, cutoff) ? 1 : 0,
      compiled.valuesAsOf(person, cutoff).map(rounded),
    ]);
}

/** Six digits are more than any split needs, and half the room. */
const rounded = (value: FeatureValue): FeatureValue =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

/** The tables that a plan speaks of, filled in the order in which rows come. */
export class TrainingSets {
  readonly #cutoffs: Cutoffs;
  readonly #final: TrainingTableBuilder;
  readonly #judgedTraining: TrainingTableBuilder;
  readonly #test: TrainingTableBuilder;
  /** At the latest cutoff: what the data check counts. */
  readonly outcomes = { occurred: 0, notOccurred: 0 };

  constructor(features: readonly Feature[], cutoffs: Cutoffs) {
    this.#cutoffs = cutoffs;
    this.#final = new TrainingTableBuilder(features);
    this.#judgedTraining = new TrainingTableBuilder(features);
    this.#test = new TrainingTableBuilder(features);
  }

  add([person, cutoff, label, values]: KeptRow): void {
    const { final, judged } = this.#cutoffs;
    const occurred = label === 1;
    if (cutoff === final[0]) this.outcomes[occurred ? 'occurred' : 'notOccurred'] += 1;
    if (final.includes(cutoff)) this.#final.add(values, occurred, person);
    if (judged?.training.includes(cutoff)) this.#judgedTraining.add(values, occurred, person);
    if (judged?.test === cutoff) this.#test.add(values, occurred, person);
  }

  get final(): TrainingTable {
    return this.#final.build();
  }

  /** Absent where history was too short to judge by a later time. */
  get judged(): { readonly training: TrainingTable; readonly test: TrainingTable } | undefined {
    if (this.#judgedTraining.rows === 0 || this.#test.rows === 0) return undefined;
    return { training: this.#judgedTraining.build(), test: this.#test.build() };
  }
}
