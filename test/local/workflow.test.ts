/**
 * A template of its own in the whole runner: schedules start state machines, state machines invoke real functions, and
 * functions reach queues and state machines by clients made with defaults, as they do in AWS.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from 'vitest';
import { type Runner, startRunner } from '#local/runner.ts';
import { clientSettings } from './support/engine.ts';
import { eventually } from './support/eventually.ts';
import { graph, outputOf } from './support/state-machine.ts';

const shoalFolder = resolve(import.meta.dirname, '../../.shoal');
const folders: string[] = [];
const runners: Runner[] = [];

afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Inside the project, where functions find the SDK. */
function newFolder(): string {
  mkdirSync(shoalFolder, { recursive: true });
  const folder = mkdtempSync(join(shoalFolder, 'test-'));
  folders.push(folder);
  return folder;
}

const CODE = `
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export const double = async (n) => n * 2;
export const fail = async () => { throw new RangeError('too far'); };
export const hang = async () => new Promise(() => {});
export const enqueue = async (body) => {
  const { MessageId } = await new SQSClient({}).send(
    new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(body) }),
  );
  return MessageId;
};
export const start = async ({ Records }) => {
  const client = new SFNClient({});
  for (const { body, messageId: name } of Records) {
    const { stateMachineArn, input } = JSON.parse(body);
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  }
};
`;

function writeAssembly(Resources: Record<string, object>): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'asset'));
  writeFileSync(join(folder, 'asset', 'index.mjs'), CODE);
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  write('stack.template.json', { Resources });
  write('stack.assets.json', {
    files: { code: { source: { path: 'asset' }, destinations: { here: { objectKey: 'code' } } } },
  });
  write('manifest.json', {
    artifacts: {
      stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'stack.template.json' } },
      assets: { type: 'cdk:asset-manifest', properties: { file: 'stack.assets.json' } },
    },
  });
  return folder;
}

const lambda = (name: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Code: { S3Bucket: 'assets', S3Key: 'code' },
    Handler: `index.${name}`,
    Runtime: 'nodejs24.x',
    Timeout: 20,
    ...more,
  },
});

const machine = (name: string, definition: object, functions: readonly string[] = []) => {
  const text = JSON.stringify({ QueryLanguage: 'JSONata', ...definition });
  const arns = functions.map((logicalId) => [logicalId, { 'Fn::GetAtt': [logicalId, 'Arn'] }]);
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: name,
      RoleArn: 'arn:role',
      DefinitionString: { 'Fn::Sub': [text, Object.fromEntries(arns)] },
    },
  };
};

const task = (logicalId: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: `\${${logicalId}}`, Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

async function start(Resources: Record<string, object>, dataFolder?: string) {
  const runner = await startRunner({
    port: 0,
    assemblyFolder: writeAssembly(Resources),
    consoleFolder: undefined,
    homeFolder: newFolder(),
    dataFolder,
    clockOffsetMs: 0,
    onProblem: () => {},
    onFatal: () => {},
  });
  runners.push(runner);
  const { endpoints } = runner.local;
  expect(new Set([endpoints.sqs, endpoints.scheduler, endpoints.stepfunctions]).size).toBe(1);
  return { runner, client: new SFNClient(clientSettings(endpoints.stepfunctions)) };
}

const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

async function run(client: SFNClient, name: string, input: unknown) {
  const command = new StartExecutionCommand({ stateMachineArn: arnOf(name), input: JSON.stringify(input) });
  const { executionArn } = await client.send(command);
  return eventually(
    () => client.send(new DescribeExecutionCommand({ executionArn })),
    ({ status }) => status !== 'RUNNING',
  );
}

test('a state machine invokes deployed functions, each item of a distributed map one of its own', async () => {
  const { client } = await start({
    Double: lambda('double'),
    Fail: lambda('fail'),
    Hang: lambda('hang', { Timeout: 1 }),
    Subject: machine(
      'subject',
      graph({
        All: {
          Type: 'Map',
          ItemProcessor: {
            ...graph({ Each: task('Double') }),
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          },
          Assign: { doubled: '{% $states.result %}' },
          Next: 'Fails',
        },
        Fails: task('Fail', {
          Catch: [{ ErrorEquals: ['RangeError'], Next: 'Hangs', Output: '{% $states.errorOutput %}' }],
        }),
        Hangs: task('Hang', {
          Catch: [
            {
              ErrorEquals: ['Sandbox.Timedout'],
              Next: 'Last',
              Output: {
                doubled: '{% $doubled %}',
                failure: '{% $states.input %}',
                timeout: '{% $states.errorOutput.Cause %}',
              },
            },
          ],
        }),
        Last: { Type: 'Succeed' },
      }),
      ['Double', 'Fail', 'Hang'],
    ),
  });

  const items = Array.from({ length: 25 }, (_, n) => n);
  const execution = await run(client, 'subject', items);

  const { doubled, failure, timeout } = outputOf(execution);
  expect(doubled).toEqual(items.map((n) => n * 2));
  expect(failure).toMatchObject({ Error: 'RangeError', Cause: expect.stringContaining('too far') });
  expect(timeout).toContain('Task timed out after 1.00 seconds');
});

test('a schedule starts a state machine whose function puts a message, whose function starts another', async () => {
  const input = { stateMachineArn: arnOf('last'), input: { from: '<aws.scheduler.schedule-arn>' } };
  const { client } = await start({
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
    Enqueue: lambda('enqueue', { Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' } } } }),
    Start: lambda('start'),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Start' } },
    },
    First: machine('first', graph({ Enqueue: task('Enqueue') }), ['Enqueue']),
    Last: machine('last', graph({ End: { Type: 'Succeed' } })),
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'jobs' } },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'every-minute',
        GroupName: { Ref: 'Group' },
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: { Ref: 'First' }, RoleArn: 'arn:role', Input: JSON.stringify(input) },
      },
    },
  });

  const [execution] = await eventually(
    async () =>
      (await client.send(new ListExecutionsCommand({ stateMachineArn: arnOf('last'), statusFilter: 'SUCCEEDED' })))
        .executions ?? [],
    ({ length }) => length > 0,
  );

  const described = await client.send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }));
  expect(outputOf(described)).toEqual({ from: 'arn:aws:scheduler:us-east-1:000000000000:schedule/jobs/every-minute' });
});

test('with a data folder, an execution that waits when the service stops is finished by the next start', async () => {
  const dataFolder = newFolder();
  const waiting = {
    Waits: machine('waits', graph({ Wait: { Type: 'Wait', Seconds: 2, Next: 'End' }, End: { Type: 'Succeed' } })),
  };
  const { runner, client } = await start(waiting, dataFolder);
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('waits'), input: '{"a":1}' }),
  );
  runners.splice(0);
  await runner.stop();

  const next = await start(waiting, dataFolder);
  const execution = await eventually(
    () => next.client.send(new DescribeExecutionCommand({ executionArn })),
    ({ status }) => status !== 'RUNNING',
  );

  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
});
