import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { containerEnv } from '#functions/train-propensity/env.ts';
import type { EnvVariables } from '#shared/lambda/env.ts';
import type { TrainingJobs } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { imageOf, sourcesOf } from './function-bundles.ts';

interface TrainingJobProps {
  readonly jobs: TrainingJobs;
  readonly data: DataStack;
}

const NAME = 'train-propensity';
const NAME_PREFIX = 'shoal-';
/** A container takes in all of so many; see docs/decisions/0020-training-jobs-run-the-functions-code.md. */
export const JOB_PEOPLE_MAX = 2_000_000;
const JOB_ROWS_MAX = 4_000_000;
const SECONDS_MAX = 4 * 3600;
const VOLUME_GB = 30;

/** Training in a container of SageMaker, by the code of the function: an image, its role, and the step that starts it. */
export class TrainingJob extends Construct {
  readonly #image: DockerImageAsset;
  readonly #role: Role;
  readonly #props: TrainingJobProps;

  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    this.#props = props;
    const directory = Stack.of(this).bundlingRequired ? imageOf(NAME) : sourcesOf(NAME);
    this.#image = new DockerImageAsset(this, 'Image', { directory, platform: Platform.LINUX_AMD64 });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    this.allowTraining(props);
    this.#image.repository.grantPull(this.#role);
    this.acknowledge(props);
  }

  get rowsMin(): number {
    return this.#props.jobs.rowsMin;
  }

  /** A state that ends when the job does. Its name is new whenever it is tried: one that failed keeps the name it had. */
  get step() {
    const { artifacts } = this.#props.data;
    return {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Arguments: {
        TrainingJobName: `{% '${NAME_PREFIX}' & $substringAfter($states.input.runId, '-') & '-' & $string($millis()) %}`,
        RoleArn: this.#role.roleArn,
        AlgorithmSpecification: { TrainingImage: this.#image.imageUri, TrainingInputMode: 'File' },
        ResourceConfig: {
          InstanceCount: 1,
          InstanceType: this.#props.jobs.instanceType,
          VolumeSizeInGB: VOLUME_GB,
        },
        // The container leaves its model by itself; SageMaker insists on a place for what it finds besides.
        OutputDataConfig: { S3OutputPath: `s3://${artifacts.bucket.bucketName}/${PREFIX.models}parts/jobs` },
        StoppingCondition: { MaxRuntimeInSeconds: SECONDS_MAX },
        Environment: this.environment,
      },
      Retry: [{ ErrorEquals: ['SageMaker.ThrottlingException'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 6 }],
    };
  }

  private get environment(): EnvVariables<typeof containerEnv> {
    const { control, artifacts } = this.#props.data;
    return {
      CONTROL_TABLE: control.table.tableName,
      BUCKET_NAME: artifacts.bucket.bucketName,
      TRAINING_ROWS_MAX: String(JOB_ROWS_MAX),
      SANDBOX_NAME: '{% $states.input.sandboxName %}',
      INSTANCE_ID: '{% $states.input.instanceId %}',
      RUN_ID: '{% $states.input.runId %}',
    };
  }

  /** What a state machine needs that starts the job and waits for it, as the Step Functions guide lists it. */
  allowStarting(machine: Role): void {
    const policy = new Policy(this, 'Start', {
      statements: [
        new PolicyStatement({
          actions: [
            'sagemaker:AddTags',
            'sagemaker:CreateTrainingJob',
            'sagemaker:DescribeTrainingJob',
            'sagemaker:StopTrainingJob',
          ],
          resources: [this.jobsArn],
        }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [this.#role.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
        }),
        new PolicyStatement({
          actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
          resources: [
            Stack.of(this).formatArn({
              service: 'events',
              resource: 'rule',
              resourceName: 'StepFunctionsGetEventsForSageMakerTrainingJobsRule',
            }),
          ],
        }),
      ],
    });
    policy.attachToRole(machine);
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/${NAME_PREFIX}*]`,
      reason: 'Training jobs of this service, whose names are made at run time.',
    });
  }

  private get jobsArn(): string {
    return Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'training-job',
      resourceName: `${NAME_PREFIX}*`,
    });
  }

  /** What the function may, and what SageMaker does in the role's name: pull the image, write the log. */
  private allowTraining({ data: { control, artifacts } }: TrainingJobProps): void {
    const log = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '/aws/sagemaker/TrainingJobs*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const allow = (actions: string[], resource: string) =>
      this.#role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(['dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    allow(['s3:GetObject', 's3:PutObject'], artifacts.bucket.arnForObjects(`${PREFIX.models}*`));
    allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], log);
  }

  private acknowledge({ data: { artifacts } }: TrainingJobProps): void {
    const owner = Stack.of(artifacts.bucket);
    const { 'Fn::ImportValue': bucket } = owner.resolve(owner.exportValue(artifacts.bucket.bucketArn));
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(this.#role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    acknowledge(`${bucket}/${PREFIX.models}*`, 'Object names under models/ are made at run time.');
    acknowledge('*', 'A token of the registry is a permission of an account; the action knows no narrower resource.');
    acknowledge(
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/TrainingJobs*',
      'SageMaker names the streams of its jobs itself.',
    );
  }
}
