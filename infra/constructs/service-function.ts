import { Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Env, EnvVariables } from '#shared/lambda/env.ts';
import type { StageSettings } from '../config.ts';
import { bundleOf, sourcesOf } from './function-bundles.ts';

export interface ServiceFunctionProps<Needs extends Env> {
  /** The folder under `functions/`. */
  readonly name: string;
  readonly settings: StageSettings;
  readonly env: Needs;
  readonly environment: EnvVariables<Needs>;
  readonly timeout: Duration;
  readonly memorySize: number;
}

/** The only way to declare a Lambda: one runtime, one bundle format, one logging, and an environment that is complete. */
export class ServiceFunction<Needs extends Env = Env> extends LambdaFunction {
  readonly name: string;
  readonly settings: StageSettings;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Needs>) {
    const { name, settings } = props;
    super(scope, id, {
      description: `Shoal: ${name}`,
      handler: 'index.handler',
      code: codeOf(scope, name),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      role: new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      logGroup: logGroupFor(scope, id, settings),
      loggingFormat: LoggingFormat.JSON,
      environment: { ...props.environment, ...runtimeEnvironment(name, settings) },
    });
    this.name = name;
    this.settings = settings;
    // A given role gets no managed policy, and so no right to log.
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.logGroup.logGroupRef.logGroupArn);
    this.node.addValidation({ validate: () => problemsOf(props) });
    this.acknowledgeTracing();
  }

  /** One statement, these actions, these resources: nothing wider than what the function's code calls. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  /** Objects under one prefix. The wildcard is acknowledged here, where it is known to stand for made-up names only. */
  allowObjects(actions: readonly string[], bucket: Bucket, prefix: string): void {
    this.allow(actions, bucket.arnForObjects(`${prefix}*`));
    Validations.of(this.role as Role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exportNameOf(bucket)}/${prefix}*]`,
      reason: `Object names under ${prefix} are made at run time; nothing outside the prefix is reachable.`,
    });
  }

  /** What every change of settings needs around it: the audit trail and idempotency keys (shared/lambda/control-guard.ts). */
  allowChangeGuard(control: { readonly tableArn: string }): void {
    this.allow(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], control.tableArn);
  }

  private acknowledgeTracing(): void {
    Validations.of(this.role as Role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray takes trace segments of an account, not of a resource: these two actions know no narrower one.',
    });
  }
}

/** Where nobody looks at the code it is not bundled: the sources stand for it. */
function codeOf(scope: Construct, name: string): Code {
  return Code.fromAsset(Stack.of(scope).bundlingRequired ? bundleOf(name) : sourcesOf(name));
}

/** How the bucket's ARN is spelled in this stack: the finding to acknowledge names the export of the other. */
function exportNameOf(bucket: Bucket): string {
  const owner = Stack.of(bucket);
  const { 'Fn::ImportValue': name } = owner.resolve(owner.exportValue(bucket.bucketArn));
  return name;
}

function logGroupFor(scope: Construct, id: string, { logRetentionDays }: StageSettings): LogGroup {
  return new LogGroup(scope, `${id}Log`, {
    retention: logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** What the runtime and the telemetry read by themselves, the same for every function. */
function runtimeEnvironment(name: string, { stage }: StageSettings): Record<string, string> {
  return {
    NODE_OPTIONS: '--enable-source-maps',
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(stage),
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
}

export const metricsNamespace = (stage: string) => `Shoal/${stage}`;

/** Values known at synthesis are held to the function's own types here, not at its first cold start. */
function problemsOf<Needs extends Env>({ name, env, environment }: ServiceFunctionProps<Needs>): string[] {
  return Object.entries(env).flatMap(([variable, type]) => {
    const value = environment[variable];
    if (Token.isUnresolved(value)) return [];
    const parsed = type.safeParse(value);
    return parsed.success ? [] : [`${name}: ${variable}=${String(value)}: ${parsed.error.issues[0]?.message}`];
  });
}

export const regionOf = (scope: Construct) => Stack.of(scope).region;

export const API_TIMEOUT = Duration.seconds(15);
