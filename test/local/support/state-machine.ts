/** A state machine deployed from a template, its functions written in the test, driven by the SDK's client. */
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach } from 'vitest';
import type { Cloud } from '#local/cloud.ts';
import { resourceTypes } from '#local/resources/resource-types.ts';
import { deploy } from '#local/template/deployment.ts';
import { clientSettings, startTestEngines, type TestEngines, type TestFunction } from './engine.ts';
import { eventually } from './eventually.ts';

export interface TestMachine {
  readonly client: SFNClient;
  readonly engines: TestEngines;
  readonly arn: string;
  start(input?: unknown, name?: string): Promise<string>;
  /** As it is once it no longer runs. */
  ended(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  run(input?: unknown): Promise<DescribeExecutionCommandOutput>;
  history(executionArn: string): Promise<HistoryEvent[]>;
}

export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** A task that calls a function of the test, with the state's input unless told otherwise. */
export const invoke = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn(name), Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

/** Its first state is where it starts. */
export const graph = (States: Record<string, object>) => ({ StartAt: Object.keys(States)[0], States });

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export async function deployMachine(
  definition: object,
  functions: Readonly<Record<string, TestFunction>> = {},
  properties: object = {},
): Promise<TestMachine> {
  const byArn = new Map(Object.entries(functions).map(([name, behaviour]) => [functionArn(name), behaviour]));
  const { listener, ...engines } = await startTestEngines(byArn);
  const client = new SFNClient({ ...clientSettings(listener.url), disableHostPrefix: true });
  open.push(async () => {
    client.destroy();
    await engines.stateMachines.halt();
    await listener.close();
  });
  const DefinitionString = JSON.stringify({ QueryLanguage: 'JSONata', ...definition });
  const Properties = { StateMachineName: 'subject', RoleArn: 'arn:role', DefinitionString, ...properties };
  const Resources = { Subject: { Type: 'AWS::StepFunctions::StateMachine', Properties } };
  const dynamoDb = { call: () => undefined };
  const cloud = { surroundings: { engines: { ...engines, dynamoDb } }, functions: byArn } as unknown as Cloud;
  await deploy(
    { stacks: [{ name: 'stack', template: { Resources } }], assets: new Map() },
    resourceTypes(cloud),
    () => '',
  );
  const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:subject';
  return { client, engines: { listener, ...engines }, arn, ...callsOf(client, arn) };
}

function callsOf(client: SFNClient, stateMachineArn: string) {
  const start = async (input: unknown = {}, name?: string) => {
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name });
    return (await client.send(command)).executionArn ?? '';
  };
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const ended = (executionArn: string) =>
    eventually(
      () => describe(executionArn),
      ({ status }) => status !== 'RUNNING',
    );
  const history = async (executionArn: string) => {
    const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
    return (await client.send(command)).events ?? [];
  };
  return { start, ended, run: async (input?: unknown) => ended(await start(input)), history };
}

export const outputOf = ({ output }: DescribeExecutionCommandOutput) => JSON.parse(output ?? 'null');
