/** Where a model is trained: a function, or by configuration a SageMaker training job for those of many rows. */
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { permissionsOf } from './role-permissions.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const off = templatesOf().service;
const on = templatesOf({ trainingJobs: 'sagemaker', trainingRowsMin: '300000', trainingInstanceType: 'ml.m5.4xlarge' });

/** Every reference stands as its text: what it is at run time is no matter of a definition's. */
function definitionIn(service: typeof off) {
  const [machine] = resourcesOf(service, 'AWS::StepFunctions::StateMachine').filter(([id]) =>
    id.startsWith('Propensity'),
  );
  if (machine === undefined) throw new Error('there is no state machine of propensity');
  const [, parts] = machine[1].DefinitionString['Fn::Join'] as [string, (string | object)[]];
  const text = parts.map((part) => (typeof part === 'string' ? part : Object.values(part).flat().join('.'))).join('');
  return { text, definition: JSON.parse(text) };
}

test('nothing of SageMaker is there unless a stage asks for it', () => {
  const { text, definition } = definitionIn(off);

  expect(JSON.stringify(off.toJSON())).not.toContain('sagemaker');
  expect(text).not.toContain('Where to train');
  expect(definition.States['Collect rows'].Next).toBe('Train model');
});

describe('with training jobs', () => {
  const { definition } = definitionIn(on.service);
  const { States } = definition;

  test('the state machine chooses by the number of rows', () => {
    expect(States['Collect rows'].Next).toBe('Where to train');
    expect(States['Where to train']).toEqual({
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.rows > 300000 %}', Next: 'Train in a job' }],
      Default: 'Train model',
    });
  });

  test('a job is waited for, handed the run, and followed by the function that finds its model', () => {
    const { Resource, Arguments, Next, Output, Catch } = States['Train in a job'];

    expect(Resource).toMatch(/:states:::sagemaker:createTrainingJob\.sync$/);
    expect(Arguments.ResourceConfig).toEqual({ InstanceCount: 1, InstanceType: 'ml.m5.4xlarge', VolumeSizeInGB: 30 });
    expect(Arguments.Environment).toMatchObject({
      SANDBOX_NAME: '{% $states.input.sandboxName %}',
      INSTANCE_ID: '{% $states.input.instanceId %}',
      RUN_ID: '{% $states.input.runId %}',
      TRAINING_ROWS_MAX: '4000000',
    });
    expect({ Next, Output }).toEqual({ Next: 'Train model', Output: '{% $states.input %}' });
    expect(Catch).toEqual(States['Train model'].Catch);
  });

  test('the definition is one by the published grammar', () => {
    const { isValid, errors } = validate(definition);

    expect(errors.map(({ Message, message }) => Message ?? message)).toEqual([]);
    expect(isValid).toBe(true);
  });

  test('a plan looks at more people, since a job takes them in', () => {
    const peopleMax = (service: typeof off) =>
      resourcesOf(service, 'AWS::Lambda::Function').find(([id]) => id.includes('PlanPropensity'))?.[1].Environment
        .Variables.TRAINING_PEOPLE_MAX;

    expect([peopleMax(off), peopleMax(on.service)]).toEqual(['150000', '2000000']);
  });

  test('the container may do what the function may, pull its image and write its log', () => {
    expect(permissionsOf(on.service, 'TrainingJob')).toEqual({
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      'ArtifactBucketArtifacts/models/*': ['s3:GetObject', 's3:PutObject'],
      ArtifactBucketArtifacts: ['s3:ListBucket'],
      "log groups of SageMaker's training jobs": [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
      'the images of the deployment': [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      '*': ['ecr:GetAuthorizationToken'],
    });
  });

  test('the state machine may start such jobs and no others, and lends its role to SageMaker only', () => {
    const [policy] = resourcesOf(on.service, 'AWS::IAM::Policy').filter(([id]) => id.includes('TrainingJobStart'));
    const [jobs, pass, events] = policy?.[1].PolicyDocument.Statement ?? [];

    expect(jobs.Action).toEqual([
      'sagemaker:AddTags',
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:StopTrainingJob',
    ]);
    expect(JSON.stringify(jobs.Resource)).toContain(':training-job/shoal-*');
    expect(pass.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    expect(JSON.stringify(events.Resource)).toContain('rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule');
  });
});
