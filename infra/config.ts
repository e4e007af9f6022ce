/**
 * Everything that differs between stages, typed in one place. The only reader of CDK context:
 * `cdk deploy --all -c stage=prod -c oidcIssuer=https://… -c oidcAudience=…`. A wrong setting fails synthesis by name.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import * as z from 'zod';

export interface StageSettings {
  readonly stage: 'dev' | 'prod';
  /** Stateful resources: kept and guarded in production, removed with the stack in development. */
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  /** `undefined`: on demand, which scales by itself and costs about three times an idle provisioned shard. */
  readonly streamShards: number | undefined;
  readonly streamRetentionHours: number;
  /** Concurrent batches per Kinesis shard and per DynamoDB Streams shard, 1 to 10. */
  readonly eventsParallelization: number;
  readonly changesParallelization: number;
  /** A record that failed for this long goes to the bucket: before the stream would drop it, so never lost silently. */
  readonly eventAgeHoursMax: number;
  /** How long records are gathered before their fields are observed: each batch writes every field that it holds. */
  readonly observeWindowSeconds: number;
  /** How long versions of profiles are gathered before they are scored again. */
  readonly rescoreWindowSeconds: number;
  readonly dueShards: number;
  /** Per sandbox. A consumer's cursor holds one position a shard. */
  readonly feedShards: number;
  readonly retentionDays: number;
  /** What batch work may take each second of the tables' read capacity, and how many profiles it may wake: streaming has the rest. */
  readonly batchReadUnitsPerSecond: number;
  readonly batchWakeUpsPerSecond: number;
  /** Ranges of the table that jobs evaluate at the same time. */
  readonly batchConcurrency: number;
  /** Trainings of more rows than a function takes go to a SageMaker training job; without it they look at fewer people. */
  readonly trainingJobs: TrainingJobs | undefined;
  readonly logRetentionDays: number;
  readonly requestsPerSecondMax: number;
  /** Of each operation that reads much of the table for one call, such as a preview. */
  readonly heavyRequestsPerSecondMax: number;
  /** Kinesis streams and SQS queues of this account and region that destinations may write to, by name: policies name each. */
  readonly destinationStreams: readonly string[];
  readonly destinationQueues: readonly string[];
  /** Webhooks may lead to this machine itself, by http: for the local runner. */
  readonly localWebhooks: boolean;
  /** Sandboxes that get a group in the Cognito pool; with an OIDC issuer the token's own claims decide. */
  readonly sandboxes: readonly string[];
  readonly oidc: { readonly issuer: string; readonly audience: readonly string[] } | undefined;
  /** Alarms notify this SNS topic; without one they are only shown. */
  readonly alarmTopicArn: string | undefined;
}

export interface TrainingJobs {
  readonly instanceType: string;
  /** A training of more rows is a job. */
  readonly rowsMin: number;
}

const SHARED = {
  eventsParallelization: 4,
  changesParallelization: 4,
  eventAgeHoursMax: 23,
  dueShards: 8,
  feedShards: 4,
  retentionDays: 1096,
  batchReadUnitsPerSecond: 4000,
  batchWakeUpsPerSecond: 1000,
  batchConcurrency: 40,
  sandboxes: ['prod'],
  destinationStreams: [],
  destinationQueues: [],
  localWebhooks: false,
} as const;

const STAGES = {
  dev: {
    ...SHARED,
    stage: 'dev',
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    streamShards: 2,
    observeWindowSeconds: 2,
    rescoreWindowSeconds: 2,
    streamRetentionHours: 24,
    logRetentionDays: 14,
    requestsPerSecondMax: 100,
    heavyRequestsPerSecondMax: 10,
  },
  prod: {
    ...SHARED,
    stage: 'prod',
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    streamShards: undefined,
    observeWindowSeconds: 60,
    rescoreWindowSeconds: 30,
    streamRetentionHours: 24,
    logRetentionDays: 90,
    requestsPerSecondMax: 1000,
    heavyRequestsPerSecondMax: 50,
  },
} as const satisfies Record<string, Omit<StageSettings, 'oidc' | 'alarmTopicArn' | 'trainingJobs'>>;

const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max).optional();

/** What may be overridden with `-c name=value`. */
const CONTEXT = {
  stage: z.enum(['dev', 'prod']).default('dev'),
  oidcIssuer: z.url({ protocol: /^https?$/ }).optional(),
  oidcAudience: z.string().min(1).optional(),
  alarmTopicArn: z.string().startsWith('arn:').optional(),
  streamShards: count(1, 10_000),
  eventsParallelization: count(1, 10),
  changesParallelization: count(1, 10),
  eventAgeHoursMax: count(1, 167),
  streamRetentionHours: count(24, 8760),
  observeWindowSeconds: count(0, 300),
  rescoreWindowSeconds: count(0, 300),
  dueShards: count(1, 1000),
  feedShards: count(1, 64),
  retentionDays: count(1, 36_500),
  batchReadUnitsPerSecond: count(10, 1_000_000),
  batchWakeUpsPerSecond: count(10, 1_000_000),
  batchConcurrency: count(1, 1000),
  requestsPerSecondMax: count(1, 10_000),
  heavyRequestsPerSecondMax: count(1, 10_000),
  trainingJobs: z.enum(['off', 'sagemaker']).default('off'),
  trainingInstanceType: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'is an instance type of SageMaker, as ml.m5.2xlarge')
    .default('ml.m5.2xlarge'),
  trainingRowsMin: z.coerce.number().int().min(0).max(10_000_000).default(200_000),
  sandboxes: z.string().optional(),
  destinationStreams: z.string().optional(),
  destinationQueues: z.string().optional(),
  localWebhooks: z.enum(['true', 'false']).optional(),
} as const;

type Context = z.output<z.ZodObject<typeof CONTEXT>>;

/** `lookUp` is `name => app.node.tryGetContext(name)`. */
export function readSettings(lookUp: (name: string) => unknown): StageSettings {
  const given = Object.fromEntries(Object.keys(CONTEXT).map((name) => [name, lookUp(name)]));
  const parsed = z.object(CONTEXT).safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `-c ${path.join('.')}: ${message}`);
    throw new Error(`The deployment's settings are wrong. ${problems.join('; ')}`);
  }
  return check(settingsFrom(parsed.data));
}

function settingsFrom(context: Context): StageSettings {
  const { stage, oidcIssuer, oidcAudience, sandboxes, ...others } = context;
  const { trainingJobs, trainingInstanceType: instanceType, trainingRowsMin: rowsMin, ...overrides } = others;
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return {
    ...STAGES[stage],
    ...(given as Partial<StageSettings>),
    ...(sandboxes === undefined ? {} : { sandboxes: listOf(sandboxes) }),
    destinationStreams: listOf(overrides.destinationStreams),
    destinationQueues: listOf(overrides.destinationQueues),
    localWebhooks: overrides.localWebhooks === 'true',
    alarmTopicArn: overrides.alarmTopicArn,
    trainingJobs: trainingJobs === 'off' ? undefined : { instanceType, rowsMin },
    oidc: oidcFrom(oidcIssuer, oidcAudience),
  };
}

const listOf = (text = ''): readonly string[] => (text === '' ? [] : text.split(',').map((name) => name.trim()));

function oidcFrom(issuer: string | undefined, audience: string | undefined): StageSettings['oidc'] {
  if (issuer !== undefined && audience !== undefined) return { issuer, audience: audience.split(',') };
  if (issuer === undefined && audience === undefined) return undefined;
  throw new Error('-c oidcIssuer and -c oidcAudience belong together: give both, or neither for a Cognito pool.');
}

const SANDBOX_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

function check(settings: StageSettings): StageSettings {
  const { eventAgeHoursMax, streamRetentionHours, sandboxes } = settings;
  if (eventAgeHoursMax >= streamRetentionHours) {
    throw new Error(
      `eventAgeHoursMax (${eventAgeHoursMax}) must be below streamRetentionHours (${streamRetentionHours}): ` +
        'otherwise the stream drops a failing record before its payload is kept.',
    );
  }
  const misnamed = sandboxes.filter((name) => !SANDBOX_NAME.test(name));
  if (misnamed.length > 0 || sandboxes.length === 0) {
    throw new Error(
      `-c sandboxes=${sandboxes.join(',')}: name at least one, in lower-case letters, digits and hyphens.`,
    );
  }
  return checkDestinations(settings);
}

const RESOURCE_NAME = /^[\w.-]{1,128}$/;

function checkDestinations(settings: StageSettings): StageSettings {
  const { stage, destinationStreams, destinationQueues, localWebhooks } = settings;
  const misnamed = [...destinationStreams, ...destinationQueues].find((name) => !RESOURCE_NAME.test(name));
  if (misnamed !== undefined) {
    throw new Error(
      `-c destinationStreams and destinationQueues take names with commas between them, not “${misnamed}”.`,
    );
  }
  if (localWebhooks && stage === 'prod') throw new Error('-c localWebhooks is for development only.');
  return settings;
}
