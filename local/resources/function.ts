/** AWS::Lambda::Function: Node.js functions from assets, in worker threads with nothing in their environment but their own. */
import { availableParallelism } from 'node:os';
import { arnOf } from '../aws-account.ts';
import type { Cloud } from '../cloud.ts';
import { LambdaFunction } from '../lambda/function.ts';
import { LogFile } from '../lambda/log-file.ts';
import type { Declaration, Properties, ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

/** More workers than this only share the same processors. A function's own lower limit is kept. */
const CONCURRENCY_MAX = Math.max(2, availableParallelism());

export function functionType(cloud: Cloud): ResourceType {
  return {
    properties: {
      FunctionName: true,
      Code: { S3Bucket: 'assets are read where the synthesis left them', S3Key: true },
      Handler: true,
      Runtime: true,
      Timeout: true,
      MemorySize: true,
      Environment: { Variables: true },
      ReservedConcurrentExecutions: true,
      LoggingConfig: { LogFormat: true, LogGroup: REASONS.observability, '*': REASONS.observability },
      Architectures: 'the code is JavaScript, and runs on the architecture of this machine',
      PackageType: 'an asset without an image is a zip',
      Role: REASONS.permissions,
      TracingConfig: REASONS.observability,
      Description: REASONS.description,
      Tags: REASONS.tags,
    },
    deploy: (declaration, properties) => {
      const lambda = create(cloud, declaration, properties);
      const { name, arn } = lambda.settings;
      cloud.functions.set(name, lambda);
      cloud.functions.set(arn, lambda);
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

function create(cloud: Cloud, { stackName, logicalId }: Declaration, properties: Properties): LambdaFunction {
  const name = String(properties.FunctionName ?? `${stackName}-${logicalId}`);
  const runtime = String(properties.Runtime);
  if (!runtime.startsWith('nodejs')) throw new Error(`function ${name}: the local runner can't run ${runtime}`);
  const key = String((properties.Code as { S3Key: unknown }).S3Key);
  const folder = cloud.assets.get(key);
  if (folder === undefined) throw new Error(`function ${name}: the assembly has no asset ${key}`);
  const memoryMb = Number(properties.MemorySize ?? 128);
  const handler = String(properties.Handler);
  const settings = {
    name,
    arn: arnOf('lambda', `function:${name}`),
    folder,
    handler,
    memoryMb,
    timeoutMs: Number(properties.Timeout ?? 3) * 1000,
    concurrency: Math.min(CONCURRENCY_MAX, Number(properties.ReservedConcurrentExecutions ?? CONCURRENCY_MAX)),
    variables: variablesOf(cloud, properties, { name, folder, handler, memoryMb, runtime }),
  };
  return new LambdaFunction(
    settings,
    new LogFile(cloud.logFileOf(logName(settings.variables, name))),
    cloud.surroundings.clockOffsetMs,
  );
}

/** The short name of a service reads better as a file than a logical id with its hash. */
function logName(variables: Readonly<Record<string, string>>, name: string): string {
  return variables.POWERTOOLS_SERVICE_NAME ?? name;
}

interface Runtime {
  readonly name: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly runtime: string;
}

function variablesOf(
  cloud: Cloud,
  properties: Properties,
  { name, folder, handler, memoryMb, runtime }: Runtime,
): Readonly<Record<string, string>> {
  const given = (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  const format = (properties.LoggingConfig as { LogFormat?: string } | undefined)?.LogFormat;
  return {
    ...cloud.awsVariables(),
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    ...(format !== undefined && { AWS_LAMBDA_LOG_FORMAT: format }),
    LAMBDA_TASK_ROOT: folder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: handler,
    ...Object.fromEntries(Object.entries(given).map(([variable, value]) => [variable, String(value)])),
  };
}
