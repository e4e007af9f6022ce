/**
 * The only way to a stored model: what is read has the format that this version knows and all that scoring looks at, or the
 * error says which file lacks what. A model of another format scored by guesswork would be wrong on every profile.
 */
import type { Blend } from './blend.ts';
import type { Encoding } from './encoding.ts';
import type { PropensitySpecification } from './instance.ts';
import { type PropensityFiles, runFile } from './propensity-store.ts';
import type { RunKey } from './run.ts';
import type { StoredModel } from './trained-model.ts';
import type { Tree } from './tree.ts';

export class UnreadableModel extends Error {
  override readonly name = 'UnreadableModel';
}

const FORMAT = 1;
/** Bounds between hundredths. */
const PERCENTILES = 99;

/** Undefined where the run left none. */
export async function readModel(files: Pick<PropensityFiles, 'read'>, run: RunKey): Promise<StoredModel | undefined> {
  const file = runFile.model(run);
  const content = await files.read(file);
  if (content === undefined) return undefined;
  const problem = problemOf(content);
  if (problem !== undefined) throw new UnreadableModel(`The propensity model ${file} can't be used: ${problem}.`);
  return content as StoredModel;
}

export const putModel = (files: Pick<PropensityFiles, 'put'>, run: RunKey, model: StoredModel): Promise<void> =>
  files.put(runFile.model(run), model);

type Unknown<Kind> = { readonly [Part in keyof Kind]?: unknown };

function problemOf(content: unknown): string | undefined {
  if (!isObject(content)) return 'it is no object';
  const model = content as Unknown<StoredModel>;
  if (model.format !== FORMAT) return `its format is ${String(model.format)}, and this version reads ${FORMAT}`;
  return blendProblem(model.blend) ?? scaleProblem(model) ?? specificationProblem(model.specification);
}

function scaleProblem({ calibration, baseRate, priorShift, percentiles, importance }: Unknown<StoredModel>) {
  if (!isObject(calibration) || !areNumbers([calibration.slope, calibration.offset])) {
    return 'calibration has no slope and offset';
  }
  if (!isNumber(baseRate) || baseRate <= 0 || baseRate >= 1) return 'baseRate is not between 0 and 1';
  if (!isNumber(priorShift)) return 'priorShift is no number';
  if (!Array.isArray(percentiles) || percentiles.length !== PERCENTILES || !areNumbers(percentiles)) {
    return `percentiles are not ${PERCENTILES} numbers`;
  }
  return Array.isArray(importance) && importance.length === 2 && areNumbers(importance)
    ? undefined
    : 'importance is not two numbers';
}

function blendProblem(content: unknown): string | undefined {
  if (!isObject(content)) return 'it has no blend';
  const { encoding, trees, regression, weight } = content as Unknown<Blend>;
  const columns = columnsOf(encoding);
  if (columns === undefined) return 'blend.encoding does not say which feature each column is of';
  const isColumn = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < columns;
  if (!isNumber(weight) || weight < 0 || weight > 1) return 'blend.weight is not from 0 to 1';
  if (!isObject(trees) || !isNumber(trees.base) || !Array.isArray(trees.trees)) return 'blend.trees has no trees';
  const broken = trees.trees.findIndex((tree) => !isTree(tree, isColumn));
  if (broken >= 0) return `blend.trees.trees[${broken}] is no tree over ${columns} columns`;
  if (!isObject(regression) || !isNumber(regression.intercept) || !Array.isArray(regression.terms)) {
    return 'blend.regression has no terms';
  }
  const term = regression.terms.findIndex((each) => !isObject(each) || !isColumn(each.column) || !isTerm(each));
  return term < 0 ? undefined : `blend.regression.terms[${term}] is no term over ${columns} columns`;
}

const isTerm = ({ of, mean, deviation, weight }: Readonly<Record<string, unknown>>): boolean =>
  (of === 'value' || of === 'absence') && areNumbers([mean, deviation, weight]);

/** How many there are. */
function columnsOf(content: unknown): number | undefined {
  if (!isObject(content)) return undefined;
  const { features, columns } = content as Unknown<Encoding>;
  if (!Array.isArray(features) || !Array.isArray(columns)) return undefined;
  const areNamed = features.every((feature) => isObject(feature) && typeof feature.name === 'string');
  const areOfFeatures = columns.every((column) => isObject(column) && Number(column.feature) in features);
  return areNamed && areOfFeatures ? columns.length : undefined;
}

/** Every node leads on to another, or to a leaf that there is. */
function isTree(content: unknown, isColumn: (value: unknown) => boolean): boolean {
  if (!isObject(content)) return false;
  const { column, threshold, missingLeft, left, right, leaf, cover } = content as Unknown<Tree>;
  if (![column, threshold, missingLeft, left, right, leaf, cover].every(Array.isArray)) return false;
  const lists = { threshold, missingLeft, left, right } as Readonly<Record<string, readonly unknown[]>>;
  const [columns, leaves] = [column, leaf] as [readonly unknown[], readonly unknown[]];
  if (Object.values(lists).some(({ length }) => length !== columns.length)) return false;
  if (leaves.length !== columns.length + 1 || (cover as readonly unknown[]).length !== leaves.length) return false;
  const leads = (to: unknown) =>
    Number.isInteger(to) && (to as number) < columns.length && ~(to as number) < leaves.length;
  return columns.every(isColumn) && areNumbers(leaves) && [lists.left, lists.right].every((all) => all?.every(leads));
}

function specificationProblem(content: unknown): string | undefined {
  if (!isObject(content)) return 'it has no specification';
  const { goal, eventTypes, customEvents, profileFeatures } = content as Unknown<PropensitySpecification>;
  if (!isObject(goal) || !Array.isArray(goal.conditions)) return 'its specification has no goal';
  return [eventTypes, customEvents, profileFeatures].every(Array.isArray)
    ? undefined
    : 'its specification does not name the event types, custom events and profile features it is made of';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const areNumbers = (values: readonly unknown[]): boolean => values.every(isNumber);
