/** `/propensity/…`: what is to be foretold, its runs, and what came of them. */
import * as z from 'zod';
import {
  CONDITIONS_MAX,
  CUSTOM_EVENTS_MAX,
  EVENT_TYPES_MAX,
  INSTANCE_STATES,
  INSTANCE_TYPES,
  PROFILE_FEATURES_MAX,
  type PropensityInstance,
  WINDOW_DAYS_MAX,
} from '#shared/propensity/instance.ts';
import { nextRunAt } from '#shared/propensity/instance-timers.ts';
import {
  CALLED_KINDS,
  type CalledKind,
  type PropensityRun,
  RUN_KINDS,
  RUN_SOURCES,
  RUN_STATUSES,
} from '#shared/propensity/run.ts';
import { quartzExpression, timeZoneName } from './schedules.ts';

export const INSTANCES_PER_SANDBOX_MAX = 50;

const expression = z.string().min(1).max(20_000);
const label = z.string().trim().min(1).max(128);
const path = z
  .string()
  .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*){0,11}$/, { error: 'must be a path such as person.birthDate' });

/** Expressions read scores by it, so it is a name as the language has them. */
const instanceId = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, {
  error: 'must begin with a letter and hold at most 50 letters, digits and underscores',
});

export const goal = z.strictObject({
  occurrence: z.enum(['will', 'willNot']),
  match: z.enum(['any', 'all']).default('any'),
  /** PQL with one event as its subject. */
  conditions: z.array(expression).min(1).max(CONDITIONS_MAX),
  windowDays: z.number().int().min(1).max(WINDOW_DAYS_MAX),
});

const amount = z.strictObject({ name: label, path });

const customEvent = z.strictObject({
  name: label,
  condition: expression,
  amounts: z.array(amount).max(5).default([]),
});

/** UTC where it names no time zone. */
const cadence = z.strictObject({ expression: quartzExpression, timeZone: timeZoneName.optional() });

const settings = {
  displayName: label,
  description: z.string().max(4000).optional(),
  type: z.enum(INSTANCE_TYPES),
  goal,
  eligiblePopulation: expression.optional(),
  customEvents: z.array(customEvent).max(CUSTOM_EVENTS_MAX).default([]),
  profileAttributes: z.array(path).max(PROFILE_FEATURES_MAX).default([]),
  excludedEventTypes: z
    .array(z.string().min(1).max(200))
    .max(EVENT_TYPES_MAX * 5)
    .default([]),
  timeZone: z.string().max(64).optional(),
  /** When everybody is scored; where no model is in use yet, one is trained then. */
  schedule: cadence.optional(),
  /** When a model is trained and, if it is put into use, everybody scored by it. */
  trainingSchedule: cadence.optional(),
};

export const createPropensityInstance = z.strictObject({
  id: instanceId,
  ...settings,
  state: z.enum(INSTANCE_STATES).default('draft'),
});

/** A field that is left out stays as it is; `null` takes an optional one away. */
export const patchPropensityInstance = z.strictObject({
  displayName: settings.displayName.optional(),
  description: settings.description.nullable(),
  type: settings.type.optional(),
  goal: goal.optional(),
  eligiblePopulation: settings.eligiblePopulation.nullable(),
  customEvents: z.array(customEvent).max(CUSTOM_EVENTS_MAX).optional(),
  profileAttributes: z.array(path).max(PROFILE_FEATURES_MAX).optional(),
  excludedEventTypes: z
    .array(z.string().min(1).max(200))
    .max(EVENT_TYPES_MAX * 5)
    .optional(),
  timeZone: settings.timeZone.nullable(),
  schedule: cadence.nullable().optional(),
  trainingSchedule: cadence.nullable().optional(),
  state: z.enum(INSTANCE_STATES).optional(),
});
export type PatchPropensityInstance = z.output<typeof patchPropensityInstance>;

export const clonePropensityInstance = z.strictObject({ id: instanceId, displayName: label.optional() });

/** A specification that nobody has saved, to be checked against the data. */
export const propensityDataCheckRequest = z.strictObject({
  goal,
  eligiblePopulation: expression.optional(),
  customEvents: z.array(customEvent).max(CUSTOM_EVENTS_MAX).default([]),
  profileAttributes: z.array(path).max(PROFILE_FEATURES_MAX).default([]),
  timeZone: z.string().max(64).optional(),
});

export const dataCheck = z.strictObject({
  canTrain: z.boolean(),
  historyDays: z.number(),
  historyDaysNeeded: z.number(),
  eligible: z.number().int(),
  occurred: z.number().int(),
  notOccurred: z.number().int(),
  findings: z.array(z.strictObject({ code: z.string(), found: z.number(), needed: z.number(), message: z.string() })),
});

export const propensityDataCheck = z.strictObject({
  ...dataCheck.shape,
  /** Counts are scaled from a sample of the profiles. */
  isEstimate: z.boolean(),
  profilesRead: z.number().int(),
});
export type PropensityDataCheck = z.output<typeof propensityDataCheck>;

const runModel = z.strictObject({
  areaUnderCurve: z.number(),
  evaluationKind: z.enum(['out of time', 'out of fold']),
  people: z.number().int(),
  expectedRate: z.number(),
  actualRate: z.number(),
  judgedAt: z.number().int().optional(),
  promoted: z.boolean(),
  reason: z.string(),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string(), feature: z.string().optional() })),
});

export const propensityRun = z.strictObject({
  id: z.string(),
  instanceId: z.string(),
  kind: z.enum(RUN_KINDS),
  source: z.enum(RUN_SOURCES),
  /** When it was due, of a run by schedule. */
  scheduledTime: z.number().int().optional(),
  status: z.enum(RUN_STATUSES),
  instanceVersion: z.number().int(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  endTime: z.number().int().optional(),
  asOf: z.number().int().optional(),
  errorCode: z.string().optional(),
  message: z.string().optional(),
  dataCheck: dataCheck.optional(),
  model: runModel.optional(),
  scores: z
    .strictObject({
      people: z.number().int(),
      low: z.number().int(),
      medium: z.number().int(),
      high: z.number().int(),
      expected: z.number(),
      /** Counted by a later run once the window was over: people it had foretold, and those with the outcome. */
      followUp: z
        .strictObject({ people: z.number().int(), occurred: z.number().int(), countedAt: z.number().int() })
        .optional(),
    })
    .optional(),
});
export type PropensityRunResource = z.output<typeof propensityRun>;

export const startPropensityRun = z.strictObject({ kind: z.enum(CALLED_KINDS).default('train') });
export const propensityRunList = z.strictObject({ children: z.array(propensityRun) });

export const propensityInstance = z.strictObject({
  id: z.string(),
  ...settings,
  customEvents: z.array(customEvent),
  profileAttributes: z.array(z.string()),
  excludedEventTypes: z.array(z.string()),
  state: z.enum(INSTANCE_STATES),
  sandbox: z.strictObject({ sandboxName: z.string(), default: z.boolean() }),
  modelRunId: z.string().optional(),
  version: z.number().int(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  /** When its schedules are due next; absent while it is a draft. */
  nextRuns: z.strictObject({ score: z.number().int().optional(), train: z.number().int().optional() }).optional(),
  lastRun: propensityRun.optional(),
});
export type PropensityInstanceResource = z.output<typeof propensityInstance>;
export const propensityInstanceList = z.strictObject({ children: z.array(propensityInstance) });

const topFactor = z.strictObject({
  name: z.string(),
  people: z.number().int(),
  raises: z.number().int(),
  lowers: z.number().int(),
});
const bucket = z.strictObject({ people: z.number().int(), expected: z.number(), topFactors: z.array(topFactor) });

export const propensityInsights = z.strictObject({
  runId: z.string(),
  /** The run whose model the scores are of. */
  modelRunId: z.string(),
  asOf: z.number().int(),
  /** People by score, 0 to 100. */
  distribution: z.array(z.number().int()),
  buckets: z.strictObject({ low: bucket, medium: bucket, high: bucket }),
  evaluation: z.looseObject({
    kind: z.enum(['out of time', 'out of fold']),
    people: z.number().int(),
    occurred: z.number().int(),
    areaUnderCurve: z.number(),
    logLoss: z.number(),
    brierScore: z.number(),
    gains: z.array(z.strictObject({ share: z.number(), gain: z.number(), lift: z.number() })),
    roc: z.array(z.strictObject({ falsePositiveRate: z.number(), truePositiveRate: z.number() })),
    calibration: z.array(z.strictObject({ people: z.number().int(), expected: z.number(), actual: z.number() })),
  }),
  importances: z.array(z.strictObject({ feature: z.string(), importance: z.number() })),
  warnings: runModel.shape.warnings,
  /**
   * What was foretold and what then happened, the oldest first: `judged`, by a model in training at an earlier instant;
   * `scored`, by the scores that people carried, counted once their window was over.
   */
  history: z.array(
    z.strictObject({
      runId: z.string(),
      kind: z.enum(['judged', 'scored']),
      judgedAt: z.number().int().optional(),
      people: z.number().int(),
      areaUnderCurve: z.number().optional(),
      expectedRate: z.number(),
      actualRate: z.number(),
      promoted: z.boolean().optional(),
    }),
  ),
});
export type PropensityInsights = z.output<typeof propensityInsights>;

export const propensityFactor = z.strictObject({
  runId: z.string(),
  modelRunId: z.string(),
  asOf: z.number().int(),
  bucket: z.enum(['low', 'medium', 'high']),
  /** Of the bucket. */
  bucketPeople: z.number().int(),
  ...topFactor.shape,
  /** People by how strongly it counts for them, in thirds over everybody. */
  importance: z.strictObject({ low: z.number().int(), medium: z.number().int(), high: z.number().int() }),
  /** In log odds. */
  meanContribution: z.number(),
  /** `from` belongs to it, `to` does not, but where both are the same; neither, nor a text: people without a value. */
  values: z.array(
    z.strictObject({
      from: z.number().optional(),
      to: z.number().optional(),
      text: z.string().optional(),
      isOther: z.literal(true).optional(),
      people: z.number().int(),
      meanContribution: z.number(),
    }),
  ),
});
export type PropensityFactorResource = z.output<typeof propensityFactor>;

export const factorQuery = z.strictObject({
  runId: z.string().max(64).optional(),
  bucket: z.enum(['low', 'medium', 'high']),
  name: z.string().min(1).max(400),
});
export const listRunsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) });
export const insightsQuery = z.strictObject({ runId: z.string().max(64).optional() });

export function toRunResource({
  runId,
  sandboxName: _,
  revision: __,
  ranges: ___,
  ...run
}: PropensityRun): PropensityRunResource {
  return { id: runId, ...run } as PropensityRunResource;
}

/** `now`: epoch milliseconds, of which the next runs are counted. */
export function toInstanceResource(
  instance: PropensityInstance,
  now: number,
  lastRun?: PropensityRun,
): PropensityInstanceResource {
  const { sandboxName, timerId: _, ...settings } = instance;
  return {
    ...(settings as Omit<PropensityInstanceResource, 'sandbox' | 'lastRun' | 'nextRuns'>),
    sandbox: { sandboxName, default: sandboxName === 'prod' },
    ...(instance.state === 'active' && { nextRuns: nextRunsOf(instance, now) }),
    ...(lastRun === undefined ? {} : { lastRun: toRunResource(lastRun) }),
  };
}

function nextRunsOf(instance: PropensityInstance, now: number): PropensityInstanceResource['nextRuns'] {
  const next = (kind: CalledKind) => {
    const at = nextRunAt(instance, kind, now);
    return at === undefined ? {} : { [kind]: at };
  };
  return { ...next('score'), ...next('train') };
}

export const instanceEtag = ({ version }: Pick<PropensityInstance, 'version'>): string => `"${version}"`;
